//! The grammar of references, by example and at random.
//! Never about types: a reference is a place, not a value.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::{Reference, Template, TemplatePart, escape, parse};

fn parameter(name: &str) -> Reference {
    Reference::Parameter(name.to_owned())
}

fn output(step: &str, output: &str) -> Reference {
    Reference::Output { step: step.to_owned(), output: output.to_owned() }
}

fn literal(text: &str) -> TemplatePart {
    TemplatePart::Literal(text.to_owned())
}

#[test]
fn what_is_read() {
    let check = |text: &str, expected: Template| assert_eq!(parse(text).unwrap(), expected, "{text}");
    check("plain", Template::Literal("plain".to_owned()));
    check("", Template::Literal(String::new()));
    check("5$ and $x and $", Template::Literal("5$ and $x and $".to_owned()));
    check("$${steps.a.b}", Template::Literal("${steps.a.b}".to_owned()));
    check("$$${x}", Template::Literal("$${x}".to_owned()));
    check("${parameters.rows}", Template::Reference(parameter("rows")));
    check("${ parameters.rows }", Template::Reference(parameter("rows")));
    check("${steps.train.model}", Template::Reference(output("train", "model")));
    check("${steps.render.report.html}", Template::Reference(output("render", "report.html")));
    check(
        "a ${steps.s.o}${parameters.p} b",
        Template::Mixed(vec![
            literal("a "),
            TemplatePart::Reference(output("s", "o")),
            TemplatePart::Reference(parameter("p")),
            literal(" b"),
        ]),
    );
    check("${parameters.p}$${", Template::Mixed(vec![TemplatePart::Reference(parameter("p")), literal("${")]));
}

#[test]
fn what_is_refused() {
    let check = |text: &str, problem: &str, hint: &str| {
        let error = parse(text).unwrap_err();
        assert_eq!((error.problem.as_str(), error.hint.as_str()), (problem, hint));
    };
    check("${", "`${` opens a reference that is not closed", "close it with }; a literal ${ is written $${");
    check(
        "a ${steps.x",
        "`${steps.x` opens a reference that is not closed",
        "close it with }; a literal ${ is written $${",
    );
    check("${steps.x}", "`${steps.x}` is no reference", "write ${steps.STEP.OUTPUT}");
    check("${steps.x.}", "`${steps.x.}` is no reference", "write ${steps.STEP.OUTPUT}");
    check("${parameters}", "`${parameters}` is no reference", "write ${parameters.NAME}");
    check("${parameters.a.b}", "`${parameters.a.b}` is no reference", "write ${parameters.NAME}");
    check("${step.x.y}", "`${step.x.y}` is no reference", "did you mean `steps`? A literal ${ is written $${");
    check(
        "${HOME}",
        "`${HOME}` is no reference",
        "write ${parameters.NAME} or ${steps.STEP.OUTPUT}; a literal ${ is written $${",
    );
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn braces_and_dollars_never_panic(text in "[${}a.-]{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn an_escaped_text_stands_for_itself(text in "[${}a-z.é]{0,40}") {
        prop_assert_eq!(parse(&escape(&text)), Ok(Template::Literal(text)));
    }

    #[test]
    fn what_is_shown_is_read_again(step in "[a-z][a-z0-9-]{0,20}", name in "[a-z][a-z0-9-]{0,20}") {
        let shown = output(&step, &name);
        prop_assert_eq!(parse(&shown.to_string()), Ok(Template::Reference(shown)));
        let shown = parameter(&name);
        prop_assert_eq!(parse(&shown.to_string()), Ok(Template::Reference(shown)));
    }
}
