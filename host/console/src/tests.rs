//! Paths lead to files or to the one page; what the first load weighs.
//! Never starts a server.

#![expect(clippy::print_stderr, reason = "a test that is left out says why")]

use super::*;

/// What the first view may weigh, compressed: the page and everything that it loads before anything is asked for.
const FIRST_LOAD_BYTES_MAX: usize = 250 * 1024;

#[test]
fn addresses_of_views_lead_to_the_page_and_others_to_nothing() {
    for path in ["/", "/runs", "/runs/019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50", "/pipelines/a/edit"] {
        assert_eq!(find(path).map(|asset| asset.path), Some(INDEX), "{path}");
    }
    for path in ["/api/v1/nothing", "/apis/v2beta1/nothing", "/v2/", "/assets/nothing.js", "/runsx", "/../lib.rs"] {
        assert_eq!(find(path), None, "{path}");
    }
}

#[test]
fn only_hashed_names_are_kept_for_ever() {
    for asset in assets().iter().filter(|asset| asset.is_immutable()) {
        let stem = asset.path.rsplit('/').next().unwrap_or_default();
        assert!(stem.rsplit('-').next().is_some_and(|hash| hash.len() > 8), "{} has no hash", asset.path);
    }
    assert!(find("/").is_some_and(|index| !index.is_immutable()));
}

#[test]
fn the_pages_and_the_server_know_the_same_places() {
    let source = include_str!("../web/src/app/places.ts");
    let listed =
        source.split_once("PLACES = [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    let listed: Vec<&str> = listed.split('"').skip(1).step_by(2).collect();
    assert_eq!(listed, PLACES);
}

#[test]
fn the_first_load_stays_small() {
    if !is_built() {
        eprintln!("skipped: the console is not built; `cargo xtask test` builds it where there is Node");
        return;
    }
    let weight = |asset: &Asset| asset.gzip.unwrap_or(asset.plain).len();
    let index = find("/").map_or("", |asset| str::from_utf8(asset.plain).unwrap_or_default());
    let first: Vec<&Asset> =
        assets().iter().filter(|asset| asset.path == INDEX || index.contains(asset.path)).collect();
    let bytes: usize = first.iter().map(|asset| weight(asset)).sum();
    assert!(first.len() > 2, "the page loads nothing");
    assert!(bytes <= FIRST_LOAD_BYTES_MAX, "the first load weighs {bytes} bytes: load heavy parts on demand");
}

#[test]
fn the_page_carries_nothing_that_the_policy_forbids() {
    let index = find("/").map_or("", |asset| str::from_utf8(asset.plain).unwrap_or_default());
    assert!(!index.is_empty());
    for forbidden in ["<style", " style=", "onload=", "onclick=", "<script>"] {
        assert!(!index.contains(forbidden), "the page holds `{forbidden}`");
    }
}
