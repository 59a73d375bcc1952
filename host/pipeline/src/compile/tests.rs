//! Documents in, plans or problems out; each problem as it is shown.
//! Never resolves a component: the few there are stand below.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use host_base::{ArtifactKind, ArtifactRef, FunctionSignature, NamedType, ValueType};
use registry_oci::Digest;
use serde_json::json;

use super::*;
use crate::{Argument, TextPart};

fn named(names: &[(&str, ValueType)]) -> Vec<NamedType> {
    let named =
        |(name, value_type): &(&str, ValueType)| NamedType { name: (*name).to_owned(), value_type: value_type.clone() };
    names.iter().map(named).collect()
}

fn function(name: &str, parameters: &[(&str, ValueType)], outputs: &[(&str, ValueType)]) -> FunctionSignature {
    FunctionSignature { name: name.to_owned(), parameters: named(parameters), outputs: named(outputs), fallible: true }
}

fn component(reference: &str, functions: &[FunctionSignature], command: bool) -> (String, ResolvedComponent) {
    let id = ComponentId {
        reference: reference.to_owned(),
        manifest: Digest::sha256(b"manifest"),
        digest: Digest::sha256(reference.as_bytes()),
        signer: None,
    };
    let interface = ComponentInterface { functions: functions.to_vec(), command, ..ComponentInterface::default() };
    (reference.to_owned(), ResolvedComponent { id, interface })
}

fn components() -> BTreeMap<String, ResolvedComponent> {
    use ValueType as T;
    let option = |inner: T| T::Option(Box::new(inner));
    let data_set = T::Artifact(ArtifactKind::DataSet);
    let model = T::Artifact(ArtifactKind::Model);
    let layer = T::Record(named(&[("width", T::U16), ("name", option(T::String))]));
    BTreeMap::from([
        component(
            "load:1",
            &[function("load", &[("path", T::String)], &[("table", data_set.clone()), ("rows", T::U64)])],
            false,
        ),
        component(
            "train:1",
            &[function(
                "train",
                &[
                    ("table", data_set.clone()),
                    ("depth", T::U8),
                    ("rate", option(T::F64)),
                    ("layers", option(T::List(Box::new(layer)))),
                ],
                &[("model", model.clone()), ("loss", T::F64), ("note", option(T::String))],
            )],
            false,
        ),
        component(
            "evaluate:1",
            &[
                function("evaluate", &[("model", model), ("table", data_set)], &[("accuracy", T::F64)]),
                function("explain", &[("text", T::String), ("name", option(T::String))], &[("output", T::String)]),
                function("archive", &[("file", T::Artifact(ArtifactKind::Artifact))], &[]),
            ],
            false,
        ),
        component("report:1", &[], true),
        component(
            "words:1",
            &[
                function("team:text/words@1.0.0#count", &[], &[]),
                function("team:text/words@1.0.0#sort", &[], &[]),
                function("team:text/lines@1.0.0#sort", &[], &[]),
            ],
            false,
        ),
        component("empty:1", &[], false),
    ])
}

const LOAD: &str = "load: {component: 'load:1', arguments: {path: x.csv}}\n";
const TRAIN: &str = "train: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: 3}}\n";

fn document(parameters: &str, steps: &[&str]) -> Pipeline {
    let steps: String = steps.iter().flat_map(|step| step.lines()).map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{name: sample}}\nspec:\n  parameters: {{{parameters}}}\n  steps:\n{steps}"
    );
    Pipeline::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What is said of a document whose parameters are not given.
fn problems(parameters: &str, steps: &[&str]) -> Vec<String> {
    match super::check(&document(parameters, steps), &components(), &Limits::default()) {
        Ok(_) => Vec::new(),
        Err(failures) => failures.iter().map(ToString::to_string).collect(),
    }
}

fn check(parameters: &str, steps: &[&str], expected: &[&str]) {
    assert_eq!(problems(parameters, steps), expected, "{steps:#?}");
}

