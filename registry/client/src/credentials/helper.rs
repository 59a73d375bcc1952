//! Credential helpers: programs that other tools keep secrets in, asked as Docker asks them.
//! Never starts a program that the credentials file does not name, and never waits for one without end.

use std::process::Stdio;
use std::time::Duration;

use oci_distribution::secrets::RegistryAuth;
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// Longest wait for a helper: it may ask its user for a password.
const HELPER_SECONDS_MAX: u64 = 60;
/// Most bytes of a helper's answer.
const ANSWER_BYTES_MAX: u64 = 64 << 10;
/// What a helper says where it has nothing, by the protocol's own library.
const NOT_FOUND: &str = "credentials not found in native keychain";
/// The user's name that stands for a token which has to be exchanged first.
const IDENTITY_TOKEN_USER: &str = "<token>";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks the helper `docker-credential-NAME` for a registry's credentials; none where it has none.
pub(super) async fn ask(name: &str, server: &str) -> Result<Option<RegistryAuth>, String> {
    // The name is part of a program's name and must not lead to another folder.
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err("it names a credential helper with characters that no program's name has".to_owned());
    }
    let program = format!("docker-credential-{name}");
    let limit = Duration::from_secs(HELPER_SECONDS_MAX);
    match tokio::time::timeout(limit, run(&program, server)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("{program} did not answer within {HELPER_SECONDS_MAX} s")),
    }
}

async fn run(program: &str, server: &str) -> Result<Option<RegistryAuth>, String> {
    let failed = |error: std::io::Error| format!("{program} cannot be run: {error}");
    let child = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = child.map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that ends without reading says so by its status.
        let _ = stdin.write_all(server.as_bytes()).await;
    }
    let mut answer = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(ANSWER_BYTES_MAX + 1).read_to_end(&mut answer).await.map_err(failed)?;
    }
    if answer.len() as u64 > ANSWER_BYTES_MAX {
        return Err(format!("{program} answers with more than {ANSWER_BYTES_MAX} bytes"));
    }
    let status = child.wait().await.map_err(failed)?;
    if !status.success() {
        // What it printed may quote a secret, so only the one known sentence is looked for.
        let nothing = String::from_utf8_lossy(&answer).contains(NOT_FOUND);
        return if nothing { Ok(None) } else { Err(format!("{program} failed ({status})")) };
    }
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|_| format!("{program} answers with something other than a user's name and a secret"))?;
    if answer.username == IDENTITY_TOKEN_USER {
        return Err(format!(
            "{program} has an identity token, which this client cannot exchange; log in with a password"
        ));
    }
    Ok(Some(RegistryAuth::Basic(answer.username, answer.secret)))
}

#[cfg(test)]
mod tests {
    //! Helpers are real programs here: small scripts.

    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    async fn answer_of(script: &str) -> Result<Option<RegistryAuth>, String> {
        let folder = tempfile::tempdir().unwrap();
        let (text, path) = (folder.path().join("script"), folder.path().join("docker-credential-test"));
        std::fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
        // Not written by this process: what another test starts at that moment would hold it open, and then nobody runs it.
        assert!(std::process::Command::new("cp").args([&text, &path]).status().unwrap().success());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        run(path.to_str().unwrap(), "ghcr.io").await
    }

    #[tokio::test]
    async fn a_helper_is_asked_for_the_registry_and_its_answer_is_taken() {
        let script = r#"[ "$1" = get ] && printf '{"ServerURL":"x","Username":"user","Secret":"%s"}' "$(cat)""#;
        let found = answer_of(script).await.unwrap();
        assert!(found == Some(RegistryAuth::Basic("user".to_owned(), "ghcr.io".to_owned())));
    }

    #[tokio::test]
    async fn a_helper_that_has_nothing_is_no_failure_and_others_are_named_without_secrets() {
        assert!(answer_of("echo 'credentials not found in native keychain'; exit 1").await.unwrap().is_none());
        let error = answer_of("echo 'secret'; exit 3").await.err().unwrap();
        assert!(error.contains("docker-credential-test failed") && !error.contains("secret"), "{error}");
        let error = answer_of("echo secret").await.err().unwrap();
        assert!(error.contains("something other") && !error.contains("secret "), "{error}");
        let error = answer_of(r#"echo '{"Username":"<token>","Secret":"s"}'"#).await.err().unwrap();
        assert!(error.contains("identity token"), "{error}");
        let error = answer_of("yes x | head -c 100000").await.err().unwrap();
        assert!(error.contains("65536 bytes"), "{error}");
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_refused_and_a_missing_program_is_named() {
        assert!(ask("../../bin/sh", "ghcr.io").await.is_err());
        assert!(ask("", "ghcr.io").await.is_err());
        let error = ask("no-such-helper-here", "ghcr.io").await.err().unwrap();
        assert!(error.starts_with("docker-credential-no-such-helper-here cannot be run"), "{error}");
    }
}
