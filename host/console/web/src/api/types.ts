// The types of the REST interface under the names that views use.
// Never a type of the console's own.

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Run = Schemas["Run"];
export type RunDetail = Schemas["RunDetail"];
export type RunPage = Schemas["RunPage"];
export type RunPlan = Schemas["RunPlan"];
export type PlannedTask = Schemas["PlannedTask"];
export type Step = Schemas["Step"];
export type StepDetail = Schemas["StepDetail"];
export type StepCall = Schemas["StepCall"];
export type Attempt = Schemas["Attempt"];
export type Usage = Schemas["Usage"];
export type Signer = Schemas["Signer"];
export type LogLine = Schemas["LogLine"];
export type LogLines = Schemas["LogLines"];
export type MetricPoint = Schemas["MetricPoint"];
export type MetricPage = Schemas["MetricPoints"];
export type Progress = Schemas["Progress"];
/** The document tags these by `type`, which the printed type leaves out beside a reference. */
export type StreamEvent =
  | ({ type: "history" } & Schemas["HistoryEvent"])
  | ({ type: "log" } & LogLine)
  | ({ type: "progress" } & Progress)
  | ({ type: "metric" } & Schemas["Metric"])
  | ({ type: "job" } & JobEvent)
  | ({ type: "points" } & Schemas["Points"]);
export type JobEvent = Schemas["JobEvent"];
export type Job = Schemas["TrainJob"];
export type JobDetail = Schemas["TrainJobDetail"];
export type CheckedJob = Schemas["CheckedTrainJob"];
/** A point of a series, wherever it was read. */
export type SeriesPoint = Pick<MetricPoint, "step" | "name" | "index" | "value">;
export type Artifact = Schemas["Artifact"];
export type ArtifactDetail = Schemas["ArtifactDetail"];
export type ArtifactFile = Schemas["ArtifactFile"];
export type ArtifactKind = Schemas["ArtifactKind"];
export type ArtifactRef = Schemas["ArtifactRef"];
export type Value = Schemas["Value"];
export type Login = Schemas["Login"];
export type Problem = Schemas["Problem"];
export type CheckedPipeline = Schemas["CheckedPipeline"];
export type PipelineParameter = Schemas["PipelineParameter"];
export type WitFunction = Schemas["Function"];
export type Pipeline = Schemas["Pipeline"];
export type PipelineVersion = Schemas["PipelineVersion"];
export type ComponentDetail = Schemas["ComponentDetail"];
export type NodeLoad = Schemas["NodeLoad"];
export type Experiment = Schemas["Experiment"];
export type Schedule = Schemas["Schedule"];
export type Timing = Schemas["Timing"];
