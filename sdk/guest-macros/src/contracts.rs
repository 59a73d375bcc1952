//! The WIT packages of the house as one text, so that a component needs no `wit` folder of its own.
//! Never holds a copy: the files are the ones under `wit/`, taken in when this crate is compiled.

/// One WIT package: its name with the version, and its files.
pub(crate) struct Package {
    /// For example `sandmill:data@0.1.0`.
    pub(crate) name: &'static str,
    /// The text of every file of its folder.
    pub(crate) files: &'static [&'static str],
}

/// What a step's signature can refer to.
pub(crate) const PACKAGES: [Package; 2] = [
    Package {
        name: "sandmill:data@0.1.0",
        files: &[
            include_str!("../../../wit/data@0.1.0/artifacts.wit"),
            include_str!("../../../wit/data@0.1.0/data-sets.wit"),
            include_str!("../../../wit/data@0.1.0/metrics.wit"),
            include_str!("../../../wit/data@0.1.0/models.wit"),
            include_str!("../../../wit/data@0.1.0/types.wit"),
        ],
    },
    Package { name: "sandmill:step@0.1.0", files: &[include_str!("../../../wit/step@0.1.0/step.wit")] },
];

/// What a component exports to be trained.
pub(crate) const TRAIN: Package =
    Package { name: "sandmill:train@0.1.0", files: &[include_str!("../../../wit/train@0.1.0/train.wit")] };

/// All packages as nested packages of one WIT document.
pub(crate) fn nested_packages() -> String {
    nested_with(&[])
}

/// The same with others behind them.
pub(crate) fn nested_with(others: &[Package]) -> String {
    PACKAGES.iter().chain(others).map(nested_package).collect()
}

/// Takes the `package` line of the files out and puts a block around the rest. A documentation
/// comment of the package itself goes with its line.
fn nested_package(package: &Package) -> String {
    let mut text = format!("package {} {{\n", package.name);
    for file in package.files {
        match file.find("\npackage ").map(|start| start + 1).or_else(|| file.starts_with("package ").then_some(0)) {
            Some(start) => {
                let line_end = file[start..].find('\n').map_or(file.len(), |length| start + length);
                text.push_str(&file[line_end..]);
            }
            None => text.push_str(file),
        }
        text.push('\n');
    }
    text.push_str("}\n");
    text
}
