// What views ask for again and again, each under one key.
// Never asks twice at once: equal keys share an answer.

import { keepPreviousData, QueryClient, queryOptions } from "@tanstack/react-query";
import { answered, api, Refused } from "./client";
import type { MetricPage, MetricPoint } from "./types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What may pass is asked for again; what is wrong is shown at once.
      retry: (count, error) => error instanceof Refused && error.mayPass && count < 3,
      refetchOnWindowFocus: true,
    },
  },
});

export interface RunFilter {
  pipeline?: string;
  status?: string;
  experiment?: string;
  schedule?: string;
  component?: string;
  page?: string;
}

/** How often a list with something under way is read again. */
const BUSY_MILLIS = 2_000;
const IDLE_MILLIS = 15_000;

export const runList = (filter: RunFilter, limit = 50) =>
  queryOptions({
    queryKey: ["runs", filter, limit],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/runs", { params: { query: { ...filter, limit } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const busy = state.data?.items.some((run) => run.finishedAtMillis === undefined) ?? false;
      return busy ? BUSY_MILLIS : IDLE_MILLIS;
    },
  });

export interface JobFilter {
  name?: string;
  status?: string;
  page?: string;
}

export const jobList = (filter: JobFilter, limit = 50) =>
  queryOptions({
    queryKey: ["jobs", filter, limit],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/train-jobs", { params: { query: { ...filter, limit } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const busy = state.data?.items.some((job) => job.finishedAtMillis === undefined && job.status !== "suspended") ?? false;
      return busy ? BUSY_MILLIS : IDLE_MILLIS;
    },
  });

/** A job as it is now; its page follows it live instead. */
export const jobDetail = (job: string) =>
  queryOptions({
    queryKey: ["job", job],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/train-jobs/{job}", { params: { path: { job } }, signal })),
  });

/** A run without its steps' details; pages of one run follow it live instead. */
export const runDetail = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/runs/{run}", { params: { path: { run }, query: { limit: 10_000 } }, signal })),
  });

export const runPlan = (run: string) =>
  queryOptions({
    queryKey: ["plan", run],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/runs/{run}/plan", { params: { path: { run } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const runDocument = (run: string) =>
  queryOptions({
    queryKey: ["document", run],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/runs/{run}/document", { params: { path: { run } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** `version` changes whenever the step does, so that what is shown is never older than its status. */
export const runStep = (run: string, step: string, version: string) =>
  queryOptions({
    queryKey: ["step", run, step, version],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/runs/{run}/steps/{step}", { params: { path: { run, step } }, signal })),
    placeholderData: (previous, query) => (query?.queryKey[2] === step ? previous : undefined),
  });

/** All points of the series that a run reported; `version` changes whenever there may be more. */
export const runMetrics = (run: string, version: string) =>
  queryOptions({
    queryKey: ["metrics", run, version],
    queryFn: ({ signal }) => allPoints((after) => answered(api.GET("/api/v1/runs/{run}/metrics", { params: { path: { run }, query: { after } }, signal }))),
    placeholderData: keepPreviousData,
  });

/** The same of a training job. */
export const jobMetrics = (job: string, version: string) =>
  queryOptions({
    queryKey: ["job-metrics", job, version],
    queryFn: ({ signal }) => allPoints((after) => answered(api.GET("/api/v1/train-jobs/{job}/metrics", { params: { path: { job }, query: { after } }, signal }))),
    placeholderData: keepPreviousData,
  });

async function allPoints(read: (after: number) => Promise<MetricPage>): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  let after = 0;
  for (;;) {
    const page = await read(after);
    points.push(...page.items);
    if (page.next === undefined || page.next === null) {
      return points;
    }
    after = page.next;
  }
}

export const artifact = (digest: string) =>
  queryOptions({
    queryKey: ["artifact", digest],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/artifacts/{digest}", { params: { path: { digest } }, signal })),
  });

export interface ArtifactFilter {
  run?: string;
  page?: string;
}

export const artifactList = (filter: ArtifactFilter, limit = 50) =>
  queryOptions({
    queryKey: ["artifacts", filter, limit],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/artifacts", { params: { query: { ...filter, limit } }, signal })),
    placeholderData: keepPreviousData,
  });

export const pipelines = () =>
  queryOptions({ queryKey: ["pipelines"], queryFn: ({ signal }) => answered(api.GET("/api/v1/pipelines", { signal })) });

export const pipeline = (id: string) =>
  queryOptions({
    queryKey: ["pipelines", id],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/pipelines/{pipeline}", { params: { path: { pipeline: id } }, signal })),
  });

export const pipelineVersions = (id: string) =>
  queryOptions({
    queryKey: ["pipelines", id, "versions"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/pipelines/{pipeline}/versions", { params: { path: { pipeline: id } }, signal })),
  });

export const pipelineVersion = (id: string, version: string) =>
  queryOptions({
    queryKey: ["pipelines", id, "versions", version],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/pipelines/{pipeline}/versions/{version}", { params: { path: { pipeline: id, version } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const schedules = () =>
  queryOptions({
    queryKey: ["schedules"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/schedules", { signal })),
    refetchInterval: IDLE_MILLIS,
  });

export const schedule = (id: string, next: number) =>
  queryOptions({
    queryKey: ["schedules", id, next],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/schedules/{schedule}", { params: { path: { schedule: id }, query: { next } }, signal })),
    refetchInterval: IDLE_MILLIS,
  });

export const repositories = () =>
  queryOptions({ queryKey: ["components"], queryFn: ({ signal }) => answered(api.GET("/api/v1/components", { signal })) });

export const component = (reference: string) =>
  queryOptions({
    queryKey: ["components", reference],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/components/{component}", { params: { path: { component: reference } }, signal })),
  });

/** The files of an artifact that is a folder; what is under a digest never changes. */
export const artifactFiles = (digest: string, page: string | null) =>
  queryOptions({
    queryKey: ["files", digest, page],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/artifacts/{digest}/files", { params: { path: { digest }, query: page === null ? {} : { page } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const callingPipelines = (component: string, page: string | null) =>
  queryOptions({
    queryKey: ["callers", component, page],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/calling-pipelines", { params: { query: { component, ...(page === null ? {} : { page }), limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const load = () =>
  queryOptions({
    queryKey: ["load"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/node/load", { signal })),
    refetchInterval: BUSY_MILLIS,
  });

/** The steps of a run that failed; `version` changes with the run. */
export const failedSteps = (run: string, version: string) =>
  queryOptions({
    queryKey: ["failed", run, version],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/runs/{run}", { params: { path: { run }, query: { status: "failed", limit: 20 } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const experiments = () =>
  queryOptions({
    queryKey: ["experiments"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/experiments", { signal })),
  });

export const node = () =>
  queryOptions({
    queryKey: ["node"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/node", { signal })),
    staleTime: 60_000,
  });
