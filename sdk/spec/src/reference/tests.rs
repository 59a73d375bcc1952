//! References, as rows.

use super::*;

fn literal(text: &str) -> Part {
    Part::Literal(text.to_owned())
}

fn parameter(name: &str) -> Part {
    Part::Parameter(name.to_owned())
}

fn output(step: &str, output: &str) -> Part {
    Part::Output { step: step.to_owned(), output: output.to_owned() }
}

#[test]
fn texts_come_apart() {
    let rows = [
        ("", vec![literal("")]),
        ("plain $5 {x}", vec![literal("plain $5 {x}")]),
        ("${parameters.a-b}", vec![parameter("a-b")]),
        ("${ steps.train.model }", vec![output("train", "model")]),
        (
            "a ${parameters.x}/${steps.s.o} z",
            vec![literal("a "), parameter("x"), literal("/"), output("s", "o"), literal(" z")],
        ),
        ("$${parameters.x}", vec![literal("${parameters.x}")]),
        ("cost: $${x} and ${parameters.y}", vec![literal("cost: ${x} and "), parameter("y")]),
        ("${parameters.x}${parameters.y}", vec![parameter("x"), parameter("y")]),
    ];
    for (text, expected) in rows {
        assert_eq!(parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_reference_is_named() {
    let rows = [
        ("${parameters.x", "`${parameters.x` has no closing brace"),
        ("${parameter.x}", "`${parameter.x}` is no reference"),
        ("${steps.train}", "`${steps.train}` is no reference"),
        ("${}", "`${}` is no reference"),
        ("${steps..model}", "`${steps..model}` is no reference"),
    ];
    for (text, expected) in rows {
        assert_eq!(parse(text).map_err(|error| error.to_string()), Err(expected.to_owned()), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[${}.a-z\u{e9} ]{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn a_text_without_dollars_stays_as_it_is(text in "[^$]{0,40}") {
        proptest::prop_assert_eq!(parse(&text), Ok(vec![Part::Literal(text)]));
    }
}
