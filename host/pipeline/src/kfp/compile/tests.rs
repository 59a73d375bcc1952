//! Graphs, references, settings and refusals, on pipelines that are as short as they can be.

#![expect(clippy::needless_pass_by_value, reason = "JSON is written where it is used, and helpers take it as it is")]

use std::collections::{BTreeMap, BTreeSet};

use host_base::{ArtifactKind, ArtifactRef, ComponentInterface, Failure, Limits, Value, Wheel};
use registry_oci::Digest;
use sdk_spec::kfp::Package;
use serde_json::{Value as Json, json};

use super::{Resolved, Submission, compile, ignored_settings, wanted};
use crate::kfp::{ContainerCall, ImportUri, KeptSource, RunNames, VariableSource};
use crate::python::PackageRequest;
use crate::{Argument, Call, ComponentId, Graph, Plan, PlannedStep, ResolvedComponent, TextPart, Work};

/// A pipeline of these tasks, whose components are `comp-echo`, and whatever `others` are.
fn pipeline(tasks: Json, others: Json, inputs: Json) -> Json {
    let mut components = json!({ "comp-echo": {
        "executorLabel": "exec-echo",
        "inputDefinitions": { "parameters": { "text": { "parameterType": "STRING" } } },
        "outputDefinitions": { "parameters": { "Output": { "parameterType": "STRING" } } },
    } });
    let all = components.as_object_mut().expect("an object");
    all.extend(others.as_object().expect("an object").clone());
    json!({
        "pipelineInfo": { "name": "sample" },
        "schemaVersion": "2.1.0",
        "deploymentSpec": { "executors": { "exec-echo": { "container": {
            "image": "oci://acme/echo:1", "args": ["{{$.inputs.parameters['text']}}", "{{$.outputs.parameters['Output'].output_file}}"],
        } } } },
        "components": components,
        "root": { "dag": { "tasks": tasks }, "inputDefinitions": inputs },
    })
}

fn echo(text: Json) -> Json {
    json!({ "componentRef": { "name": "comp-echo" }, "inputs": { "parameters": { "text": text } }, "cachingOptions": { "enableCache": true } })
}

fn constant(json: Json) -> Json {
    json!({ "runtimeValue": { "constant": json } })
}

fn try_plan(spec: &Json, parameters: Json) -> Result<Plan, Vec<Failure>> {
    let package = Package::from_json(spec).unwrap_or_else(|error| panic!("{error}"));
    let parameters: BTreeMap<String, Json> = parameters.as_object().expect("an object").clone().into_iter().collect();
    let names = RunNames { job_name: "job".to_owned(), job_id: "id".to_owned(), ..RunNames::default() };
    let limits = Limits::default();
    let submission =
        Submission { package: &package, names: &names, parameters: Some(&parameters), caching: None, limits: &limits };
    let program = |reference: String| {
        let digest = Digest::sha256(reference.as_bytes());
        let interface =
            ComponentInterface { imports: Vec::new(), exports: Vec::new(), functions: Vec::new(), command: true };
        let id = ComponentId { reference: reference.clone(), manifest: digest.clone(), digest, signer: None };
        (reference, ResolvedComponent { id, interface })
    };
    let wanted = wanted(&submission)?;
    let components = wanted.components.into_iter().map(program).collect();
    let wheel = |name: &str| Wheel {
        name: name.to_owned(),
        version: "1".to_owned(),
        file: format!("{name}-1-py3-none-any.whl"),
        digest: Digest::sha256(name.as_bytes()),
        url: format!("https://example.org/{name}-1-py3-none-any.whl"),
    };
    let wheels = |request: PackageRequest| {
        let wheels = request.requirements.iter().map(|name| wheel(name)).collect();
        (request, wheels)
    };
    let packages = wanted.packages.into_keys().map(wheels).collect();
    compile(&submission, &Resolved { components, packages })
}

fn plan(spec: &Json) -> Plan {
    try_plan(spec, json!({})).unwrap_or_else(|failures| panic!("{failures:?}"))
}

