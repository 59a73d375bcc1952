//! Steps of Python that fail: what is told, and whether it is tried again.
//! Never takes a failure for another one.

use crate::node::{Node, step};

/// A pipeline of `faults.py`, the code of its failure, what is told, and how many attempts there are.
const FAULTS: [(&str, &str, &str, u64); 9] = [
    ("raises", "SM0501", "ValueError: 7 is no number to divide by", 2),
    ("gives_up", "SM0501", "the sky is cloudy", 1),
    ("comes_again", "SM0501", "not yet", 2),
    (
        "returns_text",
        "SM0106",
        "function `returns_text`, result `output` wants s64, a whole number from -9223372036854775808 to 9223372036854775807, but got \"seven\" (a Python `str`)",
        1,
    ),
    ("returns_a_set", "SM0106", "function `returns_a_set`, result `output` wants list<s64>, but got a Python `set`", 1),
    ("returns_too_much", "SM0106", "result `output` at [1] wants s64", 1),
    ("returns_no_model", "SM0106", "result `output` wants model, but got a Python `Artifact`", 1),
    ("breaks_off", "SM0504", "function `breaks_off` ended the whole program before it returned", 2),
    ("looks_around", "SM0501", "FileNotFoundError", 2),
];

#[test]
fn each_failure_says_what_happened_and_where() {
    let node = match Node::start(&[]) {
        Ok(node) => node,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    for (name, code, message, attempts) in FAULTS {
        let run = node.run(&node.document("faults.py", name), &[]);
        let failed = step(&run, "fault");
        let told = &failed["failure"];
        assert_eq!((run["status"].as_str(), told["code"].as_str()), (Some("failed"), Some(code)), "{name}: {failed:#}");
        assert!(told["message"].as_str().unwrap().contains(message), "{name}: {failed:#}");
        assert_eq!(failed["attempts"].as_u64(), Some(attempts), "{name}: {failed:#}");
    }
    a_traceback_shows_the_lines_of_the_authors_own_text(&node);
}

fn a_traceback_shows_the_lines_of_the_authors_own_text(node: &Node) {
    node.run(&node.document("faults.py", "raises"), &[]);
    let log = node.said(&["run", "logs", "latest"]);
    for part in [
        "Traceback (most recent call last):",
        "in divide",
        "return 1 / (number - number)",
        "ZeroDivisionError",
        "in raises",
        "ValueError: 7 is no number to divide by",
    ] {
        assert!(log.contains(part), "`{part}` is not in\n{log}");
    }
    assert!(!log.contains("typed_step"), "a frame of the platform's own:\n{log}");
    let run = node.run(&node.document("faults.py", "gives_up"), &[]);
    assert_eq!(step(&run, "fault")["failure"]["hint"], "look again tomorrow", "{run:#}");
    let run = node.run(&node.document("faults.py", "leaves"), &[]);
    assert!(step(&run, "fault")["failure"]["message"].as_str().unwrap().contains("status"), "{run:#}");
}
