// An artifact, its maker and its users become one graph, with what those took and gave besides.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { ArtifactDetail, ArtifactRef, StepDetail } from "../api/types";
import { artifactKey, lineageOf, neighboursOf, stepKey } from "./lineage";

const ref = (digest: string): ArtifactRef => ({ digest, kind: "model", mediaType: "x/y", sizeBytes: 1 });
const item: ArtifactDetail = { ...ref("sha256:m"), run: "r", step: "train", output: "model", madeAtMillis: 1, uses: [{ run: "q", step: "score", parameter: "model" }] };

function detail(name: string, inputs: string[], outputs: string[]): StepDetail {
  const values = (digests: string[]): Record<string, { artifact: ArtifactRef }> => Object.fromEntries(digests.map((digest) => [digest, { artifact: ref(digest) }]));
  return { name, kind: "step", status: "succeeded", attempts: 1, reused: false, component: "a/b:1@sha256:c", attemptList: [], inputs: values(inputs), outputs: values(outputs) };
}

describe("lineage", () => {
  it("leads both ways", () => {
    const places = new Map(neighboursOf(item).map((place) => [stepKey(place), place]));
    expect([...places.keys()]).toEqual(["step r train", "step q score"]);
    const steps = new Map([
      ["step r train", detail("train", ["sha256:t"], ["sha256:m"])],
      ["step q score", detail("score", ["sha256:m", "sha256:v"], ["sha256:s"])],
    ]);
    const { nodes, faces } = lineageOf([item], steps, places);
    const needs = new Map(nodes.map((node) => [node.id, [...node.needs].sort()]));
    expect(needs.get("step r train")).toEqual([artifactKey("sha256:t")]);
    expect(needs.get(artifactKey("sha256:m"))).toEqual(["step r train"]);
    expect(needs.get("step q score")).toEqual([artifactKey("sha256:m"), artifactKey("sha256:v")]);
    expect(needs.get(artifactKey("sha256:s"))).toEqual(["step q score"]);
    expect(faces.get("step r train")?.detail).toBe("b · run r");
  });

  it("has a place for an upload that nobody used", () => {
    const upload: ArtifactDetail = { ...ref("sha256:u"), madeAtMillis: 1, uses: [] };
    expect(lineageOf([upload], new Map(), new Map()).nodes).toHaveLength(1);
  });
});
