// The first segments of the addresses of views.
// Never anything else: src/lib.rs of this crate has the same list, and a test holds the two together.

export const PLACES = [
  "artifacts",
  "compare",
  "components",
  "experiments",
  "jobs",
  "notebooks",
  "overview",
  "pipelines",
  "runs",
  "schedules",
] as const;

export type Place = (typeof PLACES)[number];
