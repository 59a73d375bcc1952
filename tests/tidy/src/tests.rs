//! One test per rule against the tree, and each rule against a small tree that breaks it.

use crate::breach::{Breach, expect_none};
use crate::house::{Dependency, House, Package, TextFile};
use crate::rules::{arrows, contracts, documents, errors, functions, manifests, purity, sources, tree};

macro_rules! rules {
    ($($module:ident :: $rule:ident,)+) => {
        $(
            #[test]
            fn $rule() {
                expect_none(&$module::$rule(House::here()));
            }
        )+
    };
}

rules! {
    arrows::every_crate_has_a_level,
    arrows::imports_point_downward,
    arrows::rooms_that_never_meet_do_not,
    arrows::outside_crates_stay_fenced,
    arrows::levels_name_only_what_exists,
    manifests::crates_are_named_after_their_folder,
    manifests::manifests_inherit,
    manifests::dependencies_are_inherited,
    manifests::workspace_dependencies_are_used,
    purity::deciding_rooms_use_no_io_crate,
    purity::deciding_rooms_do_no_io,
    purity::the_time_of_day_is_read_in_one_place,
    sources::files_say_what_they_are,
    sources::pages_say_what_they_are,
    sources::files_stay_short,
    sources::every_file_belongs_to_a_module,
    sources::nothing_is_left_undone,
    sources::ignored_tests_say_why,
    sources::unsafe_code_stays_in_named_files,
    sources::no_path_of_a_developers_machine,
    functions::functions_stay_short,
    tree::the_top_level_is_fixed,
    tree::no_room_is_empty,
    documents::documents_name_paths_that_exist,
    documents::invariants_name_tests_that_exist,
    errors::every_code_has_a_page,
    errors::every_code_is_reported_somewhere,
    contracts::released_packages_never_change,
    contracts::every_interface_has_a_capability_and_a_program,
    contracts::every_program_is_run_by_a_test,
}

/// A house with the real rules and a made-up tree.
fn made_up(packages: &[(&str, &str, &[&str])], files: &[(&str, &str)]) -> House {
    let root = std::path::PathBuf::from("made-up");
    let dependency = |name: &&str| {
        let (name, kind) = name.strip_prefix("dev:").map_or((*name, None), |name| (name, Some("dev".to_owned())));
        Dependency { name: name.to_owned(), kind, path: None }
    };
    let packages = packages.iter().map(|(name, folder, dependencies)| Package {
        name: (*name).to_owned(),
        description: None,
        manifest_path: root.join(folder).join("Cargo.toml"),
        dependencies: dependencies.iter().map(dependency).collect(),
    });
    let files = files.iter().map(|(path, text)| TextFile { path: (*path).to_owned(), text: (*text).to_owned() });
    let levels = toml::from_str(include_str!("../levels.toml")).unwrap_or_else(|error| panic!("{error}"));
    House { packages: packages.collect(), files: files.collect(), root, levels }
}

/// The places where a rule found something.
fn places(breaches: &[Breach]) -> Vec<&str> {
    breaches.iter().map(|breach| breach.place.as_str()).collect()
}

#[test]
fn wrong_arrows_are_found() {
    let house = made_up(
        &[
            ("host-base", "host/base", &[]),
            ("host-pipeline", "host/pipeline", &["host-base", "host-runtime"]),
            ("host-runtime", "host/runtime", &["host-base", "host-executor", "wasmtime"]),
            ("host-cap-data", "host/cap-data", &["host-runtime", "dev:tests-kit"]),
            ("host-executor", "host/executor", &["host-pipeline", "host-runtime", "wasmtime", "rusqlite"]),
            ("sdk-guest", "sdk/guest", &["host-base"]),
            ("tests-kit", "tests/kit", &["host-runtime"]),
            ("tests-registry", "tests/registry", &["axum", "dev:wasmtime-wasi"]),
            ("nobody", "host/nobody", &[]),
        ],
        &[],
    );
    assert_eq!(places(&arrows::every_crate_has_a_level(&house)), ["nobody"]);
    assert_eq!(places(&arrows::imports_point_downward(&house)), ["host-pipeline", "host-runtime", "sdk-guest"]);
    assert_eq!(places(&arrows::rooms_that_never_meet_do_not(&house)), ["sdk-guest"]);
    assert_eq!(
        places(&arrows::outside_crates_stay_fenced(&house)),
        ["host-executor", "host-executor", "tests-registry"]
    );
    assert!(!arrows::levels_name_only_what_exists(&house).is_empty());
}