fn plan(parameters: &str, steps: &[&str], given: &[(&str, Value)]) -> Result<Plan, Vec<String>> {
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    compile(&document(parameters, steps), &components(), &given, &Limits::default())
        .map_err(|failures| failures.iter().map(ToString::to_string).collect())
}

fn arguments(plan: &Plan, step: &str) -> Vec<Argument> {
    match &plan.step(&StepName::from(step)).unwrap().call {
        Call::Function { arguments, .. } => arguments.clone(),
        Call::Command { args, .. } => args.clone(),
        Call::Python(call) => call.arguments.clone(),
        Call::Kfp(_) | Call::Import(_) => panic!("no document of ours makes such a call"),
    }
}

fn value(json: serde_json::Value) -> Argument {
    Argument::Value(Value::Plain(json))
}

fn output(step: &str, output: &str) -> Argument {
    Argument::Output { step: StepName::from(step), output: output.to_owned() }
}

#[test]
fn a_sound_pipeline_becomes_a_plan() {
    let plan = plan(
        "depth: {type: integer, default: 4}, tag: {type: string}",
        &[
            LOAD,
            "train: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: '${parameters.depth}', rate: '${steps.load.rows}'}}",
        ],
        &[("tag", Value::Plain(json!("x")))],
    );
    // u64 does not fit f64 without loss, so the rate is refused; without it the plan is made.
    assert_eq!(
        plan.unwrap_err(),
        ["SM0106: step `train`, argument `rate` wants option<f64>, but `${steps.load.rows}` is u64",]
    );
    let plan = self::plan("depth: {type: integer, default: 4}", &[
        LOAD,
        "train: {component: 'train:1', after: [load], arguments: {table: '${steps.load.table}', depth: '${parameters.depth}'}}",
        "explain: {component: 'evaluate:1', function: explain, arguments: {text: 'loss ${steps.train.loss} at depth ${parameters.depth} of $${x}'}}",
    ], &[]).unwrap();
    assert_eq!(plan.parameters, BTreeMap::from([("depth".to_owned(), Value::Plain(json!(4)))]));
    assert_eq!(
        arguments(&plan, "train"),
        [output("load", "table"), value(json!(4)), value(json!(null)), value(json!(null))]
    );
    assert_eq!(plan.graph.task(&StepName::from("train")).unwrap().needs, BTreeSet::from([StepName::from("load")]));
    let text = Argument::Text(vec![
        TextPart::Literal("loss ".to_owned()),
        TextPart::Output { step: StepName::from("train"), output: "loss".to_owned() },
        TextPart::Literal(" at depth 4 of ${x}".to_owned()),
    ]);
    assert_eq!(arguments(&plan, "explain"), [text, value(json!(null))]);
}

#[test]
fn a_plan_survives_being_written_down() {
    let plan = plan("", &[LOAD, TRAIN], &[]).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
}

#[test]
fn references_inside_lists_and_objects_are_followed() {
    let parameters = "width: {type: integer, default: 8}";
    let step = "train: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: 3, layers: [{width: '${parameters.width}', name: 'a ${parameters.width}'}, {width: 2, name: '${steps.other.note}'}]}}";
    let other = "other: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: 1}}";
    let plan = plan(parameters, &[LOAD, other, step], &[]).unwrap();
    let layer = Argument::Object(BTreeMap::from([
        ("width".to_owned(), value(json!(2))),
        ("name".to_owned(), output("other", "note")),
    ]));
    let first = value(json!({"name": "a 8", "width": 8}));
    assert_eq!(arguments(&plan, "train")[3], Argument::List(vec![first, layer]));
    assert!(plan.graph.task(&StepName::from("train")).unwrap().needs.contains(&StepName::from("other")));
}

#[test]
fn a_constant_list_of_parameters_is_a_value() {
    let step = "train: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: 3, layers: [{width: '${parameters.width}'}]}}";
    let plan = plan("width: {type: integer}", &[LOAD, step], &[("width", Value::Plain(json!(9)))]).unwrap();
    assert_eq!(arguments(&plan, "train")[3], value(json!([{"width": 9}])));
}

