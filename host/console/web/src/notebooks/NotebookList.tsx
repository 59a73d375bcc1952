// All notebooks of a folder and the sessions at work; a new one is a click away.
// Never runs a cell.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { useAddress } from "../app/address";
import { ColumnHeads, Empty, Loading, Moment, Page } from "../parts/Basics";
import { bytes } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { beginSession, endSession, folderQuery, makeNotebook, removeFile, sessionsQuery, type Entry, type SessionModel } from "./jupyter";
import { PYTHON } from "./nbformat";
import { folderAddress, notebookAddress } from "./paths";

export default function NotebookList(): ReactElement {
  const [query] = useAddress();
  const folder = query.get("folder") ?? "";
  const { data, error } = useQuery(folderQuery(folder));
  const sessions = useQuery(sessionsQuery());
  const make = useNewNotebook(folder);
  const entries = (data ?? []).filter(({ type }) => type !== "file");
  const newButton = (
    <button type="button" className="primary" disabled={make.isPending} onClick={() => make.mutate()}>
      <Icon name="plus" /> New notebook
    </button>
  );
  return (
    <Page title={folder === "" ? "Notebooks" : folder} above={folder === "" ? undefined : <Link href="/notebooks">Notebooks</Link>} actions={newButton}>
      {make.error === null ? null : <Trouble error={make.error} />}
      {data === undefined ? error === null ? <Loading what="Reading notebooks" /> : <Trouble error={error} /> : null}
      {data !== undefined && entries.length === 0 ? (
        <Empty title="No notebook yet">
          <p>A notebook is Python, cell by cell, in a session of its own: a sandbox without a network, ready in milliseconds. What it shows is kept with it.</p>
          <p>New notebook opens one. Jupyter's own clients find the same notebooks and sessions at this node's address.</p>
        </Empty>
      ) : null}
      {entries.length === 0 ? null : <Entries entries={entries} sessions={sessions.data ?? []} />}
      <Sessions sessions={sessions.data ?? []} />
    </Page>
  );
}

/** Makes a notebook, begins its session, and goes there. */
function useNewNotebook(folder: string) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: async () => {
      const { path } = await makeNotebook(folder);
      await beginSession(path, PYTHON.name);
      return path;
    },
    onSuccess: (path) => {
      void client.invalidateQueries({ queryKey: ["notebooks"] });
      navigate(notebookAddress(path));
    },
  });
}

function Entries({ entries, sessions }: { entries: readonly Entry[]; sessions: readonly SessionModel[] }): ReactElement {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: async ({ path, session }: { path: string; session: SessionModel | undefined }) => {
      await removeFile(path);
      if (session !== undefined) {
        await endSession(session.kernel.id);
      }
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["notebooks"] }), client.invalidateQueries({ queryKey: ["sessions"] })]),
  });
  const sure = (entry: Entry): boolean => globalThis.confirm(`Delete ${entry.path}? It cannot be brought back.`);
  return (
    <div className="table-scroll">
      <table className="list">
        <ColumnHeads names={["Notebook", "Session", "Changed", "Size"]} hasActions />
        <tbody>
          {entries.map((entry) => {
            const session = sessions.find(({ path }) => path === entry.path);
            return (
              <tr key={entry.path}>
                <td>
                  <Link href={entry.type === "directory" ? folderAddress(entry.path) : notebookAddress(entry.path)}>{entry.type === "directory" ? `${entry.name}/` : entry.name.replace(/\.ipynb$/, "")}</Link>
                </td>
                <td>{session === undefined ? "" : <SessionState session={session} />}</td>
                <td>
                  <Moment millis={Date.parse(entry.last_modified)} />
                </td>
                <td className="number">{entry.size === null ? "" : bytes(entry.size)}</td>
                <td className="row-actions">
                  <button type="button" className="quiet danger" aria-label={`Delete ${entry.path}`} disabled={remove.isPending} onClick={() => (sure(entry) ? remove.mutate({ path: entry.path, session }) : undefined)}>
                    <Icon name="close" />
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {remove.error === null ? null : <Trouble error={remove.error} />}
    </div>
  );
}

const STATES = { starting: "waiting", idle: "active", busy: "running", dead: "failed", unknown: "paused" };

function SessionState({ session }: { session: SessionModel }): ReactElement {
  const { execution_state: state, reason } = session.kernel;
  return (
    <>
      <Status status={STATES[state]} />
      {reason === undefined ? null : <p className="quiet-text">{reason}</p>}
    </>
  );
}

function Sessions({ sessions }: { sessions: readonly SessionModel[] }): ReactElement | null {
  const client = useQueryClient();
  const end = useMutation({ mutationFn: endSession, onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }) });
  if (sessions.length === 0) {
    return null;
  }
  return (
    <section className="notebook-sessions" aria-label="Sessions">
      <h2>Sessions</h2>
      <p className="quiet-text">A session holds what its notebook has defined. It is paused once nobody has used it for a while, and its next cell resumes it.</p>
      <div className="table-scroll">
        <table className="list">
          <ColumnHeads names={["Notebook", "State", "Kernel", "Used"]} hasActions />
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <td>{session.path.endsWith(".ipynb") ? <Link href={notebookAddress(session.path)}>{session.path.replace(/\.ipynb$/, "")}</Link> : <span className="quiet-text">{session.path === "" ? "of another client" : session.path}</span>}</td>
                <td>
                  <SessionState session={session} />
                </td>
                <td>
                  <code>{session.kernel.name}</code>
                </td>
                <td>
                  <Moment millis={Date.parse(session.kernel.last_activity)} />
                </td>
                <td className="row-actions">
                  <button type="button" disabled={end.isPending} onClick={() => end.mutate(session.kernel.id)}>
                    <Icon name="stop" /> Stop
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {end.error === null ? null : <Trouble error={end.error} />}
    </section>
  );
}
