// The steps of a document and what each needs, read from the text alone while it is being written.
// Never the truth about a document: once the node has checked it, the node's tasks are shown.

import { parse } from "yaml";
import type { PlannedTask } from "../api/types";

const REFERENCE = /\$\{steps\.([a-z0-9-]+)\./g;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Tasks of a document of Sandmill's own; none where the text is no such document yet. */
export function outlineOf(text: string): PlannedTask[] | undefined {
  let document: unknown;
  try {
    document = parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
  const spec = isObject(document) && isObject(document["spec"]) ? document["spec"] : undefined;
  const steps = spec !== undefined && isObject(spec["steps"]) ? spec["steps"] : undefined;
  if (steps === undefined) {
    return undefined;
  }
  return Object.entries(steps).map(([name, step]) => {
    const inner = isObject(step) ? step : {};
    const after = Array.isArray(inner["after"]) ? inner["after"].filter((one): one is string => typeof one === "string") : [];
    const named = [...JSON.stringify(inner).matchAll(REFERENCE)].map((match) => match[1] ?? "");
    const needs = [...new Set([...after, ...named])].filter((need) => need in steps && need !== name);
    const component = typeof inner["component"] === "string" ? { component: inner["component"] } : {};
    return { name, kind: "step", needs, ...component };
  });
}
