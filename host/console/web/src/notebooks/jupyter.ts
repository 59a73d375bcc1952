// The node's Jupyter interface, as far as notebooks need it: files, sessions, kernels.
// Never keeps an answer; what is asked again and again has its place among the queries below.

import { queryOptions } from "@tanstack/react-query";
import { Refused, unanswered } from "../api/client";
import { fetchSignedIn } from "../login/gate";
import type { Json, KernelSpec } from "./nbformat";

/** A file or folder among the notebooks. */
export interface Entry {
  name: string;
  path: string;
  type: "notebook" | "directory" | "file";
  last_modified: string;
  size: number | null;
  content: unknown;
}

export interface KernelModel {
  id: string;
  name: string;
  last_activity: string;
  /** Jupyter has no word for a session that is paused: it is `unknown`. */
  execution_state: "starting" | "idle" | "busy" | "dead" | "unknown";
  connections: number;
  /** What a dead one died of, and what one waits for whose start takes long. */
  reason?: string;
}

/** A notebook's path beside the kernel that runs it. */
export interface SessionModel {
  id: string;
  path: string;
  kernel: KernelModel;
}

export interface Variable {
  name: string;
  type: string;
  summary: string;
}

/** A body that is sent on while the page goes away has to be smaller than this, in bytes; browsers say so. */
const KEPT_ALIVE_BYTES_MAX = 60_000;

/** Whether a browser sends this on while the page goes away. */
export const canLeaveWith = (content: Json): boolean => new Blob([JSON.stringify(content)]).size < KEPT_ALIVE_BYTES_MAX;

interface Asking {
  method?: string;
  body?: unknown;
  /** Whether the page may go away meanwhile. */
  leaving?: boolean;
}

async function ask(path: string, { method = "GET", body, leaving = false }: Asking = {}): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  const keepalive = leaving && (text === undefined || new Blob([text]).size < KEPT_ALIVE_BYTES_MAX);
  const options = text === undefined ? { method } : { method, headers, body: text, keepalive };
  const response = await fetchSignedIn(path, options).catch((error: unknown) => {
    throw unanswered(error);
  });
  if (response.status === 204) {
    return undefined;
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw refused(answer, response);
  }
  return answer;
}

/** Jupyter's own form of a refusal. */
function refused(answer: unknown, response: Response): Refused {
  const said = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  const word = (name: string): string => (typeof said[name] === "string" ? said[name] : "");
  const message = word("message") === "" ? `the answer was ${response.status} ${response.statusText}`.trim() : word("message");
  const hint = word("reason") === "" ? {} : { hint: word("reason") };
  return new Refused([{ code: word("code"), message, retryable: response.status >= 500, ...hint }], response.status);
}

const inside = (path: string): string => path.split("/").filter((part) => part !== "").map(encodeURIComponent).join("/");
const file = (path: string): string => (path === "" ? "/api/contents" : `/api/contents/${inside(path)}`);

export const readFile = async (path: string): Promise<Entry> => (await ask(file(path))) as Entry;

/** What is known of a file without its content. */
export const aboutFile = async (path: string): Promise<Entry> => (await ask(`${file(path)}?content=0`)) as Entry;

export const saveFile = async (path: string, content: Json, leaving = false): Promise<Entry> =>
  (await ask(file(path), { method: "PUT", body: { type: "notebook", format: "json", content }, leaving })) as Entry;

/** A new notebook without a name of its own. */
export const makeNotebook = async (folder: string): Promise<Entry> => (await ask(file(folder), { method: "POST", body: { type: "notebook" } })) as Entry;

export const renameFile = async (path: string, to: string): Promise<Entry> => (await ask(file(path), { method: "PATCH", body: { path: to } })) as Entry;

export const removeFile = async (path: string): Promise<void> => {
  await ask(file(path), { method: "DELETE" });
};

const notebookSessions = async (): Promise<SessionModel[]> => (await ask("/api/sessions")) as SessionModel[];

/** All sessions. Clients that keep their notebooks elsewhere have kernels without a path. */
export const sessions = async (): Promise<SessionModel[]> => {
  const [named, kernels] = await Promise.all([notebookSessions(), ask("/api/kernels") as Promise<KernelModel[]>]);
  const others = kernels.filter(({ id }) => named.every((session) => session.kernel.id !== id));
  return [...named, ...others.map((one) => ({ id: one.id, path: "", kernel: one }))];
};

/** The session of a notebook: the one that it has, else a new one. */
export const beginSession = async (path: string, kernel: string): Promise<SessionModel> => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (await ask("/api/sessions", { method: "POST", body: { path, name, type: "notebook", kernel: { name: kernel } } })) as SessionModel;
};

/** The kernels that the node has a name for, its own Python first. */
export const kernelSpecs = async (): Promise<KernelSpec[]> => {
  const told = (await ask("/api/kernelspecs")) as { kernelspecs: Record<string, { spec: { display_name: string } }> };
  return Object.entries(told.kernelspecs).map(([name, { spec }]) => ({ name, label: spec.display_name }));
};

export const moveSession = async (id: string, path: string): Promise<void> => {
  await ask(`/api/sessions/${encodeURIComponent(id)}`, { method: "PATCH", body: { path } });
};

const kernel = (id: string): string => `/api/kernels/${encodeURIComponent(id)}`;

/** Ends a session: what it has defined is gone. */
export const endSession = async (id: string): Promise<void> => {
  await ask(kernel(id), { method: "DELETE" });
};

export const aboutKernel = async (id: string): Promise<KernelModel> => (await ask(kernel(id))) as KernelModel;

export const interruptKernel = async (id: string): Promise<void> => {
  await ask(`${kernel(id)}/interrupt`, { method: "POST" });
};

export const restartKernel = async (id: string): Promise<void> => {
  await ask(`${kernel(id)}/restart`, { method: "POST" });
};

export const variablesOf = async (id: string): Promise<Variable[]> => (await ask(`${kernel(id)}/variables`)) as Variable[];

const OFTEN_MILLIS = 5_000;

export const folderQuery = (path: string) =>
  queryOptions({ queryKey: ["notebooks", path], queryFn: async () => (await readFile(path)).content as Entry[], refetchInterval: OFTEN_MILLIS });

export const kernelSpecsQuery = () => queryOptions({ queryKey: ["kernelspecs"], queryFn: kernelSpecs });

export const sessionsQuery = () => queryOptions({ queryKey: ["sessions"], queryFn: sessions, refetchInterval: OFTEN_MILLIS });
