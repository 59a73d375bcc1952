//! Names are found between everything else, and damage ends the search and nothing besides.

use super::output_names;

/// A field that has a length of its own.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, u8::try_from(content.len()).expect("short")][..], content].concat()
}

fn model() -> Vec<u8> {
    let output = |name: &str| field(12, &[field(2, b"type"), field(1, name.as_bytes())].concat());
    let number = [3 << 3, 0xac, 0x02];
    let fixed = [&[4 << 3 | 1][..], &[0; 8], &[5 << 3 | 5], &[0; 4]].concat();
    let graph = [field(2, b"graph"), output("scores"), field(5, b"weights"), output("places")].concat();
    [&number[..], &fixed, &field(8, b"opset"), &field(7, &graph)].concat()
}

#[test]
fn names_are_found_in_order() {
    assert_eq!(output_names(&model()), ["scores", "places"]);
}

#[test]
fn damage_is_no_name() {
    let whole = model();
    for length in 0..whole.len() {
        assert!(output_names(&whole[..length]).len() <= 2);
    }
    assert!(output_names(&[0xff; 20]).is_empty(), "a number without an end");
    assert!(output_names(&[7 << 3 | 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]).is_empty());
}