#[test]
fn edges_of_the_wrong_type_name_both_ends() {
    let check_train = |arguments: &str, expected: &[&str]| {
        let train = format!("train: {{component: 'train:1', arguments: {{{arguments}}}}}");
        let evaluate = "evaluate: {component: 'evaluate:1', function: evaluate, arguments: {model: '${steps.other.model}', table: '${steps.load.table}'}}";
        let other = "other: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: 1}}";
        check(
            "rate: {type: number}, name: {type: string}, data: {type: data-set}",
            &[LOAD, other, evaluate, &train],
            expected,
        );
    };
    check_train("table: '${steps.load.table}', depth: 255, rate: 0.5", &[]);
    check_train("table: '${parameters.data}', depth: 3.0, rate: '${parameters.rate}'", &[]);
    check_train(
        "table: '${steps.evaluate.accuracy}', depth: 1",
        &["SM0106: step `train`, argument `table` wants data-set, but `${steps.evaluate.accuracy}` is f64"],
    );
    check_train(
        "table: '${steps.other.model}', depth: 1",
        &["SM0106: step `train`, argument `table` wants data-set, but `${steps.other.model}` is model"],
    );
    check_train(
        "table: x.csv, depth: 1",
        &[
            "SM0106: step `train`, argument `table` wants data-set, but got \"x.csv\" (an artifact is made by a step or given as a parameter: ${steps.STEP.OUTPUT}, ${parameters.NAME})",
        ],
    );
    check_train(
        "table: '${steps.load.table}', depth: 256",
        &["SM0106: step `train`, argument `depth` wants u8, a whole number from 0 to 255, but got 256"],
    );
    check_train(
        "table: '${steps.load.table}', depth: '${parameters.rate}'",
        &[
            "SM0106: step `train`, argument `depth` wants u8, a whole number from 0 to 255, but `${parameters.rate}` is number",
        ],
    );
    check_train(
        "table: '${steps.load.table}', depth: '${steps.load.rows}'",
        &[
            "SM0106: step `train`, argument `depth` wants u8, a whole number from 0 to 255, but `${steps.load.rows}` is u64",
        ],
    );
    check_train(
        "table: '${steps.load.table}', depth: 1, layers: [{width: 1}, {width: 70000}]",
        &[
            "SM0106: step `train`, argument `layers` at [1].width wants u16, a whole number from 0 to 65535, but got 70000",
        ],
    );
    check_train(
        "table: '${steps.load.table}', depth: 1, layers: [{widht: 1}]",
        &["SM0106: step `train`, argument `layers` at [0] has no field `widht` (did you mean `width`?)"],
    );
    check_train(
        "table: '${steps.load.table}', depth: 1, layers: [{name: '${parameters.name}'}]",
        &["SM0106: step `train`, argument `layers` at [0] lacks the field `width` (u16)"],
    );
    check_train(
        "table: '${steps.load.table}', depth: 1, layers: [{width: '${steps.load.table}'}]",
        &[
            "SM0106: step `train`, argument `layers` at [0].width stands in a list or an object, which holds plain values, but `${steps.load.table}` is data-set",
        ],
    );
}

#[test]
fn any_artifact_is_a_file_and_a_file_is_no_table() {
    check(
        "",
        &[LOAD, "archive: {component: 'evaluate:1', function: archive, arguments: {file: '${steps.load.table}'}}"],
        &[],
    );
    check(
        "file: {type: artifact}",
        &["train: {component: 'train:1', arguments: {table: '${parameters.file}', depth: 3}}"],
        &["SM0106: step `train`, argument `table` wants data-set, but `${parameters.file}` is artifact"],
    );
}

#[test]
fn text_holds_everything_but_artifacts() {
    check(
        "",
        &[LOAD, "explain: {component: 'evaluate:1', function: explain, arguments: {text: 'rows: ${steps.load.rows}'}}"],
        &[],
    );
    check(
        "",
        &[LOAD, "explain: {component: 'evaluate:1', function: explain, arguments: {text: 'see ${steps.load.table}'}}"],
        &[
            "SM0106: step `explain`, argument `text` is text, but `${steps.load.table}` is data-set (an artifact cannot be filled into text: make the reference the whole value)",
        ],
    );
    check(
        "",
        &[LOAD, "explain: {component: 'evaluate:1', function: explain, arguments: {text: '${steps.load.rows}'}}"],
        &["SM0106: step `explain`, argument `text` wants string, but `${steps.load.rows}` is u64"],
    );
}

