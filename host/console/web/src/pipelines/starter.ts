// The document that a new pipeline starts from.
// Never one that needs anything but the built-in components.

export const STARTER = `# A pipeline is steps; a step calls a function of a component that is named by
# its reference. What a step gives is another's argument: \${steps.NAME.OUTPUT}.
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata:
  name: my-first-pipeline
  description: Reads a table and splits its rows.
spec:
  parameters:
    file:
      type: artifact
      description: A table, as CSV or Parquet.
    fraction:
      type: number
      description: The share of rows in the first part.
      default: 0.8
  steps:
    load:
      component: sandmill/load-table:0.1.0
      function: load-table
      arguments:
        file: \${parameters.file}
    split:
      component: sandmill/split-rows:0.1.0
      arguments:
        table: \${steps.load.table}
        fraction: \${parameters.fraction}
        seed: 7
`;
