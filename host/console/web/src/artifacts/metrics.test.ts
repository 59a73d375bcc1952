// Both forms of evaluations become the one that is drawn; what is missing or wrong is left out.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { ArtifactRef } from "../api/types";
import { areaUnder, kubeflowEvaluation, ownEvaluation } from "./metrics";

function kubeflow(metadata: unknown): ArtifactRef {
  const text = typeof metadata === "string" ? metadata : JSON.stringify(metadata);
  return { digest: "sha256:00", kind: "metrics", mediaType: "x/y", sizeBytes: 0, metadata: { "kfp.metadata": text } };
}

describe("evaluations", () => {
  it("are read in Sandmill's own form", () => {
    const found = ownEvaluation({
      scalars: { accuracy: 0.9, name: "x" },
      classes: [{ label: "a", precision: 1, recall: 0.5, f1: 0.66, support: 4 }],
      confusion: { labels: ["a", "b"], counts: [[1, 0], [0, 1]] },
    });
    expect(found.scalars).toEqual({ accuracy: 0.9 });
    expect([found.classes[0]?.recall, found.confusion?.labels]).toEqual([0.5, ["a", "b"]]);
  });

  it("are read in Kubeflow's form", () => {
    const found = kubeflowEvaluation(
      kubeflow({
        accuracy: 0.8,
        confusionMatrix: { annotationSpecs: [{ displayName: "cat" }, { displayName: "dog" }], rows: [{ row: [3, 1] }, { row: [0, 4] }] },
        confidenceMetrics: [
          { confidenceThreshold: 0.1, recall: 1, falsePositiveRate: 1 },
          { confidenceThreshold: 2, recall: 0, falsePositiveRate: 0 },
        ],
      }),
    );
    expect(found.confusion).toEqual({ labels: ["cat", "dog"], counts: [[3, 1], [0, 4]] });
    expect([found.scalars["accuracy"], found.roc[0]?.falsePositiveRate, areaUnder(found.roc)]).toEqual([0.8, 0, 0.5]);
  });

  it("survive what is no evaluation", () => {
    for (const odd of [null, 7, [], { confusion: 1, classes: {}, scalars: [] }]) {
      expect(ownEvaluation(odd).confusion).toBeUndefined();
    }
    expect(kubeflowEvaluation(kubeflow("no JSON")).scalars).toEqual({});
  });
});