#[test]
fn an_output_that_may_be_absent_only_fits_what_may_be() {
    let explain = |argument: &str| {
        format!(
            "explain: {{component: 'evaluate:1', function: explain, arguments: {{text: x, {argument}: '${{steps.train.note}}'}}}}"
        )
    };
    check("", &[LOAD, TRAIN, &explain("name")], &[]);
    check(
        "",
        &[
            LOAD,
            TRAIN,
            "explain: {component: 'evaluate:1', function: explain, arguments: {text: '${steps.train.note}'}}",
        ],
        &["SM0106: step `explain`, argument `text` wants string, but `${steps.train.note}` is option<string>"],
    );
}

#[test]
fn arguments_are_missing_or_unknown() {
    check(
        "",
        &["load: {component: 'load:1', arguments: {pth: x}}"],
        &[
            "SM0106: step `load`: function `load` has no parameter `pth` (did you mean `path`?)",
            "SM0106: step `load`: argument `path` (string) is missing (function `load` needs it; add it under arguments)",
        ],
    );
    check(
        "",
        &["load: {component: 'load:1', arguments: {path: x, delimiter: ';'}}"],
        &[
            "SM0106: step `load`: function `load` has no parameter `delimiter` (the parameters of that function are path)",
        ],
    );
}

#[test]
fn references_to_nothing_name_what_is_near() {
    check(
        "seed: {type: integer}",
        &[
            LOAD,
            "train: {component: 'train:1', after: [laod], arguments: {table: '${steps.laod.table}', depth: '${parameters.sed}', rate: '${steps.load.row}'}}",
        ],
        &[
            "SM0104: step `train` is to run after `laod`, but there is no such step (did you mean `load`?)",
            "SM0104: step `train`, argument `table` refers to `${steps.laod.table}`, but there is no step `laod` (did you mean `load`?)",
            "SM0104: step `train`, argument `depth` refers to `${parameters.sed}`, but there is no such parameter (did you mean `seed`?)",
            "SM0104: step `train`, argument `rate` refers to `${steps.load.row}`, but step `load` has no output `row` (did you mean `rows`?)",
        ],
    );
    check(
        "",
        &["load: {component: 'load:1', arguments: {path: '${parameters.x}'}}"],
        &[
            "SM0104: step `load`, argument `path` refers to `${parameters.x}`, but there is no such parameter (there are no parameters)",
        ],
    );
}

#[test]
fn functions_that_are_not_there() {
    check(
        "",
        &["load: {component: 'load:2'}"],
        &["SM0201: step `load`: component `load:2` was not found (check the name and the tag)"],
    );
    check(
        "",
        &["load: {component: 'evaluate:1', function: evaluat}"],
        &["SM0204: step `load`: component `evaluate:1` exports no function `evaluat` (did you mean `evaluate`?)"],
    );
    check(
        "",
        &["load: {component: 'evaluate:1', function: fit}"],
        &[
            "SM0204: step `load`: component `evaluate:1` exports no function `fit` (the functions it exports are evaluate, explain, archive)",
        ],
    );
    check(
        "",
        &["load: {component: 'evaluate:1'}"],
        &[
            "SM0204: step `load`: component `evaluate:1` exports 3 functions (say which with `function`: evaluate, explain, archive)",
        ],
    );
    check(
        "",
        &["load: {component: 'load:1', command: {args: [x]}}"],
        &[
            "SM0204: step `load`: component `load:1` is no command: it does not export wasi:cli/run (say which with `function`: load)",
        ],
    );
    check(
        "",
        &["load: {component: 'empty:1'}"],
        &[
            "SM0204: step `load`: component `empty:1` exports no function and is no command (export a function, or build it as a program)",
        ],
    );
}

