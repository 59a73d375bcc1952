// The document that a new job starts from.
// Never one that needs anything but the built-in components.

export const STARTER = `# A job trains a component that exports sandmill:train/trainable. A data set that is
# left open here, as \`text\`, is given beside the document.
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata:
  name: my-first-job
spec:
  component: sandmill/train-language-model:0.1.0
  workers: 1
  seed: 7
  settings:
    steps: 300
    batch: 8
    context: 32
  dataSets:
    text: {}
  grants:
    device:
      memory: 256MiB
  evaluateEverySteps: 100
  checkpoint:
    everySteps: 100
`;
