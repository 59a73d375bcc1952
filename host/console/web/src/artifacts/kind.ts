// How an artifact is shown, told from its media type and what its maker attached.
// Never from its bytes.

import type { Content } from "../api/client";

export type Shown = "metrics" | "kfp-metrics" | "table" | "arrow" | "parquet" | "image" | "json" | "html" | "markdown" | "folder" | "text" | "nothing" | "bytes";

const BY_TYPE: Record<string, Shown> = {
  "application/vnd.sandmill.metrics.v1+json": "metrics",
  "application/vnd.apache.arrow.stream": "arrow",
  "application/vnd.apache.parquet": "parquet",
  "application/x-parquet": "parquet",
  "text/csv": "table",
  "text/tab-separated-values": "table",
  "text/html": "html",
  "text/markdown": "markdown",
  "text/x-markdown": "markdown",
};

const BY_KFP_TYPE: Record<string, Shown> = {
  "system.Metrics": "kfp-metrics",
  "system.ClassificationMetrics": "kfp-metrics",
  "system.SlicedClassificationMetrics": "kfp-metrics",
  "system.HTML": "html",
  "system.Markdown": "markdown",
};

export function baseType(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

const FOLDER_TYPE = "application/x-tar";

/** A folder is one whatever it holds; an archive that lies in one is only bytes. */
export function shownAs(artifact: Content): Shown {
  if (baseType(artifact.mediaType) === FOLDER_TYPE && artifact.sizeBytes > 0) {
    return artifact.file === undefined ? "folder" : "bytes";
  }
  const kubeflow = BY_KFP_TYPE[artifact.metadata?.["kfp.type"] ?? ""];
  if (kubeflow === "kfp-metrics" || (kubeflow !== undefined && artifact.sizeBytes > 0)) {
    return kubeflow;
  }
  if (artifact.metadata?.["kfp.external"] !== undefined || artifact.sizeBytes === 0) {
    return "nothing";
  }
  const type = baseType(artifact.mediaType);
  const known = BY_TYPE[type];
  if (known !== undefined) {
    return known;
  }
  if (type.startsWith("image/")) {
    return "image";
  }
  if (type === "application/json" || type.endsWith("+json")) {
    return "json";
  }
  return type.startsWith("text/") || type === "application/yaml" || type === "application/x-yaml" ? "text" : "bytes";
}
