//! Manifests: names by place, lints and dependencies inherited.
//! Never parses more of a manifest than it has to.

use toml::{Table, Value};

use crate::breach::Breach;
use crate::house::{House, Package};

/// The name of the crate in a folder: rooms and folder joined, and `component-` for built-in guests.
fn name_of(folder: &str) -> String {
    folder.replace('/', "-").replace("components-", "component-")
}

/// A crate is named after its folder, but for one that takes the place of another.
#[must_use]
pub fn crates_are_named_after_their_folder(house: &House) -> Vec<Breach> {
    let wrong = |package: &&Package| {
        let folder = house.folder(package);
        package.name != name_of(&folder) && !house.levels.stand_ins.contains_key(&folder)
    };
    let breach = |package: &Package| {
        let folder = house.folder(package);
        Breach::new(folder.clone(), format!("is named {}", package.name), format!("name it {}", name_of(&folder)))
    };
    house.packages.iter().filter(wrong).map(breach).collect()
}

fn manifests(house: &House) -> impl Iterator<Item = (String, Table)> {
    house.packages.iter().map(|package| {
        let path = format!("{}/Cargo.toml", house.folder(package));
        let table = house.file(&path).map(|file| file.text.parse()).and_then(Result::ok);
        (path, table.unwrap_or_default())
    })
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

/// Lints and package fields come from the workspace, and the crate says what it is.
#[must_use]
pub fn manifests_inherit(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (path, manifest) in manifests(house) {
        if !inherits(manifest.get("lints")) {
            breaches.push(Breach::new(&path, "does not inherit the lints", "add `[lints]` with `workspace = true`"));
        }
        let package = manifest.get("package");
        for field in ["version", "edition", "rust-version", "license", "publish"] {
            let stands_in = house.levels.stand_ins.keys().any(|folder| path == format!("{folder}/Cargo.toml"));
            let is_its_own = stands_in && field == "version";
            if !is_its_own && !inherits(package.and_then(|package| package.get(field))) {
                let remedy = format!("write `{field}.workspace = true`");
                breaches.push(Breach::new(&path, format!("sets its own {field}"), remedy));
            }
        }
        if package.and_then(|package| package.get("description")).is_none() {
            breaches.push(Breach::new(&path, "does not say what the crate is", "add a `description` of one line"));
        }
    }
    breaches
}

fn tables<'manifest>(manifest: &'manifest Table, kind: &str) -> Vec<&'manifest Table> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let nested = targets.into_iter().flat_map(|targets| targets.values()).filter_map(|target| target.get(kind));
    manifest.get(kind).into_iter().chain(nested).filter_map(Value::as_table).collect()
}

/// Every dependency's version stands once, in the workspace's manifest.
#[must_use]
pub fn dependencies_are_inherited(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (path, manifest) in manifests(house) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in tables(&manifest, kind).into_iter().flatten() {
                if !inherits(Some(value)) {
                    let remedy = "put it into [workspace.dependencies] and write `workspace = true` here";
                    breaches.push(Breach::new(&path, format!("sets its own version of {name}"), remedy));
                }
            }
        }
    }
    breaches
}

/// Nothing stands in the workspace's dependencies that no crate uses.
#[must_use]
pub fn workspace_dependencies_are_used(house: &House) -> Vec<Breach> {
    let Some(root) = house.file("Cargo.toml").and_then(|file| file.text.parse::<Table>().ok()) else {
        return vec![Breach::new("Cargo.toml", "cannot be read", "mend its syntax")];
    };
    let offered = root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let manifests: Vec<(String, Table)> = manifests(house).collect();
    let used = |name: &str| {
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let mut all = manifests.iter().flat_map(|(_, manifest)| kinds.iter().flat_map(|kind| tables(manifest, kind)));
        all.any(|table| table.contains_key(name))
    };
    offered
        .into_iter()
        .flat_map(Table::keys)
        .filter(|name| !used(name))
        .map(|name| Breach::new("Cargo.toml", format!("offers {name}, which no crate uses"), "remove it"))
        .collect()
}
