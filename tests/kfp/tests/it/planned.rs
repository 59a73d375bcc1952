//! What the SDK compiled becomes a plan, or is refused with the words that the case expects.
//! Never runs a plan.

use host_base::{ComponentInterface, Failure, Limits};
use host_pipeline::kfp::{Resolved, RunNames, Submission, compile, wanted};
use host_pipeline::{ComponentId, Plan, ResolvedComponent, Work};
use registry_oci::Digest;
use sdk_spec::kfp::Package;
use tests_kfp::Case;

/// What only a node can refuse: an image that is no component, a place or a secret that it lacks, packages.
const REFUSED_BY_NODES: [&str; 11] = [
    "container-shell-refused",
    "importer-bucket",
    "importer-constant",
    "importer-content",
    "importer-parameter",
    "importer-to-workspace",
    "package-index-refused",
    "package-native-refused",
    "platform-secret",
    "platform-config-map",
    "platform-kept-refused",
];

/// Plans a case as a node would that has every program that is asked for.
fn plan(case: &Case) -> Result<Plan, Vec<Failure>> {
    let package = Package::parse(&case.compiled).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let (names, limits) = (RunNames { job_id: "id".to_owned(), ..RunNames::default() }, Limits::default());
    let submission = Submission {
        package: &package,
        names: &names,
        parameters: Some(&case.parameters),
        caching: None,
        limits: &limits,
    };
    let wanted = wanted(&submission)?;
    let components = wanted.components.into_iter().map(|reference| (reference.clone(), program(reference))).collect();
    // What packages come to is for a node to find out; which there are changes nothing of the plan's shape.
    let packages = wanted.packages.into_keys().map(|request| (request, Vec::new())).collect();
    compile(&submission, &Resolved { components, packages })
}

fn program(reference: String) -> ResolvedComponent {
    let digest = Digest::sha256(reference.as_bytes());
    let interface =
        ComponentInterface { imports: Vec::new(), exports: Vec::new(), functions: Vec::new(), command: true };
    ResolvedComponent { id: ComponentId { reference, manifest: digest.clone(), digest, signer: None }, interface }
}

/// Whether a plan has a task of this path; numbers are rounds of a loop.
fn has(plan: &Plan, path: &str) -> bool {
    let mut graph = &plan.graph;
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let Some(task) = graph.tasks.iter().find(|task| task.name.as_str() == part) else { return false };
        match &task.work {
            Work::Step(_) => return parts.next().is_none(),
            Work::Graph(group) => {
                if group.each.is_some() {
                    parts.next_if(|part| part.parse::<u32>().is_ok());
                }
                graph = &group.graph;
            }
        }
    }
    true
}

#[test]
fn every_compiled_pipeline_is_planned_or_refused_as_expected() {
    let cases = match tests_kfp::cases() {
        Ok(cases) => cases,
        Err(reason) => return tests_kfp::skip(reason),
    };
    for case in cases {
        match (plan(case), &case.refused) {
            (Ok(plan), None) => {
                let paths = case.states.keys().chain(case.order.iter().flat_map(|(before, after)| [before, after]));
                for path in paths {
                    assert!(has(&plan, path), "{}: the plan has no {path}", case.name);
                }
                for output in case.outputs.keys() {
                    assert!(plan.graph.outputs.contains_key(output), "{}: no output {output}", case.name);
                }
                let text = serde_json::to_string(&plan).expect("JSON");
                assert_eq!(serde_json::from_str::<Plan>(&text).expect("a plan"), plan, "{}", case.name);
            }
            (Ok(_), Some(_)) if REFUSED_BY_NODES.contains(&&*case.name) => {}
            (Ok(_), Some(parts)) => panic!("{}: not refused with {parts:?}", case.name),
            (Err(failures), None) => panic!("{}: {failures:?}", case.name),
            (Err(failures), Some(parts)) => {
                let told: Vec<String> = failures.iter().map(ToString::to_string).collect();
                let told = told.join("\n");
                for part in parts {
                    assert!(told.contains(part), "{}: `{part}` is not in\n{told}", case.name);
                }
            }
        }
    }
}
