//! What the global arguments mean.
//! Never reads the environment behind clap's back, but for the user's data folder.

use std::env;
use std::path::PathBuf;

use host_client::{Address, Client};
use registry_client::ClientConfig;

use crate::args::{GlobalArguments, RegistriesArguments};
use crate::trouble::{Outcome, Trouble};

/// Resolved settings, the same for every command.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the server is.
    pub server: Address,
    /// What that server wants to see.
    pub token: Option<String>,
    /// How registries other than the node's own are reached.
    pub registries: ClientConfig,
}

impl Settings {
    /// Resolves the arguments: flags come before the environment, the environment before defaults.
    pub fn resolve(arguments: &GlobalArguments) -> Outcome<Self> {
        let server = arguments.server.parse().map_err(|error: host_client::AddressError| {
            Trouble::usage(
                format!("--server or SANDMILL_SERVER: {error}"),
                "write an address such as http://127.0.0.1:8080",
            )
        })?;
        let RegistriesArguments { plain_http_registry, tls_registry, registry_mirror, trust_ca } =
            arguments.registries.clone();
        let registries = ClientConfig {
            plain_http_hosts: plain_http_registry,
            tls_hosts: tls_registry,
            mirrors: registry_mirror,
            trusted_roots: trust_ca,
            ..ClientConfig::default()
        };
        Ok(Self { server, token: arguments.token.clone(), registries })
    }

    /// A client of the server.
    pub fn client(&self) -> Outcome<Client> {
        Ok(Client::with_token(self.server.clone(), self.token.as_deref())?)
    }
}

/// The folder in which a node keeps everything unless told otherwise.
pub fn default_data_folder() -> Outcome<PathBuf> {
    data_folder_from(env::var_os("XDG_DATA_HOME").map(PathBuf::from), env::home_dir())
        .ok_or_else(|| Trouble::usage("this user has no home folder to keep data in", "name a folder with --data DIR"))
}

/// The XDG base directory rules: a relative path in the variable is to be ignored.
fn data_folder_from(data_home: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let base = data_home.filter(|path| path.is_absolute());
    let base = base.or_else(|| Some(home.filter(|path| path.is_absolute())?.join(".local/share")))?;
    Some(base.join("sandmill"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_follows_the_xdg_rules() {
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(data_folder_from(path("/data"), path("/home/me")), path("/data/sandmill"));
        assert_eq!(data_folder_from(None, path("/home/me")), path("/home/me/.local/share/sandmill"));
        assert_eq!(data_folder_from(path("relative"), path("/home/me")), path("/home/me/.local/share/sandmill"));
        assert_eq!(data_folder_from(None, None), None);
    }
}
