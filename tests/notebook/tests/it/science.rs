//! The science kernel, where somebody has built it.
//! Never builds it, and never passes for want of it: that counts as skipped.

use tests_kit::{Server, guests};

use crate::hold_parts;

const REFERENCE: &str = concat!("sandmill/run-science:", env!("CARGO_PKG_VERSION"));

#[test]
fn the_science_kernel_is_a_kernel_like_any_other() {
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let Some(component) = guests::optional_component_path("run-science") else {
        return eprintln!("skipped: the optional science kernel is not built; `cargo xtask science-kernel` makes it");
    };
    let server = Server::start();
    let script = tests_notebook::script("science.py");
    hold_parts(&server.script(&python, &script, &["unlisted"]), &["unlisted"]);
    server.push_file(&component, REFERENCE);
    let said = server.script(&python, &script, &["pushed"]);
    hold_parts(&said, &["listed", "started", "second", "state", "live", "errors", "interrupt", "asked"]);
    hold_parts(
        &said,
        &["numpy", "pandas", "scipy", "forest", "platform", "plots", "paused", "files", "network", "door"],
    );
    hold_parts(&said, &["restart"]);
}
