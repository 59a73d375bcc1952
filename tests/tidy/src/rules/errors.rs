//! Every error code is documented and used.
//! Never judges the words of a page beyond its first line.

use host_base::Code;

use crate::breach::Breach;
use crate::house::House;

const FOLDER: &str = "host/base/errors";
/// These name every code only to sort or describe them.
const SORTING: [&str; 4] = [
    "host/api/src/problem.rs",
    "host/base/src/error_pages.rs",
    "host/base/src/failure.rs",
    "host/pipeline/src/retry.rs",
];

/// One page per code, and no page without one.
#[must_use]
pub fn every_code_has_a_page(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for code in Code::ALL {
        let path = format!("{FOLDER}/{code}.md");
        let heading = format!("# {code}: {}\n", code.meaning());
        match house.file(&path) {
            None => breaches.push(Breach::new(path, "does not exist", "write it, and name it in error_pages.rs")),
            Some(page) if !page.text.starts_with(&heading) => {
                let remedy = format!("begin it with `{}`", heading.trim_end());
                breaches.push(Breach::new(path, "has another heading than the code's meaning", remedy));
            }
            Some(page) if !page.text.contains("\n## What to do next\n") => {
                breaches.push(Breach::new(path, "does not say what to do next", "add `## What to do next`"));
            }
            Some(_) => {}
        }
    }
    let known = |path: &str| Code::ALL.iter().any(|code| path == format!("{FOLDER}/{code}.md"));
    for page in house.files.iter().filter(|file| file.path.starts_with(FOLDER) && !known(&file.path)) {
        breaches.push(Breach::new(&page.path, "belongs to no code", "remove it; codes are never used again"));
    }
    breaches
}

/// A code that nothing reports is a promise that nothing keeps.
#[must_use]
pub fn every_code_is_reported_somewhere(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for code in Code::ALL {
        let name = format!("Code::{code:?}");
        let mut sources = house.rust().filter(|file| {
            !file.is_test() && !file.path.starts_with("tests/") && !SORTING.contains(&file.path.as_str())
        });
        let reports = |text: &str| {
            text.match_indices(&name).any(|(start, _)| {
                !text[start + name.len()..].chars().next().is_some_and(|next| next.is_ascii_alphanumeric())
            })
        };
        if !sources.any(|file| reports(&file.text)) {
            let remedy = format!("report `{name}` where it belongs, or remove it from host/base/src/failure.rs");
            breaches.push(Breach::new(code.as_str(), "is never reported", remedy));
        }
    }
    breaches
}