#[test]
fn wrong_manifests_are_found() {
    let good = "[package]\nname = \"x\"\ndescription = \"x\"\nversion.workspace = true\nedition.workspace = true\n\
                rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
                [lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n";
    let bad = "[package]\nname = \"y\"\nversion = \"1.0.0\"\nedition.workspace = true\nrust-version.workspace = true\n\
               license.workspace = true\npublish.workspace = true\n\
               [target.'cfg(unix)'.dev-dependencies]\nserde = \"1\"\n";
    let house = made_up(
        &[
            ("host-good", "host/good", &[]),
            ("bad", "host/bad", &[]),
            ("component-read-csv", "components/read-csv", &[]),
        ],
        &[
            ("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\nunused = \"1\"\n"),
            ("host/good/Cargo.toml", good),
            ("host/bad/Cargo.toml", bad),
            ("components/read-csv/Cargo.toml", good),
        ],
    );
    assert_eq!(places(&manifests::crates_are_named_after_their_folder(&house)), ["host/bad"]);
    assert_eq!(places(&manifests::manifests_inherit(&house)), ["host/bad/Cargo.toml"; 3]);
    assert_eq!(places(&manifests::dependencies_are_inherited(&house)), ["host/bad/Cargo.toml"]);
    let unused = manifests::workspace_dependencies_are_used(&house);
    assert!(unused.len() == 1 && unused[0].problem.contains("unused"), "{unused:?}");
}

#[test]
fn impure_deciders_are_found() {
    let house = made_up(
        &[("host-pipeline", "host/pipeline", &["tokio", "dev:tempfile"]), ("host-node", "host/node", &["tokio"])],
        &[
            ("host/pipeline/src/advance.rs", "//! x\nfn a() {\n    std::fs::read(\"x\");\n}\n// std::fs in words\n"),
            ("host/pipeline/src/tests.rs", "//! x\nuse std::fs;\n"),
            ("host/node/src/node.rs", "//! x\nlet now = SystemTime::now();\n"),
        ],
    );
    assert_eq!(places(&purity::deciding_rooms_use_no_io_crate(&house)), ["host-pipeline"]);
    assert_eq!(places(&purity::deciding_rooms_do_no_io(&house)), ["host/pipeline/src/advance.rs:3"]);
    assert_eq!(places(&purity::the_time_of_day_is_read_in_one_place(&house)), ["host/node/src/node.rs:2"]);
}

#[test]
fn untidy_sources_are_found() {
    let undone = format!("//! x\n// {}DO: later\nlet mask = XXXL;\n{}!()\n", "TO", "todo");
    let ignored = format!("//! x\n#[{}]\nfn test() {{}}\n", "ignore");
    let opted_out = format!("//! x\n#![allow({}_code)]\n", "unsafe");
    let machine = format!("see /{}/someone/notes\n", "home");
    let made_up_value = format!("//! x\nlet home = \"/{0}/me\";\n// as in /{0}/me/notes\n", "home");
    let house = made_up(
        &[],
        &[
            ("host/x/src/lib.rs", "//! x\nmod named;\n"),
            ("host/x/src/named.rs", "// no header\n"),
            ("host/x/src/orphan.rs", &format!("//! x\n{}", "\n".repeat(900))),
            ("host/x/src/undone.rs", &undone),
            ("host/x/src/named/mod.rs", &ignored),
            ("host/x/src/named/deep.rs", &opted_out),
            ("host/x/README.md", &machine),
            ("host/x/src/main.rs", &made_up_value),
            ("host/console/web/src/silent.ts", "// What it is.\nexport {};\n"),
            ("host/console/web/src/said.css", "/* What it is.\n   Never more. */\n"),
        ],
    );
    assert_eq!(places(&sources::files_say_what_they_are(&house)), ["host/x/src/named.rs:1"]);
    assert_eq!(places(&sources::pages_say_what_they_are(&house)), ["host/console/web/src/silent.ts:1"]);
    assert_eq!(places(&sources::files_stay_short(&house)), ["host/x/src/orphan.rs"]);
    assert_eq!(
        places(&sources::every_file_belongs_to_a_module(&house)),
        ["host/x/src/orphan.rs", "host/x/src/undone.rs", "host/x/src/named/mod.rs", "host/x/src/named/deep.rs"]
    );
    assert_eq!(places(&sources::nothing_is_left_undone(&house)), ["host/x/src/undone.rs:2", "host/x/src/undone.rs:4"]);
    assert_eq!(places(&sources::ignored_tests_say_why(&house)), ["host/x/src/named/mod.rs:2"]);
    let opted_out = sources::unsafe_code_stays_in_named_files(&house);
    assert!(places(&opted_out).contains(&"host/x/src/named/deep.rs:2"), "{opted_out:?}");
    let machines = sources::no_path_of_a_developers_machine(&house);
    assert_eq!(places(&machines), ["host/x/README.md:1", "host/x/src/main.rs:3"]);
}

#[test]
fn functions_are_measured() {
    let body = "    let a = 1;\n".repeat(functions::LINES_MAX - 2);
    let text = format!(
        "//! x\n/// words\nfn fits() {{\n{body}}}\nimpl A {{\n    /// words\n    #[must_use]\n    fn long(\n        &self,\n    ) {{\n{body}}}\n}}\n"
    );
    let found = functions::functions(&text).unwrap_or_default();
    let told: Vec<(&str, usize, usize)> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
    assert_eq!(told, [("fits", 3, 70), ("long", 76, 72)]);
    let house = made_up(&[], &[("host/x/src/lib.rs", &text), ("host/x/src/broken.rs", "fn {")]);
    let breaches = functions::functions_stay_short(&house);
    assert!(places(&breaches).contains(&"host/x/src/lib.rs:76"), "{breaches:?}");
    assert!(places(&breaches).contains(&"host/x/src/broken.rs"), "{breaches:?}");
}

#[test]
fn undocumented_codes_and_programs_without_a_test_are_found() {
    let house = made_up(
        &[],
        &[
            ("host/base/errors/SM0101.md", "# SM0101: something else\n"),
            ("host/base/errors/SM9999.md", "# SM9999: nothing\n"),
            ("host/x/src/lib.rs", "//! x\nlet code = Code::TrapDoor;\nlet code = Code::Cycle;\n"),
            ("tests/programs/examples/sleep.rs", "//! x\n"),
            ("tests/programs/examples/echo.rs", "//! x\n"),
            ("tests/capabilities/tests/it.rs", "//! x\nrun(\"echo\")\n"),
            ("wit/data@0.1.0/a.wit", "package x;\ninterface types {\n}\n"),
        ],
    );
    let pages = errors::every_code_has_a_page(&house);
    assert_eq!(pages.len(), host_base::Code::ALL.len() + 1, "every page is missing or wrong, and one is too many");
    let unused = errors::every_code_is_reported_somewhere(&house);
    assert_eq!(unused.len(), host_base::Code::ALL.len() - 1, "only SM0105 is reported");
    assert_eq!(places(&contracts::every_program_is_run_by_a_test(&house)), ["tests/programs/examples/sleep.rs"]);
    assert_eq!(places(&contracts::every_interface_has_a_capability_and_a_program(&house)), ["wit/README.md"]);
}

#[test]
fn documents_that_name_what_is_gone_are_found() {
    let text = "# A\n`host/gone/src/lib.rs` and `host/NOUN/src/lib.rs`\n```text\n`host/fenced/x.rs`\n```\n\
                | x | `a_test_that_is_gone`, `a_test_that_is_there` |\n";
    let house = made_up(
        &[("host-empty", "host/empty", &[])],
        &[
            ("ARCHITECTURE.md", text),
            ("host/x/src/tests.rs", "//! x\nfn a_test_that_is_there() {}\n"),
            ("host/empty/src/lib.rs", "//! Nothing yet.\n\n// nothing\n"),
        ],
    );
    assert_eq!(places(&documents::documents_name_paths_that_exist(&house)), ["ARCHITECTURE.md:2"]);
    assert_eq!(places(&documents::invariants_name_tests_that_exist(&house)), ["ARCHITECTURE.md:6"]);
    assert_eq!(places(&tree::no_room_is_empty(&house)), ["host/empty/"]);
}
