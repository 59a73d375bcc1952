//! Manifests that become documents, and those that are refused.
//! Never needs Kubernetes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::Span;

const V2: &str = r#"
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata:
  name: fit-line
  namespace: team
  labels: {a: b}
spec:
  runtimeRef: {name: plain, kind: ClusterTrainingRuntime, apiGroup: trainer.kubeflow.org}
  suspend: true
  activeDeadlineSeconds: 60
  initializer:
    dataset: {storageUri: "https://example.org/rows.bin"}
  trainer:
    numNodes: 3
    args: ["--learning-rate=0.1", "--steps=30", "--optimizer=sgd"]
    env: [{name: MODE, value: quick}]
    resourcesPerNode: {requests: {cpu: 2, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: trainer.kubeflow.org/v1alpha1
kind: ClusterTrainingRuntime
metadata: {name: plain}
spec:
  mlPolicy: {numNodes: 1, torch: {numProcPerNode: 1}}
  template:
    spec:
      failurePolicy: {maxRestarts: 5}
      ttlSecondsAfterFinished: 10
      replicatedJobs:
        - name: node
          template:
            spec:
              template:
                spec:
                  containers: [{name: node, image: "team/fit-line:1.0.0"}]
"#;

#[test]
fn a_trainer_job_and_its_runtime_are_one_document() {
    assert!(is_manifest(V2));
    let Converted { job, ignored } = convert(V2).unwrap();
    let spec = &job.spec;
    assert_eq!((job.metadata.name.as_str(), job.metadata.namespace.as_deref()), ("fit-line", Some("team")));
    assert_eq!((spec.component.as_str(), spec.workers, spec.suspend), ("team/fit-line:1.0.0", 3, true));
    assert_eq!((spec.deadline, spec.keep_for), (Some(Span(60_000)), Some(Span(10_000))));
    assert_eq!(spec.restart.max_restarts, 5);
    assert_eq!(spec.limits.memory, Some(crate::ByteSize(128 << 20)));
    assert_eq!(spec.settings["steps"], 30);
    assert_eq!(spec.settings["optimizer"], "sgd");
    assert_eq!(spec.grants.environment["MODE"], "quick");
    assert_eq!(spec.data_sets["dataset"].uri.as_deref(), Some("https://example.org/rows.bin"));
    assert!(ignored.iter().any(|told| told.contains("cpu: workers share")), "{ignored:?}");
}

#[test]
fn a_job_goes_before_its_runtime_field_by_field() {
    let workers = |text: &str| convert(text).unwrap().job.spec.workers;
    let runtime_says = |policy: &str| V2.replace("numNodes: 1, torch: {numProcPerNode: 1}", policy);
    // Each of the two numbers comes from the job where it has one, and else from the runtime.
    assert_eq!(workers(&runtime_says("numNodes: 5, torch: {numProcPerNode: 2}")), 3 * 2);
    assert_eq!(workers(&runtime_says("torch: {numProcPerNode: 4}, numNodes: 5")), 3 * 4);
    assert_eq!(workers(&runtime_says("numNodes: 5, mpi: {numProcPerNode: 2}")), 3 * 2);
    let processes = |text: &str| text.replace("numNodes: 3", "numProcPerNode: 3");
    assert_eq!(workers(&processes(&runtime_says("numNodes: 5, torch: {numProcPerNode: 2}"))), 5 * 3);
    // A word that the job has a number for is no trouble.
    assert_eq!(workers(&processes(&runtime_says("numNodes: 5, torch: {numProcPerNode: auto}"))), 5 * 3);
    assert!(convert(&runtime_says("torch: {numProcPerNode: auto}")).unwrap_err().to_string().contains("`auto`"));
    assert!(convert(&runtime_says("torch: {numProcPerNode: 86}")).unwrap_err().to_string().contains("workers"));
}

#[test]
fn a_container_keeps_what_the_job_leaves_out_and_variables_are_merged() {
    let container = r#"{name: node, image: "team/fit-line:1.0.0", args: ["--depth=2", "--steps=9"],
                    env: [{name: MODE, value: slow}, {name: LEVEL, value: "1"}],
                    resources: {limits: {memory: 1Gi, "nvidia.com/gpu": 1}}}"#;
    let full = V2.replace(r#"{name: node, image: "team/fit-line:1.0.0"}"#, container);
    let Converted { job, ignored } = convert(&full).unwrap();
    assert_eq!(job.spec.settings.keys().collect::<Vec<_>>(), ["learning-rate", "optimizer", "steps"]);
    assert_eq!((&job.spec.settings["steps"], job.spec.limits.memory), (&30.into(), Some(crate::ByteSize(128 << 20))));
    assert_eq!(job.spec.grants.device, None, "resources are replaced as a whole");
    let environment = &job.spec.grants.environment;
    assert_eq!((environment["MODE"].as_str(), environment["LEVEL"].as_str()), ("quick", "1"));
    for key in ["args", "resources"] {
        assert!(ignored.iter().any(|told| told.contains(&format!("containers[0].{key}: the job says"))), "{ignored:?}");
    }
    let bare: String = full
        .lines()
        .filter(|line| !["  args: ", "  resourcesPerNode: "].iter().any(|key| line.contains(key)))
        .map(|line| format!("{line}\n"))
        .collect();
    let spec = convert(&bare).unwrap().job.spec;
    assert_eq!((&spec.settings["depth"], spec.limits.memory), (&2.into(), Some(crate::ByteSize(1 << 30))));
    assert_eq!(spec.grants.device, Some(DeviceGrant::default()));
    // What the job replaces need not be readable here.
    let other = full.replacen("\"--depth=2\"", "tune, run", 1).replacen("image: \"team", "image: \"docker.io/team", 1);
    let job = other.replace("numNodes: 3", "numNodes: 3\n    image: \"team/own:1\"");
    assert_eq!(convert(&job).unwrap().job.spec.component, "team/own:1");
}

#[test]
fn initializers_name_what_opens_their_storage() {
    let guarded = r#"{storageUri: "s3://data/rows.bin", secretRef: {name: store},
      env: [{name: AWS_REGION, value: eu-west-1}]}"#;
    let text = V2.replace(r#"{storageUri: "https://example.org/rows.bin"}"#, guarded);
    let source = |text: &str, name: &str| {
        let spec = convert(text).unwrap().job.spec;
        spec.data_sets.get(name).or(spec.models.get(name)).cloned()
    };
    let found = source(&text, "dataset").unwrap();
    assert_eq!((found.uri.as_deref(), found.secret.as_deref()), (Some("s3://data/rows.bin"), Some("store")));
    assert_eq!(found.environment["AWS_REGION"], "eu-west-1");
    let fails = |text: &str| convert(text).unwrap_err().to_string();
    let told = fails(&text.replace("AWS_REGION", "AWS_SECRET_ACCESS_KEY"));
    assert!(told.contains("is confidential") && told.contains("sandmill secret set NAME"), "{told}");
    let told = fails(&text.replace("AWS_REGION", "AWS_REGIN"));
    assert!(told.contains("no variable `AWS_REGIN`") && told.contains("did you mean `AWS_REGION`"), "{told}");
    let told = fails(&text.replace("value: eu-west-1", "valueFrom: {}"));
    assert!(told.contains("dataset.env[0]"), "{told}");

    // A runtime's initializer is what a job says less of.
    let initializer = |kind: &str| {
        format!(
            r#"replicatedJobs:
        - name: {kind}-initializer
          template: {{spec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: {kind}-initializer, image: x,
            env: [{{name: STORAGE_URI, value: "s3://runtime/{kind}"}}, {{name: AWS_REGION, value: us-west-2}}],
            envFrom: [{{secretRef: {{name: runtimes}}}}]}}]}}}}}}}}"#
        )
    };
    let found = source(&V2.replace("replicatedJobs:", &initializer("model")), "model").unwrap();
    assert_eq!((found.uri.as_deref(), found.secret.as_deref()), (Some("s3://runtime/model"), Some("runtimes")));
    let both = text.replace("replicatedJobs:", &initializer("dataset"));
    let found = source(&both, "dataset").unwrap();
    assert_eq!((found.uri.as_deref(), found.secret.as_deref()), (Some("s3://data/rows.bin"), Some("store")));
    assert_eq!(found.environment.len(), 1, "{found:?}");
    let less = both.replace(r#"storageUri: "s3://data/rows.bin", "#, "").replace("eu-west-1", "eu-west-3");
    let found = source(&less, "dataset").unwrap();
    assert_eq!(
        (found.uri.as_deref(), found.environment["AWS_REGION"].as_str()),
        (Some("s3://runtime/dataset"), "eu-west-3")
    );
    let prepared = V2.replace("replicatedJobs:", &initializer("model").replace("STORAGE_URI", "ENDPOINT"));
    assert_eq!(source(&prepared, "model"), None, "what no job asks for is not fetched");
}

