//! Which names are offered.
//! Never about where; every kind of name goes through the same function.

use super::nearest;

#[test]
fn offers_what_is_close() {
    let check = |name: &str, expected: Option<&str>| {
        assert_eq!(nearest(name, ["arguments", "after", "cache", "component", "retry"]), expected, "{name}");
    };
    check("argumens", Some("arguments"));
    check("Arguments", Some("arguments"));
    check("cahce", Some("cache"));
    check("compnent", Some("component"));
    check("image", None);
    check("", None);
    check(&"a".repeat(10_000), None);
}
