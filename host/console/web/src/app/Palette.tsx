// Goes anywhere by typing: views, things to do, runs, jobs, artifacts by digest.
// Never does anything that cannot be undone.

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { jobList, runList } from "../api/queries";
import type { Job, Run } from "../api/types";
import { signOut } from "../login/login";
import { useUser } from "../login/useLogin";
import { Dialog } from "../parts/Dialog";
import { shortId } from "../parts/format";
import { Icon, type IconName } from "../parts/Icon";
import { artifactAddress, jobAddress, runAddress } from "./address";
import { VIEWS } from "./Shell";

interface Entry {
  words: string;
  detail: string;
  icon: IconName;
  href: string;
  /** What is done in place of going there. */
  act?: () => void;
}

const ACTIONS: readonly Entry[] = [
  { words: "New run", detail: "write or paste a pipeline", icon: "plus", href: "/pipelines/run" },
  { words: "Upload a pipeline", detail: "either format", icon: "upload", href: "/pipelines/new" },
  { words: "New job", detail: "write a training job", icon: "plus", href: "/jobs/new" },
  { words: "Failed runs", detail: "newest first", icon: "runs", href: "/runs?status=failed" },
  { words: "Runs at work", detail: "newest first", icon: "runs", href: "/runs?status=running" },
];

const SIGN_OUT: Entry = { words: "Sign out", detail: "saves what is open", icon: "leave", href: "", act: () => void signOut() };

const ENTRIES_MAX = 12;

export default function Palette({ close }: { close: () => void }): ReactElement {
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const [, navigate] = useLocation();
  const user = useUser();
  const { data } = useQuery(runList({}, 100));
  const { data: jobs } = useQuery(jobList({}, 100));
  const isNamed = user !== undefined;
  const entries = useMemo(() => {
    const work = [...(data?.items ?? []).map(ofRun), ...(jobs?.items ?? []).map(ofJob)];
    return found(text, work, isNamed ? [...ACTIONS, SIGN_OUT] : ACTIONS);
  }, [text, data, jobs, isNamed]);
  const go = (entry: Entry | undefined): void => {
    if (entry !== undefined) {
      close();
      (entry.act ?? (() => navigate(entry.href)))();
    }
  };
  const press = (event: React.KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setPlace((place + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") {
      go(entries[place]);
    }
  };
  return (
    <Dialog title="Go to" close={close} className="palette">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-entries"
        aria-label="Where to"
        aria-activedescendant={`palette-${place}`}
        placeholder="A view, a run, a job, a digest"
        value={text}
        autoFocus
        onKeyDown={press}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
      />
      <ul id="palette-entries" role="listbox" aria-label="Places">
        {entries.map((entry, at) => (
          <li key={entry.href + entry.words} id={`palette-${at}`} role="option" aria-selected={at === place} onClick={() => go(entry)} onPointerMove={() => setPlace(at)}>
            <Icon name={entry.icon} /> <span>{entry.words}</span> <span className="quiet-text">{entry.detail}</span>
          </li>
        ))}
      </ul>
      {entries.length === 0 ? <p className="quiet-text">Nothing is called that.</p> : null}
    </Dialog>
  );
}

function ofRun(run: Run): Entry {
  return { words: run.name ?? run.pipeline, detail: `${shortId(run.id)} ${run.status}`, icon: "runs", href: runAddress(run.id) };
}

function ofJob(job: Job): Entry {
  return { words: job.title ?? job.name, detail: `${shortId(job.id)} ${job.status}`, icon: "jobs", href: jobAddress(job.id) };
}

function found(text: string, work: readonly Entry[], actions: readonly Entry[]): Entry[] {
  const wanted = text.trim().toLowerCase();
  const digest = /^sha256:[0-9a-f]{64}$/.exec(wanted);
  if (digest !== null) {
    return [{ words: "Artifact", detail: wanted, icon: "artifacts", href: artifactAddress(wanted) }];
  }
  const views = VIEWS.map((view): Entry => ({ words: view.words, detail: `g ${view.key}`, icon: view.icon, href: view.href }));
  const fits = (entry: Entry): boolean => wanted.split(/\s+/).every((word) => `${entry.words} ${entry.detail} ${entry.href}`.toLowerCase().includes(word));
  return [...views, ...actions, ...work].filter(fits).slice(0, ENTRIES_MAX);
}
