//! A registry's words are tamed before they are shown.

use super::quoted;

#[test]
fn words_lose_control_characters_and_length() {
    assert_eq!(quoted("no\n such\t manifest "), "no such manifest");
    assert_eq!(quoted("\u{1b}[2Jgone"), "[2Jgone…");
    let long = quoted(&"é".repeat(1000));
    assert_eq!(long.chars().count(), 301);
    assert!(long.ends_with('…'));
}