#[test]
fn a_function_of_an_interface_is_found_by_its_bare_name() {
    let plan = plan("", &["count: {component: 'words:1', function: count}"], &[]).unwrap();
    let Call::Function { signature, .. } = &plan.steps()[0].1.call else { panic!() };
    assert_eq!(signature.name, "team:text/words@1.0.0#count");
    check(
        "",
        &["sort: {component: 'words:1', function: sort}"],
        &[
            "SM0204: step `sort`: component `words:1` exports 2 functions `sort` (write which in full: team:text/words@1.0.0#sort, team:text/lines@1.0.0#sort)",
        ],
    );
    check("", &["sort: {component: 'words:1', function: 'team:text/lines@1.0.0#sort'}"], &[]);
}

proptest::proptest! {
    #[test]
    fn no_change_to_a_sound_document_makes_the_compiler_panic(at in 0_usize..700, length in 0_usize..12, instead in "[a-z0-9${}.:', \\[\\]]{0,10}") {
        let sound = document("depth: {type: integer, default: 4}, data: {type: data-set}", &[
            LOAD,
            TRAIN,
            "other: {component: 'train:1', after: [load], arguments: {table: '${parameters.data}', depth: '${parameters.depth}', layers: [{width: 3}]}}",
            "explain: {component: 'evaluate:1', function: explain, arguments: {text: 'a ${steps.train.loss} b', name: '${steps.train.note}'}}",
            "report: {component: 'report:1', command: {args: ['x ${steps.load.table}'], inputs: {m: '${steps.train.model}'}, outputs: {o: text/html}}}",
        ]).to_yaml();
        let (start, end) = (at.min(sound.len()), (at + length).min(sound.len()));
        let changed = format!("{}{instead}{}", &sound[..start], &sound[end..]);
        if let Ok(pipeline) = Pipeline::parse(&changed) {
            let _ = super::check(&pipeline, &components(), &Limits::default());
        }
    }
}

#[test]
fn a_step_whose_function_is_unknown_does_not_hide_other_problems_nor_make_more() {
    check(
        "",
        &["load: {component: 'load:2'}", TRAIN, "other: {component: 'load:1', arguments: {path: 3}}"],
        &[
            "SM0201: step `load`: component `load:2` was not found (check the name and the tag)",
            "SM0106: step `other`, argument `path` wants string, but got 3",
        ],
    );
}

#[test]
fn circles_are_named_in_order() {
    let step = |name: &str, needed: &str| {
        format!("{name}: {{component: 'load:1', after: [{needed}], arguments: {{path: x}}}}")
    };
    check(
        "",
        &[&step("a", "c"), &step("b", "a"), &step("c", "b"), &step("d", "a")],
        &[
            "SM0105: steps wait for each other in a circle: `a` waits for `c` waits for `b` waits for `a` again (remove one of these references)",
        ],
    );
    check(
        "",
        &["a: {component: 'load:1', arguments: {path: 'x ${steps.a.rows}'}}"],
        &["SM0105: step `a` waits for itself (remove its reference to its own output)"],
    );
    check(
        "",
        &[&step("a", "b"), &step("b", "a"), &step("c", "d"), &step("d", "c")],
        &[
            "SM0105: steps wait for each other in a circle: `a` waits for `b` waits for `a` again (remove one of these references)",
            "SM0105: steps wait for each other in a circle: `c` waits for `d` waits for `c` again (remove one of these references)",
        ],
    );
}

#[test]
fn a_circle_through_a_long_chain_is_found_without_deep_recursion() {
    let steps: Vec<String> = (0..20_000)
        .map(|index| {
            format!(
                "s{index:05}: {{component: 'load:1', after: [s{:05}], arguments: {{path: x}}}}",
                (index + 1) % 20_000
            )
        })
        .collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let found = problems("", &steps);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("19980 more"), "{}", found[0]);
}

