// Where an artifact came from and what was made of it, as far as somebody looked: steps and artifacts as a graph.
// Never follows a way that nobody asked for; each step is asked for its own inputs and outputs.

import type { ArtifactDetail, ArtifactRef, StepDetail, Value } from "../api/types";
import type { GraphNode } from "../graph/nested";
import type { Face } from "../graph/paint";
import { componentName, shortDigest, shortId } from "../parts/format";
import { artifactsOf } from "../parts/ValueView";

/** A step of a run, by which lineage leads on. */
export interface StepPlace {
  run: string;
  step: string;
}

export const stepKey = ({ run, step }: StepPlace): string => `step ${run} ${step}`;
export const artifactKey = (digest: string): string => `artifact ${digest}`;

export interface LineageGraph {
  nodes: GraphNode[];
  faces: Map<string, Face>;
}

/** Steps that stand right before and behind an artifact. */
export function neighboursOf(item: ArtifactDetail): StepPlace[] {
  const maker = item.run !== undefined && item.run !== null && item.step !== undefined && item.step !== null ? [{ run: item.run, step: item.step }] : [];
  return [...maker, ...item.uses.map(({ run, step }) => ({ run, step }))];
}

const all = (values: Record<string, Value> | null | undefined): ArtifactRef[] => Object.values(values ?? {}).flatMap(artifactsOf);

export function lineageOf(
  items: readonly ArtifactDetail[],
  steps: ReadonlyMap<string, StepDetail>,
  places: ReadonlyMap<string, StepPlace>,
): LineageGraph {
  const needs = new Map<string, Set<string>>();
  const faces = new Map<string, Face>();
  const known = new Map<string, ArtifactRef>(items.map((item) => [item.digest, item]));
  const edge = (from: string, to: string): void => {
    needs.set(from, needs.get(from) ?? new Set());
    needs.set(to, (needs.get(to) ?? new Set()).add(from));
  };
  for (const [key, place] of places) {
    const detail = steps.get(key);
    needs.set(key, needs.get(key) ?? new Set());
    faces.set(key, { title: place.step, detail: `${componentName(detail?.component ?? "")} · run ${shortId(place.run)}`, status: detail?.status ?? "waiting", reused: detail?.reused ?? false });
    for (const input of all(detail?.inputs)) {
      known.set(input.digest, known.get(input.digest) ?? input);
      edge(artifactKey(input.digest), key);
    }
    for (const output of all(detail?.outputs)) {
      known.set(output.digest, known.get(output.digest) ?? output);
      edge(key, artifactKey(output.digest));
    }
  }
  for (const [digest, one] of known) {
    needs.set(artifactKey(digest), needs.get(artifactKey(digest)) ?? new Set());
    faces.set(artifactKey(digest), { title: one.metadata?.["name"] ?? `${one.kind} ${shortDigest(digest)}`, detail: one.mediaType, status: "planned", reused: false });
  }
  const nodes = [...needs].map(([id, before]): GraphNode => ({ id, needs: [...before], inside: [], holds: false }));
  return { nodes, faces };
}
