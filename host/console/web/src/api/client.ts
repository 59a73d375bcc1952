// One way to ask the node: typed by its OpenAPI document, refusals as errors that name what is wrong.
// Never shows anything; views decide what a refusal looks like.

import createClient from "openapi-fetch";
import { fetchSignedIn } from "../login/gate";
import type { paths } from "./schema";
import type { ArtifactRef, Problem } from "./types";

/** Paths are the node's own, so that the console works behind any address. */
export const api = createClient<paths>({ baseUrl: "location" in globalThis ? globalThis.location.origin : "", fetch: (request) => fetchSignedIn(request) });

/** Why a request was refused, or that nobody answered. */
export class Refused extends Error {
  readonly problems: readonly Problem[];
  /** 0 where nobody answered. */
  readonly status: number;

  constructor(problems: readonly Problem[], status: number) {
    super(problems.map((problem) => problem.message).join("\n"));
    this.name = "Refused";
    this.problems = problems;
    this.status = status;
  }

  /** Whether the same request may succeed later without a change. */
  get mayPass(): boolean {
    return this.status === 0 || this.status >= 500 || this.problems.some((problem) => problem.retryable);
  }
}

interface Reply<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The body of a success; anything else is thrown as `Refused`. */
export async function answered<T>(asked: Promise<Reply<T>>): Promise<T> {
  let reply: Reply<T>;
  try {
    reply = await asked;
  } catch (error) {
    throw unanswered(error);
  }
  if (!reply.response.ok) {
    throw new Refused(problemsOf(reply.error, reply.response), reply.response.status);
  }
  return reply.data as T;
}

/** Nobody answered: the node is down, or the network is. */
export function unanswered(error: unknown): unknown {
  if (error instanceof DOMException && error.name === "AbortError") {
    return error;
  }
  const hint = "is `sandmill up` running, and can this machine reach it?";
  return new Refused([{ code: "SM0703", message: "the node does not answer", hint, retryable: true }], 0);
}

/** What a refusal says, or what its status says where a proxy answered in the node's place. */
export function problemsOf(body: unknown, response: Response): Problem[] {
  if (typeof body === "object" && body !== null && "errors" in body && Array.isArray(body.errors)) {
    return body.errors as Problem[];
  }
  if (response.status === 401 || response.status === 403) {
    const hint = "sign in there as well, then reload this page";
    return [{ code: "", message: "a proxy before the node does not let this through", hint, retryable: false }];
  }
  const message = `the answer was ${response.status} ${response.statusText}`.trim();
  return [{ code: "", message, retryable: response.status >= 500 }];
}

/** What went wrong, as problems, whatever was thrown. */
export function problemsOfError(error: unknown): readonly Problem[] {
  if (error instanceof Refused) {
    return error.problems;
  }
  return [{ code: "", message: error instanceof Error ? error.message : String(error), retryable: false }];
}

/** Bytes that can be read in part: an artifact's, or those of a file in one that is a folder. */
export type Content = ArtifactRef & {
  /** Where the file stands in the folder. */
  file?: number;
};

/** Where the bytes are. */
export function contentAddress({ digest, file }: Content): string {
  const artifact = `/api/v1/artifacts/${encodeURIComponent(digest)}`;
  return file === undefined ? `${artifact}/content` : `${artifact}/files/${file}`;
}

/** A range of the bytes; fewer where they end before. */
export async function readContent(content: Content, from: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  const headers = { range: `bytes=${from}-${from + length - 1}` };
  const response = await fetchSignedIn(contentAddress(content), signal ? { headers, signal } : { headers }).catch((error: unknown) => {
    throw unanswered(error);
  });
  if (response.status === 416) {
    return new Uint8Array();
  }
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined);
    throw new Refused(problemsOf(body, response), response.status);
  }
  return new Uint8Array(await response.arrayBuffer());
}