fn refusals(spec: &Json, parameters: Json) -> String {
    let failures = try_plan(spec, parameters).expect_err("refused");
    failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn step<'plan>(graph: &'plan Graph, name: &str) -> &'plan PlannedStep {
    match &graph.tasks.iter().find(|task| task.name.as_str() == name).expect("a task").work {
        Work::Step(step) => step,
        Work::Graph(_) => panic!("{name} is a graph"),
    }
}

fn call(step: &PlannedStep) -> &ContainerCall {
    match &step.call {
        Call::Kfp(call) => call,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_container_step_keeps_its_words_and_waits_for_what_it_names() {
    let from_first = json!({ "taskOutputParameter": { "producerTask": "first", "outputParameterKey": "Output" } });
    let spec =
        pipeline(json!({ "first": echo(constant(json!("x"))), "second": echo(from_first) }), json!({}), json!({}));
    let plan = plan(&spec);
    let second = step(&plan.graph, "second");
    assert_eq!(second.component.reference, "acme/echo:1");
    assert!(second.cache && second.grants.clock && second.grants.randomness);
    assert_eq!(call(second).args[0], "{{$.inputs.parameters['text']}}");
    assert_eq!(call(second).inputs["text"], Argument::Output { step: "first".into(), output: "Output".to_owned() });
    assert_eq!(plan.graph.tasks[1].needs.iter().map(ToString::to_string).collect::<Vec<_>>(), ["first"]);
    assert_eq!(plan.kfp.expect("names").pipeline_root, super::DEFAULT_ROOT);
}

#[test]
fn texts_are_made_of_the_tasks_other_inputs_and_of_names() {
    let mut task =
        echo(constant(json!("{{$.pipeline_job_name}}: {{$.inputs.parameters['a']}} {{$.inputs.parameters['b']}}")));
    task["inputs"]["parameters"]["a"] = json!({ "componentInputParameter": "n" });
    task["inputs"]["parameters"]["b"] =
        json!({ "taskOutputParameter": { "producerTask": "first", "outputParameterKey": "Output" } });
    let inputs = json!({ "parameters": { "n": { "parameterType": "NUMBER_INTEGER", "defaultValue": 2.0 } } });
    let spec = pipeline(json!({ "first": echo(constant(json!("x"))), "second": task }), json!({}), inputs);
    let plan = plan(&spec);
    let first = Argument::Output { step: "first".into(), output: "Output".to_owned() };
    let parts = vec![TextPart::Literal("job: 2 ".to_owned()), TextPart::Argument(first)];
    assert_eq!(call(step(&plan.graph, "second")).inputs["text"], Argument::Text(parts));
    assert_eq!(plan.parameters["n"], Value::Plain(json!(2)));
}

#[test]
fn loops_conditions_and_defaults_become_groups() {
    let inner = json!({ "comp-loop": {
        "dag": {
            "tasks": { "echo": echo(json!({ "componentInputParameter": "item", "parameterExpressionSelector": "parseJson(string_value)[\"a\"]" })) },
            "outputs": { "parameters": { "out": { "valueFromParameter": { "producerSubtask": "echo", "outputParameterKey": "Output" } } } },
        },
        "inputDefinitions": { "parameters": {
            "item": { "parameterType": "STRUCT" }, "list": { "parameterType": "LIST" },
            "extra": { "parameterType": "STRING", "defaultValue": "d", "isOptional": true },
        } },
        "outputDefinitions": { "parameters": { "out": { "parameterType": "LIST" } } },
    } });
    let task = json!({
        "componentRef": { "name": "comp-loop" },
        "inputs": { "parameters": { "list": { "componentInputParameter": "items" } } },
        "parameterIterator": { "itemInput": "item", "items": { "inputParameter": "list" } },
        "iteratorPolicy": { "parallelismLimit": 2 },
        "triggerPolicy": { "condition": "inputs.parameter_values['list'] != 'x'", "strategy": "ALL_UPSTREAM_TASKS_COMPLETED" },
    });
    let inputs = json!({ "parameters": { "items": { "parameterType": "LIST", "defaultValue": [{ "a": "1" }] } } });
    let plan = plan(&pipeline(json!({ "loop": task }), inner, inputs));
    let task = &plan.graph.tasks[0];
    assert_eq!(task.trigger, crate::Trigger::AllEnded);
    assert_eq!(task.when.as_ref().expect("a condition").inputs["list"], Argument::Input("items".to_owned()));
    let Work::Graph(group) = &task.work else { panic!("no graph") };
    let each = group.each.as_ref().expect("a loop");
    assert_eq!(
        (&each.items, each.item.as_str(), each.parallel_max),
        (&Argument::Input("items".to_owned()), "item", Some(2))
    );
    assert_eq!(group.inputs, BTreeMap::from([("extra".to_owned(), Argument::Value(Value::Plain(json!("d"))))]));
    let field = Argument::Field { of: Box::new(Argument::Input("item".to_owned())), path: vec!["a".to_owned()] };
    assert_eq!(call(step(&group.graph, "echo")).inputs["text"], field);
}

#[test]
fn every_mismatch_of_parameters_is_told_at_once() {
    let inputs = json!({ "parameters": {
        "number": { "parameterType": "NUMBER_INTEGER" }, "missing": { "parameterType": "LIST" },
        "colour": { "parameterType": "STRING", "literals": ["red", "green"] },
        "optional": { "parameterType": "BOOLEAN", "isOptional": true },
    } });
    let spec = pipeline(json!({ "echo": echo(constant(json!("x"))) }), json!({}), inputs);
    let told = refusals(&spec, json!({ "number": "one", "colour": "blue", "optional": null, "colours": 1 }));
    for part in [
        "parameter `number` takes a whole number, and was given \"one\"",
        "parameter `missing` is missing: a list, without a default",
        "parameter `colour` takes one of \"red\", \"green\", and was given \"blue\"",
        "the pipeline has no parameter `colours` (did you mean `colour`?)",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(told.lines().count(), 4, "{told}");
    let plan = try_plan(&spec, json!({ "number": 3.0, "missing": [], "colour": "red" })).expect("a plan");
    assert_eq!(plan.parameters["number"], Value::Plain(json!(3)));
    assert!(!plan.parameters.contains_key("optional"));
}

#[test]
fn broken_references_are_all_named() {
    let tasks = json!({
        "a": echo(json!({ "taskOutputParameter": { "producerTask": "nobody", "outputParameterKey": "Output" } })),
        "b": echo(json!({ "componentInputParameter": "nothing" })),
        "c": { "componentRef": { "name": "comp-none" }, "dependentTasks": ["nowhere"] },
        "d": { "componentRef": { "name": "comp-echo" } },
        "e": echo(json!({})),
    });
    let told = refusals(&pipeline(tasks, json!({}), json!({})), json!({}));
    for part in [
        "task `nobody`",
        "`nothing`",
        "`comp-none`",
        "`nowhere`",
        "task `d` is not given `text`",
        "input `text` of task `e` comes from nowhere",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

#[test]
fn circles_and_components_inside_themselves_are_refused() {
    let wait = |name: &str| {
        let mut task = echo(constant(json!("x")));
        task["dependentTasks"] = json!([name]);
        task
    };
    let told = refusals(&pipeline(json!({ "a": wait("b"), "b": wait("a") }), json!({}), json!({})), json!({}));
    assert!(told.contains("SM0105"), "{told}");
    let itself =
        json!({ "comp-self": { "dag": { "tasks": { "again": { "componentRef": { "name": "comp-self" } } } } } });
    let told =
        refusals(&pipeline(json!({ "a": { "componentRef": { "name": "comp-self" } } }), itself, json!({})), json!({}));
    assert!(told.contains("`comp-self` contains itself"), "{told}");
}

#[test]
fn a_document_cannot_grow_without_end() {
    let mut others = serde_json::Map::new();
    for level in 0..40 {
        let inner = |name: &str| json!({ "componentRef": { "name": name } });
        let next = if level == 39 { "comp-echo".to_owned() } else { format!("comp-{}", level + 1) };
        let tasks = if level == 39 {
            json!({ "e": echo(constant(json!("x"))) })
        } else {
            json!({ "a": inner(&next), "b": inner(&next) })
        };
        others.insert(format!("comp-{level}"), json!({ "dag": { "tasks": tasks } }));
    }
    let spec = pipeline(json!({ "top": { "componentRef": { "name": "comp-0" } } }), Json::Object(others), json!({}));
    let told = refusals(&spec, json!({}));
    assert!(told.contains("more than 100000 tasks"), "{told}");
}

#[test]
fn retries_are_inherited_and_spans_are_read() {
    let inner = json!({ "comp-inner": { "dag": { "tasks": {
        "own": {
            "componentRef": { "name": "comp-echo" }, "inputs": { "parameters": { "text": constant(json!("x")) } },
            "retryPolicy": { "maxRetryCount": 1, "backoffDuration": "0s", "backoffFactor": 1.0, "backoffMaxDuration": "1.5s" },
        },
        "inherited": echo(constant(json!("x"))),
    } } } });
    let task = json!({ "componentRef": { "name": "comp-inner" }, "retryPolicy": { "maxRetryCount": 3, "backoffDuration": "30s" } });
    let plan = plan(&pipeline(json!({ "outer": task }), inner, json!({})));
    let Work::Graph(group) = &plan.graph.tasks[0].work else { panic!("no graph") };
    let own = &step(&group.graph, "own").retry;
    assert_eq!((own.max_attempts, own.backoff.0, own.factor, own.max_backoff.0), (2, 0, 1.0, 1500));
    let inherited = &step(&group.graph, "inherited").retry;
    assert_eq!(
        (inherited.max_attempts, inherited.backoff.0, inherited.factor, inherited.max_backoff.0),
        (4, 30_000, 2.0, 3_600_000)
    );
}

#[test]
fn attempts_are_limited() {
    let retried = |count: u32| {
        let mut task = echo(constant(json!("x")));
        task["retryPolicy"] = json!({ "maxRetryCount": count });
        pipeline(json!({ "echo": task }), json!({}), json!({}))
    };
    assert_eq!(step(&plan(&retried(99)).graph, "echo").retry.max_attempts, 100);
    assert!(refusals(&retried(100), json!({})).contains("task `echo` is retried 100 times; at most 99 are"));
}

#[test]
fn memory_is_a_limit_even_where_a_parameter_says_how_much() {
    let mut task = echo(constant(json!("x")));
    task["inputs"]["parameters"]["pipelinechannel--memory"] = json!({ "componentInputParameter": "memory" });
    let inputs = json!({ "parameters": { "memory": { "parameterType": "STRING" } } });
    let mut spec = pipeline(json!({ "echo": task }), json!({}), inputs);
    let container = &mut spec["deploymentSpec"]["executors"]["exec-echo"]["container"];
    container["resources"] = json!({ "resourceMemoryLimit": "{{$.inputs.parameters['pipelinechannel--memory']}}", "resourceCpuLimit": "500m" });
    let planned = try_plan(&spec, json!({ "memory": "256Mi" })).expect("a plan");
    assert_eq!(step(&planned.graph, "echo").limits.memory_bytes_max, 256 << 20);
    assert!(refusals(&spec, json!({ "memory": "much" })).contains("asks for `much` of memory"));
    spec["deploymentSpec"]["executors"]["exec-echo"]["container"]["resources"] = json!({ "resourceMemoryLimit": "{{$.inputs.parameters['unknown']}}", "accelerator": { "resourceType": "gpu", "resourceCount": "1" } });
    let told = refusals(&spec, json!({ "memory": "1Gi" }));
    assert!(told.contains("known only while the run is under way") && told.contains("accelerator `gpu`"), "{told}");
}

#[test]
fn what_nothing_will_fill_is_refused() {
    let mut spec = pipeline(json!({ "echo": echo(constant(json!("x"))) }), json!({}), json!({}));
    spec["deploymentSpec"]["executors"]["exec-echo"]["container"]["args"] = json!([
        "{{$.nothing}}",
        "{{$.outputs.parameters['no'].output_file}}",
        r#"{"Concat": ["{{$.inputs.artifacts['no'].uri}}"]}"#,
        "{{$.workspace_path}}",
    ]);
    let told = refusals(&spec, json!({}));
    for part in [
        "`{{$.nothing}}` is no placeholder",
        "no output parameter `no`",
        "no input artifact `no`",
        "the pipeline has none",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

/// A pipeline of one importer of this URI.
fn importing(uri: Json, inputs: Json, metadata: Json, reimport: bool) -> Json {
    let importer = json!({ "comp-importer": {
        "executorLabel": "exec-importer",
        "inputDefinitions": { "parameters": { "uri": { "parameterType": "STRING" } } },
        "outputDefinitions": { "artifacts": { "artifact": { "artifactType": { "schemaTitle": "system.Dataset" } } } },
    } });
    let task = json!({ "componentRef": { "name": "comp-importer" }, "inputs": { "parameters": { "uri": uri } } });
    let mut spec = pipeline(json!({ "importer": task }), importer, inputs);
    spec["deploymentSpec"]["executors"]["exec-importer"] = json!({ "importer": {
        "artifactUri": { "runtimeParameter": "uri" }, "typeSchema": { "schemaTitle": "system.Dataset" },
        "metadata": metadata, "reimport": reimport,
    } });
    spec
}

#[test]
fn an_importer_makes_a_reference_that_content_is_put_into() {
    let uri = "https://data.example.org/a//x.csv";
    let spec = importing(constant(json!(uri)), json!({}), json!({ "from": "{{$.inputs.parameters['uri']}}" }), false);
    let plan = plan(&spec);
    let step = step(&plan.graph, "importer");
    let Call::Import(import) = &step.call else { panic!("no import") };
    assert_eq!((&import.uri, import.known_uri.as_deref()), (&ImportUri::Input("uri".to_owned()), Some(uri)));
    let inputs = BTreeMap::from([("uri".to_owned(), Value::Plain(json!(uri)))]);
    let made = crate::kfp::import(import, &inputs, &RunNames::default()).expect("imported");
    assert_eq!(made.uri, uri);
    assert_eq!(made.artifact.metadata["kfp.metadata"], format!(r#"{{"from":"{uri}"}}"#));
    assert!(crate::kfp::import(import, &BTreeMap::new(), &RunNames::default()).is_err());
    let content = ArtifactRef {
        digest: Digest::sha256(b"rows"),
        kind: ArtifactKind::Artifact,
        media_type: "text/csv".to_owned(),
        size_bytes: 4,
        metadata: BTreeMap::new(),
    };
    let artifact = made.with_content(content);
    assert_eq!((artifact.kind, artifact.size_bytes), (ArtifactKind::DataSet, 4));
    let runtime = crate::kfp::artifact::RuntimeArtifact::of(&artifact, "data");
    // Where Python's `open(uri)` looks in the root.
    assert_eq!(runtime.path().as_deref(), Some("/https:/data.example.org/a/x.csv"));
    assert!(crate::kfp::artifact::has_content(&artifact));
}

#[test]
fn what_was_imported_is_taken_again_where_the_author_agrees() {
    let cached = |metadata: Json, reimport: bool| {
        let spec = importing(constant(json!("oci://r.example.org/m:1")), json!({}), metadata, reimport);
        step(&plan(&spec).graph, "importer").cache
    };
    assert!(cached(json!({ "from": "{{$.inputs.parameters['uri']}}" }), false));
    assert!(!cached(json!({}), true));
    assert!(!cached(json!({ "run": "{{$.pipeline_job_name}}" }), false), "another run has another name");
}

#[test]
fn an_importer_is_opened_with_what_the_platform_document_names() {
    let spec = importing(constant(json!("s3://b/x")), json!({}), json!({}), false);
    let with = |settings: Json| {
        json!({ "pipeline_spec": spec, "platform_spec": { "platforms": { "kubernetes": {
            "deploymentSpec": { "executors": { "exec-importer": settings } }
        } } } })
    };
    let key = json!({ "secretAsEnv": [{ "secretName": "store", "keyToEnv": [
        { "secretKey": "id", "envVar": "AWS_ACCESS_KEY_ID" }
    ] }], "activeDeadlineSeconds": 20 });
    let plan = plan(&with(key));
    let importer = step(&plan.graph, "importer");
    let Call::Import(import) = &importer.call else { panic!("no import") };
    let source = VariableSource::Secret { name: "store".to_owned(), key: "id".to_owned(), optional: false };
    assert_eq!(import.kept_variables, BTreeMap::from([("AWS_ACCESS_KEY_ID".to_owned(), source.clone())]));
    assert_eq!(importer.limits.wall_millis_max, 20_000);
    assert_eq!(super::kept_needs(&plan).variables, BTreeSet::from([source]));
    assert!(refusals(&with(json!({ "pvcMount": [] })), json!({})).contains("task `importer` mounts a volume"));
}

#[test]
fn places_that_nodes_do_not_read_are_refused_where_they_are_known() {
    for uri in [
        "gs://b",
        "s3:///x",
        "minio://b//",
        "azure://b/x",
        "file:///etc/passwd",
        "https://me:secret@h/x",
        "https://",
        "x",
    ] {
        let told = refusals(&importing(constant(json!(uri)), json!({}), json!({}), false), json!({}));
        assert!(told.contains("task `importer`") && told.contains("SM0210"), "{told}");
    }
    let inputs = json!({ "parameters": { "place": { "parameterType": "STRING" } } });
    let spec = importing(json!({ "componentInputParameter": "place" }), inputs, json!({}), false);
    assert!(refusals(&spec, json!({ "place": "gs://b" })).contains("gs://b"));
    for place in ["http://h:81/x?y", "gs://b/x", "s3://b/folder/", "minio://b/x/y"] {
        assert!(try_plan(&spec, json!({ "place": place })).is_ok(), "{place}");
    }
    let (scheme, bucket, key) = ("s3".to_owned(), "b".to_owned(), "x/y".to_owned());
    let place = crate::kfp::import_place("s3://b/x/y/").expect("a place");
    assert_eq!(place, crate::kfp::ImportPlace::Bucket { scheme, bucket, key });
    assert_eq!(
        crate::kfp::import_place("http://h:81?y").expect("a place"),
        crate::kfp::ImportPlace::Web { host: "h:81".to_owned() }
    );
}

#[test]
fn packages_are_looked_up_by_what_is_asked_for_and_count_by_their_content() {
    let function = |pip: &str| {
        json!({ "container": { "image": "python:3.11", "args": ["--function_to_execute", "f"], "command": [
            "sh", "-c", format!("python3 -m pip install {pip} && \"$0\" \"$@\""), "sh", "-ec", "kfp.dsl.executor_main", "def f(): ...",
        ] } })
    };
    let planned = |pip: &str| {
        let mut spec = pipeline(json!({ "echo": echo(constant(json!("x"))) }), json!({}), json!({}));
        spec["deploymentSpec"]["executors"]["exec-echo"] = function(pip);
        let plan = plan(&spec);
        call(step(&plan.graph, "echo")).clone()
    };
    let (with, without) = (planned("'six' 'idna'"), planned(""));
    let python = with.python.clone().expect("a function");
    let names: Vec<&str> = python.wheels.iter().map(|wheel| wheel.name.as_str()).collect();
    assert_eq!((names, python.packages.requirements.len()), (vec!["six", "idna"], 2));
    let mut elsewhere = with.clone();
    elsewhere.python.as_mut().expect("a function").wheels[0].url = "https://mirror.example.org/six.whl".to_owned();
    let mut newer = with.clone();
    newer.python.as_mut().expect("a function").wheels[0].digest = Digest::sha256(b"newer");
    let identity = crate::kfp::call_identity;
    assert_eq!(identity(&with), identity(&elsewhere));
    assert_ne!(identity(&with), identity(&newer));
    assert_eq!(identity(&without)["kfp"]["python"], json!({ "name": "f", "source": "def f(): ..." }));
}

#[test]
fn the_platform_document_is_served_ignored_or_refused() {
    let spec = pipeline(json!({ "echo": echo(constant(json!("x"))) }), json!({}), json!({}));
    let with = |settings: Json, config: Json| {
        json!({ "pipeline_spec": spec, "platform_spec": { "platforms": { "kubernetes": {
            "deploymentSpec": { "executors": { "exec-echo": settings } }, "pipelineConfig": config,
        } } } })
    };
    let served = with(
        json!({
            "secretAsEnv": [{ "secretName": "s", "keyToEnv": [{ "secretKey": "k", "envVar": "V" }] }],
            "configMapAsEnv": [{ "configMapNameParameter": { "runtimeValue": { "constant": "c" } }, "keyToEnv": [{ "configMapKey": "k", "envVar": "W" }], "optional": true }],
            "activeDeadlineSeconds": "20", "emptyDirMounts": [{ "mountPath": "/scratch" }],
            "fieldPathAsEnv": [{ "name": "NAME", "fieldPath": "metadata.name" }],
            "secretAsVolume": [{ "secretName": "f", "mountPath": "/etc/s", "items": [{ "key": "k", "path": "deep/file" }] }],
            "configMapAsVolume": [{ "configMapName": "f", "mountPath": "/etc/c", "optional": true }],
            "nodeSelector": {}, "tolerations": [],
        }),
        json!({ "workspace": { "size": "1Gi" }, "activeDeadlineSeconds": 60 }),
    );
    let plan = plan(&served);
    assert_eq!(plan.deadline_millis, Some(60_000));
    let echo = step(&plan.graph, "echo");
    assert_eq!((echo.limits.wall_millis_max, echo.cache), (20_000, false), "a shared folder is no part of a key");
    let echo = call(echo);
    assert_eq!(echo.workspace_bytes_max, Some(1 << 30));
    assert_eq!(
        (echo.scratch.as_slice(), echo.variables["NAME"].as_str()),
        (&["/etc/c".to_owned(), "/scratch".to_owned(), "/etc/s".to_owned()][..], "{{$.pipeline_task_name}}")
    );
    assert_eq!(
        echo.kept_variables["V"],
        VariableSource::Secret { name: "s".to_owned(), key: "k".to_owned(), optional: false }
    );
    let needs = super::kept_needs(&plan);
    assert_eq!(needs.variables.len(), 1, "what is optional need not be there");
    assert_eq!(needs.folders, BTreeMap::from([(KeptSource::Secret("f".to_owned()), BTreeSet::from(["k".to_owned()]))]));
    assert_eq!(echo.kept_folders["/etc/s"].items["k"], "deep/file");
    assert!(echo.scratch.contains(&"/etc/s".to_owned()) && echo.kept_folders["/etc/c"].optional);
    let package = Package::from_json(&served).expect("a package");
    let ignored: Vec<String> = ignored_settings(&package).into_iter().map(|one| one.setting).collect();
    assert_eq!(ignored, ["nodeSelector", "tolerations"]);
    let refused = with(
        json!({
            "pvcMount": [], "newest": {}, "emptyDirMounts": [{ "mountPath": "x" }],
            "secretAsVolume": [{ "secretName": "s", "mountPath": "/a/../b", "items": [{ "key": "k", "path": "../up" }] }],
        }),
        json!({ "workspace": { "size": "large" } }),
    );
    let told = refusals(&refused, json!({}));
    for part in [
        "mounts a volume, which a sandbox does not have",
        "`../up` of a volume",
        "a volume at no absolute",
        "`newest`",
        "at no absolute path",
        "size `large`",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

#[test]
fn roots_that_steps_cannot_see_are_refused() {
    let mut spec = pipeline(json!({ "echo": echo(constant(json!("x"))) }), json!({}), json!({}));
    for (root, sound) in [
        ("gs://b/x", true),
        ("minio://b", true),
        ("https://example.org", false),
        ("/tmp/x", false),
        ("oci://r/x", false),
    ] {
        spec["defaultPipelineRoot"] = json!(root);
        assert_eq!(try_plan(&spec, json!({})).is_ok(), sound, "{root}");
    }
}