#[test]
fn parameters_are_checked() {
    let parameters = "seed: {type: integer}, ratio: {type: number, default: 0.5}, data: {type: data-set, default: {artifact: {digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000', kind: data-set, mediaType: text/csv, sizeBytes: 1}}}";
    let plain = |json: serde_json::Value| Value::Plain(json);
    let check = |given: &[(&str, Value)], expected: &[&str]| {
        let found = plan(parameters, &[LOAD], given).err().unwrap_or_default();
        assert_eq!(found, expected, "{given:?}");
    };
    check(&[("seed", plain(json!(7)))], &[]);
    check(&[("seed", plain(json!(7.0)))], &[]);
    check(
        &[],
        &[
            "SM0107: parameter `seed` (integer) is not given and has no default (give it with --param seed=VALUE, or declare a default for it)",
        ],
    );
    check(
        &[("seed", plain(json!(7.5)))],
        &["SM0107: parameter `seed` wants an integer, but 7.5 was given (give an integer with --param seed=VALUE)"],
    );
    check(
        &[("seed", plain(json!("7")))],
        &["SM0107: parameter `seed` wants an integer, but \"7\" was given (give an integer with --param seed=VALUE)"],
    );
    check(
        &[("sed", plain(json!(7))), ("seed", plain(json!(7)))],
        &["SM0107: the pipeline has no parameter `sed` (did you mean `seed`?)"],
    );
    check(
        &[("seed", plain(json!(7))), ("data", plain(json!("x.csv")))],
        &[
            "SM0107: parameter `data` wants a data-set, but \"x.csv\" was given (upload a file with --param data=@FILE, or name an artifact by digest)",
        ],
    );
    let artifact = |kind| {
        Value::Artifact(ArtifactRef {
            digest: Digest::sha256(b"x"),
            kind,
            media_type: "text/csv".to_owned(),
            size_bytes: 1,
            metadata: BTreeMap::new(),
        })
    };
    check(&[("seed", plain(json!(7))), ("data", artifact(ArtifactKind::DataSet))], &[]);
    check(
        &[("seed", plain(json!(7))), ("data", artifact(ArtifactKind::Model))],
        &[
            "SM0107: parameter `data` wants a data-set, but an artifact of kind model was given (upload a file with --param data=@FILE, or name an artifact by digest)",
        ],
    );
    check(
        &[("seed", artifact(ArtifactKind::Model))],
        &[
            "SM0107: parameter `seed` wants an integer, but an artifact of kind model was given (give an integer with --param seed=VALUE)",
        ],
    );
}

#[test]
fn defaults_are_checked_without_being_asked() {
    check(
        "seed: {type: integer, default: many}",
        &[LOAD],
        &[
            "SM0107: the default of parameter `seed` is \"many\", but the parameter is an integer (change its type or its default)",
        ],
    );
}

#[test]
fn a_parameter_is_checked_where_it_goes() {
    let train =
        "train: {component: 'train:1', arguments: {table: '${steps.load.table}', depth: '${parameters.depth}'}}";
    let parameters = "depth: {type: integer}";
    assert!(plan(parameters, &[LOAD, train], &[("depth", Value::Plain(json!(255)))]).is_ok());
    assert_eq!(
        plan(parameters, &[LOAD, train], &[("depth", Value::Plain(json!(300)))]).unwrap_err(),
        [
            "SM0106: step `train`, argument `depth` wants u8, a whole number from 0 to 255, but got 300 in `${parameters.depth}`",
        ]
    );
}

#[test]
fn commands_get_text_and_files() {
    let report = "report: {component: 'report:1', command: {args: ['--rows=${steps.load.rows}', '--table', '${steps.load.table}', '${parameters.style}'], inputs: {model: '${steps.train.model}', same: '${steps.load.table}'}, outputs: {report.html: text/html}}}";
    let after =
        "archive: {component: 'evaluate:1', function: archive, arguments: {file: '${steps.report.report.html}'}}";
    let plan = plan("style: {type: string, default: wide}", &[LOAD, TRAIN, report, after], &[]).unwrap();
    let Call::Command { args, inputs, .. } = &plan.step(&StepName::from("report")).unwrap().call else { panic!() };
    let rows = Argument::Text(vec![
        TextPart::Literal("--rows=".to_owned()),
        TextPart::Output { step: StepName::from("load"), output: "rows".to_owned() },
    ]);
    assert_eq!(args.as_slice(), [rows, value(json!("--table")), value(json!("/inputs/same")), value(json!("wide"))]);
    let expected =
        BTreeMap::from([("model".to_owned(), output("train", "model")), ("same".to_owned(), output("load", "table"))]);
    assert_eq!(*inputs, expected);
}

