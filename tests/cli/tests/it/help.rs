//! Every command's help, as a snapshot, with at least one example.
//! Never in a terminal, whose width would change the lines.

use crate::tool::Tool;

/// Every command, by its words.
const COMMANDS: &[&str] = &[
    "",
    "up",
    "component",
    "component new",
    "component build",
    "component inspect",
    "component push",
    "component pull",
    "component tags",
    "component sign",
    "component verify",
    "wit",
    "wit fetch",
    "wit publish",
    "config-map",
    "config-map delete",
    "config-map list",
    "config-map set",
    "key",
    "key generate",
    "secret",
    "secret delete",
    "secret list",
    "secret set",
    "registry",
    "registry serve",
    "registry gc",
    "pipeline",
    "pipeline check",
    "pipeline run",
    "run",
    "run list",
    "run show",
    "run logs",
    "run watch",
    "run cancel",
    "run retry",
    "train",
    "train run",
    "train list",
    "train show",
    "train watch",
    "train logs",
    "train stop",
    "train resume",
    "notebook",
    "notebook run",
    "notebook create",
    "notebook list",
    "notebook pause",
    "notebook resume",
    "notebook stop",
    "experiment",
    "experiment create",
    "experiment list",
    "experiment compare",
    "schedule",
    "schedule create",
    "schedule list",
    "schedule show",
    "schedule pause",
    "schedule resume",
    "schedule delete",
    "schedule next",
    "artifact",
    "artifact list",
    "artifact show",
    "artifact files",
    "artifact get",
    "artifact put",
    "artifact push",
    "artifact pull",
    "notebook",
    "notebook run",
    "notebook list",
    "notebook stop",
    "explain",
    "schema",
    "completions",
    "version",
];

#[test]
fn help_reads_as_before() {
    let tool = Tool::alone();
    for command in COMMANDS {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let help = tool.data(&arguments);
        let name = format!("help {command}").trim().replace(' ', "-");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, help);
        });
    }
}

#[test]
fn every_command_is_listed_here_and_has_an_example() {
    let tool = Tool::alone();
    for command in COMMANDS {
        let words: Vec<&str> = command.split_whitespace().collect();
        let help = tool.data(&[words.as_slice(), &["--help"]].concat());
        let below: Vec<&str> = subcommands(&help);
        for name in &below {
            let full = [words.as_slice(), &[*name]].concat().join(" ");
            assert!(COMMANDS.contains(&full.as_str()), "`{full}` has no snapshot");
        }
        assert!(!below.is_empty() || help.contains("Example"), "`{command}` has no example:\n{help}");
    }
}

/// The names under `Commands:`.
fn subcommands(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

#[test]
fn exit_codes_are_documented() {
    let help = Tool::alone().data(&["--help"]);
    for code in ["0", "1", "2", "3", "4", "130"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{code} "))), "{code}:\n{help}");
    }
}
