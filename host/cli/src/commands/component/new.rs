//! `sandmill component new`: a crate that builds, tests and runs as it is.
//! Never writes over a folder that is there.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::printer::Printer;
use crate::trouble::{Outcome, Trouble};

/// The files of a new crate: name and text, with marks of the form `@MARK@`.
const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("new/Cargo.toml.template")),
    (".gitignore", "/target\n"),
    ("pipeline.yaml", include_str!("new/pipeline.yaml.template")),
    ("src/lib.rs", include_str!("new/lib.rs.template")),
    ("src/tests.rs", include_str!("new/tests.rs.template")),
];
/// Longest name, in characters: what every registry takes as a part of a repository.
const NAME_CHARACTERS_MAX: usize = 63;
/// Where the SDK lies in the source tree that this program was built from.
const SDK_IN_TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/guest");

/// Writes the crate, and prints its folder.
pub fn new(name: &str, into: &Path, sdk: Option<&Path>, printer: &Printer) -> Outcome {
    check_name(name)?;
    let sdk = sdk_folder(sdk)?;
    let folder = into.join(name);
    if folder.exists() {
        return Err(Trouble::usage(
            format!("{} exists already", folder.display()),
            "choose another name, or another folder with --into",
        ));
    }
    for (file, template) in FILES {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent).map_err(|error| Trouble::unwritable(parent, &error))?;
        std::fs::write(&path, fill(template, name, &sdk)).map_err(|error| Trouble::unwritable(&path, &error))?;
    }
    let crate_name = name.replace('-', "_");
    let built = format!("{}/target/wasm32-wasip2/release/{crate_name}.wasm", folder.display());
    printer.note(&format!(
        "next:\n  cd {} && cargo test\n  sandmill component build {0}\n  sandmill component push {built} examples/{name}:0.1.0\n  \
         sandmill pipeline run {0}/pipeline.yaml --watch --param text=@{0}/src/lib.rs",
        folder.display()
    ));
    printer.either(&json!({ "folder": folder }), || folder.display().to_string())
}

/// A name is a crate's, a WIT function's and a repository's at once.
fn check_name(name: &str) -> Outcome {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.len() <= NAME_CHARACTERS_MAX && name.split('-').all(is_word) && !is_keyword(name) {
        return Ok(());
    }
    Err(Trouble::usage(
        format!("`{name}` is no name for a component"),
        format!(
            "write a verb and a noun such as count-words: lower-case words joined by hyphens, each beginning with a \
             letter, at most {NAME_CHARACTERS_MAX} characters, no keyword of Rust"
        ),
    ))
}

fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 41] = [
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
        "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
        "static", "struct", "super", "test", "trait", "true", "try", "type", "unsafe", "use", "where", "while",
        "yield",
    ];
    KEYWORDS.contains(&name)
}

/// The SDK that the new crate depends on.
fn sdk_folder(given: Option<&Path>) -> Outcome<PathBuf> {
    let wanted = given.unwrap_or(Path::new(SDK_IN_TREE));
    match wanted.canonicalize() {
        Ok(folder) if folder.join("Cargo.toml").is_file() => Ok(folder),
        _ => Err(Trouble::usage(
            format!("the SDK is not in {}", wanted.display()),
            "name the folder sdk/guest of Sandmill's source with --sdk DIR or SANDMILL_SDK",
        )),
    }
}

fn fill(template: &str, name: &str, sdk: &Path) -> String {
    // As a basic string of TOML, whatever stands in the path.
    let sdk = sdk.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    template.replace("@NAME@", name).replace("@FUNCTION@", &name.replace('-', "_")).replace("@SDK@", &sdk)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use clap::Parser as _;

    use super::*;

    #[test]
    fn names_are_checked() {
        for name in ["count-words", "load", "train-v2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "Count", "count_words", "2a", "a-2", "match", "ä"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn no_mark_is_left_over() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = crate::args::Arguments::try_parse_from(["sandmill", "version", "--quiet"]).unwrap();
        let printer = Printer::new(&arguments.global);
        new("count-words", folder.path(), None, &printer).unwrap();
        for (file, _) in FILES {
            let text = std::fs::read_to_string(folder.path().join("count-words").join(file)).unwrap();
            assert!(!text.contains('@') || file == "pipeline.yaml", "{file}: {text}");
            assert!(!text.contains("@NAME@"), "{file}");
        }
        assert!(new("count-words", folder.path(), None, &printer).is_err(), "a folder is written over");
    }

    #[test]
    fn the_pipeline_of_a_new_crate_is_sound() {
        let (_, template) = FILES[2];
        sdk_spec::Pipeline::parse(&fill(template, "count-words", Path::new("/sdk"))).unwrap();
    }
}