#[test]
fn nothing_is_dropped_in_silence() {
    let text = V2
        .replace("suspend: true", "queueName: fast\n  runtimePatches: [{}]")
        .replace("numNodes: 3", "numNodes: 3\n    command: [python]\n    numProcPerNode: auto")
        .replace("\"--steps=30\"", "train.py")
        .replace("cpu: 2", "nvidia.com/gpu: 2, example.com/tpu: 1")
        .replace("torch: {numProcPerNode: 1}", "flux: {}");
    let error = convert(&text).unwrap_err();
    let told = error.to_string();
    for part in
        ["spec.queueName", "spec.runtimePatches", "trainer.command", "numProcPerNode", "args[1]", "gpu", "tpu", "flux"]
    {
        assert!(told.contains(part), "nothing is said of {part}: {told}");
    }
}

const PYTORCH: &str = r#"
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: {name: fit}
spec:
  runPolicy: {cleanPodPolicy: None, backoffLimit: 2, ttlSecondsAfterFinished: 60}
  elasticPolicy: {minReplicas: 2, maxReplicas: 3}
  pytorchReplicaSpecs:
    Master: {replicas: 1, restartPolicy: OnFailure, template: {spec: {containers: [{name: pytorch, image: "a/b:1"}]}}}
    Worker: {replicas: 2, template: {spec: {containers: [{name: pytorch, image: "a/b:1"}]}}}
