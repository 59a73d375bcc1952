// Cells of a notebook as a step of a pipeline: a document that runs them, by the component that runs Python.
// Never changes what a cell says; what only a notebook has is put before them or left to the node.

import { stringify } from "yaml";

export interface StepCell {
  id: string;
  source: string;
}

/** How the SDK of Kubeflow Pipelines runs a function whose text stands in the document; the node calls it directly. */
const PROGRAM = `program_path=$(mktemp -d)
printf "%s" "$0" > "$program_path/ephemeral_component.py"
python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"
`;

const FUNCTION = "run_cells";

/** What cells find in a notebook and not in a program. */
const PROLOGUE = `def display(*values, **options):
    for value in values:
        print(value)

`;

/** The function is called once everything above it ran. */
const EPILOGUE = `

def ${FUNCTION}():
    """The cells above are this step."""
`;

const MAGIC = /^%pip\s+install\s+(.+)$/;

/** The packages that cells ask for. */
export function packagesOf(cells: readonly StepCell[]): string[] {
  const lines = cells.flatMap(({ source }) => source.split("\n"));
  const asked = lines.flatMap((line) => MAGIC.exec(line.trim())?.[1]?.split(/\s+/) ?? []);
  return [...new Set(asked.filter((word) => !word.startsWith("-")))];
}

/** The source of the step: the cells, one below the other. */
export function sourceOf(cells: readonly StepCell[]): string {
  const texts = cells.map(({ id, source }) => `# Cell ${id}\n${source.replace(/^[%!].*$/gm, (line) => `# ${line}`).trimEnd()}\n`);
  return PROLOGUE + texts.join("\n") + EPILOGUE;
}

/** A name of lower-case letters, digits and hyphens, as pipelines have them. */
export function nameFrom(words: string): string {
  const name = words.toLowerCase().replace(/\.ipynb$/, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return /^[a-z]/.test(name) ? name.slice(0, 60).replace(/-+$/, "") : `notebook-${name}`.slice(0, 60).replace(/-+$/, "");
}

/** The document of a pipeline whose only step runs these cells. */
export function stepDocument(name: string, cells: readonly StepCell[]): string {
  const packages = packagesOf(cells);
  const pip = packages.length === 0 ? [] : ["sh", "-c", `python3 -m pip install ${packages.map((one) => `'${one.replaceAll("'", "")}'`).join(" ")} && "$0" "$@"`];
  const container = {
    image: "python:3.14",
    command: [...pip, "sh", "-ec", PROGRAM, sourceOf(cells)],
    args: ["--executor_input", "{{$}}", "--function_to_execute", FUNCTION],
  };
  const task = { cachingOptions: {}, componentRef: { name: `comp-${name}` }, taskInfo: { name } };
  const document = {
    pipelineInfo: { name },
    root: { dag: { tasks: { [name]: task } } },
    components: { [`comp-${name}`]: { executorLabel: `exec-${name}` } },
    deploymentSpec: { executors: { [`exec-${name}`]: { container } } },
    schemaVersion: "2.1.0",
    sdkVersion: "kfp-2.17.0",
  };
  return `# Cells of a notebook as a step: their text stands below, under \`command\`.\n${stringify(document, { lineWidth: 0, blockQuote: "literal" })}`;
}
