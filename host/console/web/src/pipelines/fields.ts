// A run form's fields: what is typed in, and the values that it stands for.
// Never checks more than form; the node checks meaning.

import type { ArtifactKind, ArtifactRef, PipelineParameter, Value } from "../api/types";
import { oneLine } from "../parts/format";

/** What stands in a field: text, or an artifact that was picked. */
export type Entry = { text: string } | { artifact: ArtifactRef };

export type Entries = Readonly<Record<string, Entry>>;

const ARTIFACT_TYPES: readonly string[] = ["artifact", "data-set", "model", "metrics"] satisfies ArtifactKind[];

export function isArtifactType(type: string): type is ArtifactKind {
  return ARTIFACT_TYPES.includes(type);
}

/** A default as it is typed. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value, null, 2) : oneLine(value);
}

/** A value of an earlier run as an entry; none for what no field can hold. */
export function entryOf(value: Value): Entry | undefined {
  if ("plain" in value) {
    return { text: textOf(value.plain) };
  }
  return "artifact" in value ? { artifact: value.artifact } : undefined;
}

export interface Filled {
  values: Record<string, Value>;
  /** What is wrong with which field. */
  wrong: Record<string, string>;
}

/** The values of a form. A field that was not touched is left to its default. */
export function filled(parameters: readonly PipelineParameter[], entries: Entries): Filled {
  const result: Filled = { values: {}, wrong: {} };
  for (const parameter of parameters) {
    const entry = entries[parameter.name];
    if (entry === undefined || ("text" in entry && entry.text === "" && parameter.type !== "string")) {
      if (parameter.required) {
        result.wrong[parameter.name] = isArtifactType(parameter.type) ? "Pick an artifact, or upload a file." : "This has no default: give it a value.";
      }
      continue;
    }
    if ("artifact" in entry) {
      result.values[parameter.name] = { artifact: entry.artifact };
      continue;
    }
    const read = plainOf(parameter, entry.text);
    if ("wrong" in read) {
      result.wrong[parameter.name] = read.wrong;
    } else {
      result.values[parameter.name] = { plain: read.plain };
    }
  }
  return result;
}

function plainOf(parameter: PipelineParameter, text: string): { plain: unknown } | { wrong: string } {
  const choice = parameter.choices?.find((one) => textOf(one) === text);
  if (choice !== undefined) {
    return { plain: choice };
  }
  switch (parameter.type) {
    case "string":
      return { plain: text };
    case "boolean":
      return { plain: text === "true" };
    case "integer":
      return /^[+-]?\d+$/.test(text.trim()) ? { plain: Number(text) } : { wrong: "Write a whole number." };
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? { plain: Number(text) } : { wrong: "Write a number." };
    default:
      return jsonOf(parameter.type, text);
  }
}

function jsonOf(type: string, text: string): { plain: unknown } | { wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: `Write JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (type === "list" && !Array.isArray(value)) {
    return { wrong: "Write a JSON list, such as [1, 2]." };
  }
  return { plain: value };
}
