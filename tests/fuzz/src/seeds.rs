//! What each parser takes, small enough that few changes lead far.
//! Never meant to be complete: the fuzzer finds the rest.

pub(crate) const MANIFESTS: &[&str] = &[
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.wasm.config.v0+json","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0},"layers":[{"mediaType":"application/wasm","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0,"annotations":{"a":"b"}}],"annotations":{"x":"y"}}"#,
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":2,"platform":{"os":"linux"}}],"subject":{"mediaType":"a/b","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1},"artifactType":"c/d"}"#,
];

pub(crate) const REFERENCES: &[&str] = &[
    "oci://ghcr.io:443/team/step-1:v1.0.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sandmill/split-rows:0.1.0",
    "localhost:5000/a/b__c-d.e",
    "[::1]:5000/a",
];

pub(crate) const DIGESTS: &[&str] = &[
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
];

pub(crate) const ENVELOPES: &[&str] = &[
    r#"{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AAAA","keyid":""}]}"#,
    r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"00"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{}}"#,
];

pub(crate) const PUBLIC_KEYS: &[&str] = &[
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n",
];

pub(crate) const PIPELINES: &[&str] = &[
    "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: a, namespace: b }\nspec:\n  parameters:\n    p: { type: integer, default: 1 }\n  steps:\n    s:\n      component: a/b:1\n      function: f\n      arguments: { x: \"${parameters.p}\" }\n      retry: { maxAttempts: 2 }\n      limits: { memory: 64 MiB, wallTime: 5 s }\n    t:\n      component: a/c:1\n      after: [s]\n      command: { args: [\"${steps.s.output}\"], outputs: { o: text/plain } }\n",
    "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: a }\nspec:\n  steps:\n    s:\n      component: a/b:1\n      function: f\n      python:\n        source: |\n          def f(x, y):\n              return x\n        packages: [six]\n        parameters:\n          x: { type: \"record { a-b: list<u8>, c: option<tuple<s8, string>> }\" }\n          y: { type: \"enum { a, b }\", default: a }\n        results: { p: f64, q: option<data-set> }\n      arguments: { x: { a-b: [1] } }\n",
];

pub(crate) const POLICIES: &[&str] = &[
    "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: { name: p }\nspec:\n  allowedRegistries: [own, ghcr.io/team]\n  allowedImports: [\"wasi:io/*\"]\n  requireSignature: true\n  trustedKeys: [{ name: k, publicKey: x, repositories: [own] }]\n",
];

pub(crate) const TRAIN_JOBS: &[&str] = &[
    "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: { name: t }\nspec:\n  component: a/b:1\n  workers: 2\n  workersMin: 1\n  settings: { rate: 0.1, name: sgd, deep: true }\n  dataSets: { train: {}, test: { digest: a } }\n  checkpoint: { everySteps: 2, every: 3s, keep: 4 }\n  restart: { scope: worker }\n  earlyStop: { metric: loss, patience: 3, target: 0.5 }\n  deadline: 1h\n",
];

pub(crate) const TRAINING_MANIFESTS: &[&str] = &[
    "apiVersion: trainer.kubeflow.org/v1alpha1\nkind: TrainJob\nmetadata: {name: a}\nspec:\n  runtimeRef: {name: r}\n  trainer: {image: 'a/b:1', numNodes: 2, args: ['--a=1'], env: [{name: A, value: b}], resourcesPerNode: {limits: {memory: 64Mi}}}\n",
    "apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nmetadata: {name: a}\nspec:\n  runPolicy: {backoffLimit: 2}\n  pytorchReplicaSpecs:\n    Master: {replicas: 1, template: {spec: {containers: [{name: p, image: 'a/b:1'}]}}}\n",
];

pub(crate) const COMPILED_PIPELINES: &[&str] = &[
    "components:\n  comp-a:\n    executorLabel: exec-a\n    inputDefinitions:\n      parameters:\n        text: { parameterType: STRING, isOptional: true, defaultValue: x }\ndeploymentSpec:\n  executors:\n    exec-a:\n      container:\n        image: a/b:1\n        command: [x]\n        args: [\"{{$.inputs.parameters['text']}}\"]\npipelineInfo: { name: p }\nroot:\n  dag:\n    tasks:\n      a:\n        cachingOptions: { enableCache: true }\n        componentRef: { name: comp-a }\n        taskInfo: { name: a }\n        triggerPolicy: { condition: \"inputs.parameter_values['x'] == '1'\" }\nschemaVersion: 2.1.0\nsdkVersion: kfp-2.17.0\n---\nplatforms:\n  kubernetes:\n    deploymentSpec: { executors: {} }\n",
];

pub(crate) const CONDITIONS: &[&str] = &[
    "inputs.parameter_values['a'] == 'heads' && !(int(inputs.parameter_values['b']) > 3)",
    "(inputs.parameter_values['a'] != 1.5 || bool(inputs.parameter_values['c']) == true)",
];

pub(crate) const TEMPLATES: &[&str] = &["a ${parameters.x} b ${steps.s.output} $${c}"];

/// Each behind the eight bytes that say how much content follows it.
pub(crate) const WEIGHTS_HEADERS: &[&str] = &[
    "\u{c}\0\0\0\0\0\0\0{\"__metadata__\":{\"a\":\"b\"},\"c\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\"d\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[8,12]}}",
    "\0\0\0\0\0\0\0\0{}",
];

/// An empty component, and the beginning of one with a custom section.
pub(crate) const COMPONENTS: &[&str] = &["\0asm\r\0\u{1}\0", "\0asm\r\0\u{1}\0\0\u{8}\u{4}name\0\u{1}a\0"];
