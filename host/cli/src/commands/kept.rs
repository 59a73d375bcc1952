//! `sandmill secret` and `sandmill config-map`: set, list, delete, in the node's own data folder.
//! Never prints a value, and never sends one anywhere: whoever may write the folder is who may set it.

use std::collections::BTreeMap;
use std::io::Read as _;

use host_base::{Code, Failure};
use host_node::{Kept, KeptSource};
use serde_json::json;

use super::up::absolute;
use crate::args::{ConfigMapCommand, DeleteArguments, KeptFolderArguments, SecretCommand, SetArguments};
use crate::printer::Printer;
use crate::settings::default_data_folder;
use crate::table::{Table, cell};
use crate::trouble::{Outcome, Trouble};

/// Carries a command about secrets out.
pub fn secret(command: SecretCommand, printer: &Printer) -> Outcome {
    match command {
        SecretCommand::Set(arguments) => set(arguments, KeptSource::Secret, printer),
        SecretCommand::List(folder) => list(folder, KeptSource::Secret, printer),
        SecretCommand::Delete(arguments) => delete(arguments, KeptSource::Secret, printer),
    }
}

/// Carries a command about config maps out.
pub fn config_map(command: ConfigMapCommand, printer: &Printer) -> Outcome {
    match command {
        ConfigMapCommand::Set(arguments) => set(arguments, KeptSource::ConfigMap, printer),
        ConfigMapCommand::List(folder) => list(folder, KeptSource::ConfigMap, printer),
        ConfigMapCommand::Delete(arguments) => delete(arguments, KeptSource::ConfigMap, printer),
    }
}

fn kept(folder: KeptFolderArguments) -> Outcome<Kept> {
    let folder = match folder.data {
        Some(folder) => absolute(&folder)?,
        None => default_data_folder()?,
    };
    Ok(Kept::under(&folder))
}

fn set(arguments: SetArguments, kind: fn(String) -> KeptSource, printer: &Printer) -> Outcome {
    let mut values = BTreeMap::new();
    for text in &arguments.values {
        let (key, value) = text.split_once('=').ok_or_else(|| {
            // The whole text may be a value that is not to be seen.
            Trouble::usage("a value stands without its key", "write KEY=VALUE, or KEY=@FILE")
        })?;
        values.insert(key.to_owned(), value_of(value)?);
    }
    kept(arguments.folder)?.set(&kind(arguments.name.clone()), &values)?;
    let keys: Vec<&String> = values.keys().collect();
    printer.either(&json!({ "name": arguments.name, "keys": keys }), || arguments.name.clone())
}

fn value_of(text: &str) -> Outcome<Vec<u8>> {
    match text.strip_prefix('@') {
        None => Ok(text.as_bytes().to_vec()),
        Some("-") => {
            let mut value = Vec::new();
            let limit = host_node::VALUE_BYTES_MAX as u64 + 1;
            std::io::stdin().lock().take(limit).read_to_end(&mut value).map_err(|error| {
                Trouble::usage(format!("stdin cannot be read: {error}"), "hand the value over as KEY=@FILE")
            })?;
            Ok(value)
        }
        Some(path) => {
            let path = std::path::Path::new(path);
            std::fs::read(path).map_err(|error| Trouble::unreadable(path, &error))
        }
    }
}

fn list(folder: KeptFolderArguments, kind: fn(String) -> KeptSource, printer: &Printer) -> Outcome {
    let all = kept(folder)?.list(kind)?;
    printer.either(&json!(all), || {
        let mut table = Table::new(&["NAME", "KEYS"]);
        for (name, keys) in &all {
            table.row(vec![cell(name), cell(keys.join(", "))]);
        }
        table.render(printer.colours)
    })
}

fn delete(arguments: DeleteArguments, kind: fn(String) -> KeptSource, printer: &Printer) -> Outcome {
    if kept(arguments.folder)?.delete(&kind(arguments.name.clone()))? {
        return printer.either(&json!({ "deleted": arguments.name }), || arguments.name.clone());
    }
    Err(Failure::new(Code::NotFound, format!("nothing of the name `{}` is kept", arguments.name))
        .with_hint("list what there is with `sandmill secret list` and `sandmill config-map list`")
        .into())
}
