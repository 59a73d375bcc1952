//! A manifest as the notebook controller's own web page writes it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{Notebook, read};
use crate::ByteSize;

const MANIFEST: &str = "
apiVersion: kubeflow.org/v1
kind: Notebook
metadata:
  name: survey
  namespace: team
  labels: { app: survey }
  annotations: { notebooks.kubeflow.org/server-type: jupyter }
spec:
  template:
    spec:
      serviceAccountName: default-editor
      containers:
        - name: survey
          image: sandmill/run-python:0.1.0
          imagePullPolicy: IfNotPresent
          env: [{ name: YEAR, value: '2026' }]
          resources: { requests: { cpu: '0.5', memory: 256Mi }, limits: { cpu: '0.6', memory: 512Mi } }
          volumeMounts: [{ name: dshm, mountPath: /dev/shm }]
      volumes: [{ name: dshm, emptyDir: { medium: Memory } }]
";

#[test]
fn what_the_controllers_own_page_writes_is_read_and_the_rest_is_told_by_path() {
    let (notebook, ignored) = read(MANIFEST).unwrap();
    let expected = Notebook {
        name: "survey".into(),
        kernel: Some("sandmill/run-python:0.1.0".into()),
        environment: [("YEAR".to_owned(), "2026".to_owned())].into(),
        memory: Some(ByteSize(512 << 20)),
        ..Notebook::default()
    };
    assert_eq!(notebook, expected);
    let told = |path: &str| ignored.iter().any(|told| told.starts_with(path));
    assert!(told("metadata.annotations.notebooks.kubeflow.org/server-type:"), "{ignored:?}");
    assert!(told("spec.template.spec.containers[0].resources.limits.cpu:"), "{ignored:?}");
    assert!(told("spec.template.spec.volumes[0].emptyDir:"), "{ignored:?}");
}

#[test]
fn older_versions_are_read_and_a_stopped_notebook_is_paused() {
    let text = MANIFEST.replacen("kubeflow.org/v1", "kubeflow.org/v1beta1", 1);
    let text = text.replacen("annotations: {", "annotations: { kubeflow-resource-stopped: '2026-01-01T00:00:00Z',", 1);
    assert!(read(&text).unwrap().0.paused);
    let other = MANIFEST.replacen("kubeflow.org/v1", "kubeflow.org/v2", 1);
    assert!(read(&other).unwrap_err().to_string().contains("kubeflow.org/v2"));
}

#[test]
fn one_graphics_processor_is_the_nodes_device() {
    for name in ["nvidia.com/gpu", "amd.com/gpu"] {
        let text = MANIFEST.replacen("{ cpu: '0.6',", &format!("{{ {name}: 1,"), 1);
        assert!(read(&text).unwrap().0.device, "{name}");
    }
}

#[test]
fn what_cannot_be_kept_is_refused_by_its_path() {
    for (from, to, path) in [
        ("imagePullPolicy: IfNotPresent", "command: [jupyter]", "containers[0].command"),
        ("emptyDir: { medium: Memory }", "persistentVolumeClaim: { claimName: x }", "volumes[0].persistentVolumeClaim"),
        ("{ cpu: '0.6',", "{ nvidia.com/gpu: 2,", "containers[0].resources.limits.nvidia.com/gpu"),
        ("{ cpu: '0.6',", "{ example.org/fpga: 1,", "containers[0].resources.limits.example.org/fpga"),
        ("[{ name: YEAR, value: '2026' }]", "[{ name: YEAR, valueFrom: {} }]", "containers[0].env[0]"),
        ("serviceAccountName", "hostNetwork", "spec.template.spec.hostNetwork"),
        ("image: sandmill/run-python:0.1.0", "stdin: true", "spec"),
    ] {
        let error = read(&MANIFEST.replacen(from, to, 1)).unwrap_err();
        assert!(error.problems.iter().any(|problem| problem.path.ends_with(path)), "{path}: {error}");
    }
}

#[test]
fn a_document_of_our_own_names_a_notebook_and_what_it_is_run_with() {
    let text = "
apiVersion: sandmill.dev/v1
kind: Notebook
metadata: { name: survey }
spec:
  notebook: report.ipynb
  parameters: { year: 2026, title: A year }
  kernel: acme/kernel:1.0.0
  platform: read
  environment: { STAGE: test }
  memory: 256Mi
";
    let (notebook, ignored) = read(text).unwrap();
    let expected = Notebook {
        name: "survey".into(),
        file: Some("report.ipynb".into()),
        parameters: [("year".to_owned(), 2026.into()), ("title".to_owned(), "A year".into())].into(),
        kernel: Some("acme/kernel:1.0.0".into()),
        platform: Some("read".into()),
        environment: [("STAGE".to_owned(), "test".to_owned())].into(),
        memory: Some(ByteSize(256 << 20)),
        ..Notebook::default()
    };
    assert_eq!((notebook, ignored), (expected, Vec::new()));
    let refused = read(&text.replace("platform: read", "platfrom: read")).unwrap_err();
    assert_eq!(refused.problems[0].path, "spec.platfrom");
}