#[test]
fn an_artifact_among_a_commands_arguments_becomes_an_input() {
    let report = "report: {component: 'report:1', command: {args: ['--table=${steps.load.table}']}}";
    let plan = plan("", &[LOAD, report], &[]).unwrap();
    let Call::Command { args, inputs, .. } = &plan.step(&StepName::from("report")).unwrap().call else { panic!() };
    assert_eq!(args.as_slice(), [value(json!("--table=/inputs/steps.load.table"))]);
    assert_eq!(*inputs, BTreeMap::from([("steps.load.table".to_owned(), output("load", "table"))]));
}

#[test]
fn what_a_command_refuses() {
    let report = "report: {component: 'report:1', command: {inputs: {rows: '${steps.load.rows}'}}}";
    let mut pipeline = document("", &[LOAD, report]);
    // A document that says this is refused as it is read; a pipeline made by a program gets this far.
    pipeline.spec.steps.get_mut("report").unwrap().arguments.insert("x".to_owned(), json!(1));
    let failures = super::check(&pipeline, &components(), &Limits::default()).unwrap_err();
    let found: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "SM0103: step `report` is a command and takes no argument `x` (write command.args for its arguments and command.inputs for artifacts)",
            "SM0106: step `report`, input `rows` wants an artifact, but `${steps.load.rows}` is u64 (refer to an artifact, or pass the value in command.args)",
        ]
    );
}

#[test]
fn limits_grants_and_caching_are_taken_over() {
    let step = "load: {component: 'load:1', arguments: {path: x}, timeout: 5s, limits: {memory: 64MiB, cpu: 15ms}, grants: {http: [example.org]}}";
    let plan = plan("", &[step], &[]).unwrap();
    let (_, step) = &plan.steps()[0];
    assert_eq!(
        (step.limits.wall_millis_max, step.limits.memory_bytes_max, step.limits.cpu_ticks_max),
        (5_000, 64 << 20, 2)
    );
    assert_eq!(step.limits.log_bytes_max, Limits::default().log_bytes_max);
    assert!(!step.cache, "what reaches outside is not cached unless asked for");
    let asked =
        self::plan("", &["load: {component: 'load:1', arguments: {path: x}, cache: true, grants: {clock: true}}"], &[])
            .unwrap();
    assert!(asked.steps()[0].1.cache);
}

#[test]
fn past_a_hundred_problems_the_rest_is_counted() {
    let steps: Vec<String> =
        (0..150).map(|index| format!("s{index}: {{component: 'load:1', arguments: {{path: 3}}}}")).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let found = problems("", &steps);
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "SM0103: 50 more problems are not shown (mend the first ones and check again)");
}

#[test]
fn the_components_to_resolve_are_each_named_once() {
    let references = component_references(&document("", &[LOAD, TRAIN, "again: {component: 'load:1'}"]));
    assert_eq!(references, BTreeSet::from(["load:1".to_owned(), "train:1".to_owned()]));
}

#[test]
fn a_documents_problems_keep_their_place() {
    let error = Pipeline::parse("apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetdata: {}\nmetadata: {name: x}\nspec: {steps: {a: {component: x:1}}}\n").unwrap_err();
    let failures = document_failures(&error);
    assert_eq!(failures[0].code.as_str(), "SM0102");
    assert!(failures[0].message.starts_with("line 3, column 1: metdata: "), "{}", failures[0].message);
    assert_eq!(failures[0].hint.as_deref(), Some("did you mean `metadata`?"));
}