"#;

#[test]
fn a_job_of_the_training_operator_is_read() {
    let job = convert(PYTORCH).unwrap().job;
    assert_eq!((job.spec.workers, job.spec.workers_min, job.spec.restart.max_restarts), (3, Some(2), 2));
    let tf = PYTORCH.replace("PyTorchJob", "TFJob").replace("pytorchReplicaSpecs", "tfReplicaSpecs");
    let tf = tf.replace("Master:", "Chief:").replace("  elasticPolicy: {minReplicas: 2, maxReplicas: 3}\n", "");
    assert_eq!(convert(&tf).unwrap().job.spec.success, SuccessPolicy::First);
    let servers = tf.replace("Worker:", "PS:");
    assert!(convert(&servers).unwrap_err().to_string().contains("parameter servers"));
}

#[test]
fn a_graphics_adapter_is_a_device_of_each_worker() {
    for gpu in ["nvidia.com/gpu: 1", "amd.com/gpu: \"1\""] {
        let job = convert(&V2.replace("cpu: 2", gpu)).unwrap().job;
        assert_eq!(job.spec.grants.device, Some(DeviceGrant::default()), "{gpu}");
    }
    assert_eq!(convert(&V2.replace("cpu: 2", "nvidia.com/gpu: 0")).unwrap().job.spec.grants.device, None);
    let error = convert(&V2.replace("cpu: 2", "nvidia.com/gpu: 4")).unwrap_err().to_string();
    assert!(error.contains("a worker computes on one device") && error.contains("more workers"), "{error}");
}

const MPI: &str = r#"
apiVersion: kubeflow.org/v2beta1
kind: MPIJob
metadata: {name: fit}
spec:
  slotsPerWorker: 2
  mpiImplementation: OpenMPI
  sshAuthMountPath: /home/mpiuser/.ssh
  runPolicy: {cleanPodPolicy: Running}
  mpiReplicaSpecs:
    Launcher: {replicas: 1, template: {spec: {containers: [{name: mpi, image: "a/b:1"}]}}}
    Worker: {replicas: 3, template: {spec: {containers: [{name: mpi, image: "a/b:1"}]}}}
"#;

#[test]
fn an_mpi_job_that_names_a_component_is_read_and_one_with_a_launcher_of_its_own_is_not() {
    let Converted { job, ignored } = convert(MPI).unwrap();
    assert_eq!((job.spec.component.as_str(), job.spec.workers), ("a/b:1", 6));
    assert!(ignored.iter().any(|told| told.contains("sshAuthMountPath: workers meet")), "{ignored:?}");
    let launched = MPI.replacen("image: \"a/b:1\"", "image: \"a/b:1\", command: [mpirun, ./train]", 1);
    let error = convert(&launched).unwrap_err().to_string();
    assert!(error.contains("Launcher") && error.contains("a component has no command"), "{error}");
    let alone: String =
        MPI.lines().filter(|line| !line.contains("Worker: {")).map(|line| format!("{line}\n")).collect();
    assert!(convert(&alone).unwrap_err().to_string().contains("launchers only"));
    let runtime = V2
        .replace("    numNodes: 3\n", "")
        .replace("torch: {numProcPerNode: 1}", "mpi: {numProcPerNode: 2, mpiImplementation: OpenMPI}");
    assert_eq!(convert(&runtime).unwrap().job.spec.workers, 2);
    let launcher = V2.replace("- name: node\n", "- name: launcher\n");
    assert!(convert(&launcher).unwrap_err().to_string().contains("starts workers by SSH"));
}

#[test]
fn images_that_differ_are_refused() {
    let error = convert(&PYTORCH.replacen("a/b:1", "a/c:1", 1)).unwrap_err().to_string();
    assert!(error.contains("is another than"), "{error}");
}

#[test]
fn a_runtime_that_is_not_there_is_named() {
    let alone = V2.split("---").next().unwrap();
    let error = convert(alone).unwrap_err().to_string();
    assert!(error.contains("there is no ClusterTrainingRuntime `plain` in the file"), "{error}");
    let with_image = alone.replace("numNodes: 3", "numNodes: 3\n    image: team/fit-line:1.0.0");
    assert_eq!(convert(&with_image).unwrap().job.spec.component, "team/fit-line:1.0.0");
}

#[test]
fn other_kinds_and_several_jobs_are_refused() {
    assert!(convert("apiVersion: kubeflow.org/v1\nkind: XGBoostJob\n").unwrap_err().to_string().contains("XGBoostJob"));
    assert!(convert(&format!("{PYTORCH}---{PYTORCH}")).unwrap_err().to_string().contains("2 jobs"));
    assert!(!is_manifest("apiVersion: sandmill.dev/v1\nkind: TrainJob\n"));
}
