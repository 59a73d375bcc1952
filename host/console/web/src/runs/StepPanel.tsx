// One step beside the run: what it was given and gave, its log, its attempts, what it may reach and use up.
// Never a copy of the run's state: what changes live comes from the run, the rest is asked for.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link } from "wouter";
import { artifactAddress, componentAddress, runAddress } from "../app/address";
import { runStep } from "../api/queries";
import type { ArtifactRef, Progress, Step, StepDetail, Value } from "../api/types";
import { Preview } from "../artifacts/Preview";
import { Digest, Fact, Loading, Moment, Tabs, Took } from "../parts/Basics";
import { repositoryOf, shortId, withoutDigest } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import { Problems, Trouble } from "../parts/Trouble";
import { artifactsOf, ValueView } from "../parts/ValueView";
import { AttemptList, LimitTable, Reach } from "./StepCallView";
import { LogView } from "./LogView";
import { SeriesView } from "./SeriesView";

export const PANEL_TABS = [
  ["values", "Values"],
  ["log", "Log"],
  ["metrics", "Series"],
  ["attempts", "Attempts"],
  ["sandbox", "Sandbox"],
] as const;

export type PanelTab = (typeof PANEL_TABS)[number][0];

export interface StepPanelProps {
  run: string;
  step: Step;
  progress: Progress | undefined;
  tab: PanelTab;
  choose: (tab: PanelTab) => void;
  close: () => void;
  logNews: number;
  metricNews: number;
  live: boolean;
}

export function StepPanel(props: StepPanelProps): ReactElement {
  const { run, step, tab, choose, close, progress } = props;
  const version = [step.status, step.attempts, step.finishedAtMillis ?? 0].join();
  const { data, error } = useQuery(runStep(run, step.name, version));
  return (
    <aside className="panel" aria-label={`Step ${step.name}`}>
      <header className="panel-head">
        <div>
          <h2 title={step.name}>{step.name}</h2>
          <p className="panel-sub">
            <Status status={step.status} reused={step.reused} /> <Took from={step.startedAtMillis} to={step.finishedAtMillis} />
            {progress === undefined ? null : <span className="quiet-text">{progressWords(progress)}</span>}
          </p>
        </div>
        <button type="button" className="quiet" onClick={close} aria-label="Close step">
          <Icon name="close" />
        </button>
      </header>
      <Tabs label="About the step" tabs={PANEL_TABS} chosen={tab} choose={choose} />
      <div className="panel-body" role="tabpanel" aria-label={tab}>
        {step.failure === undefined || step.failure === null || tab === "log" ? null : <Problems problems={[step.failure]} />}
        {data === undefined ? error === null ? <Loading what="Reading the step" /> : <Trouble error={error} /> : <Body {...props} detail={data} />}
      </div>
    </aside>
  );
}

function progressWords(progress: Progress): string {
  const total = progress.total === undefined || progress.total === null ? "" : ` of ${progress.total.toLocaleString("en-GB")}`;
  return `${progress.done.toLocaleString("en-GB")}${total} ${progress.message}`;
}

function Body(props: StepPanelProps & { detail: StepDetail }): ReactElement {
  const { run, step, tab, detail, logNews, metricNews, live } = props;
  switch (tab) {
    case "values":
      return <Values step={step} detail={detail} />;
    case "log":
      return <LogView run={run} step={step.name} news={logNews} live={live && step.finishedAtMillis === undefined} lines={0} />;
    case "metrics":
      return <SeriesView run={run} step={step.name} version={String(metricNews)} />;
    case "attempts":
      return <AttemptList attempts={detail.attemptList} />;
    case "sandbox":
      return <Sandbox step={step} detail={detail} />;
  }
}

function Values({ step, detail }: { step: Step; detail: StepDetail }): ReactElement {
  const outputs = step.outputs ?? {};
  const first = Object.values(outputs).flatMap(artifactsOf)[0];
  const [opened, setOpened] = useState<ArtifactRef | undefined>();
  const shown = opened ?? first;
  const source = detail.attemptList.find((attempt) => attempt.source !== undefined)?.source;
  return (
    <>
      <Named title="Inputs" values={detail.inputs ?? {}} open={setOpened} none="It takes nothing." />
      <Named title="Outputs" values={outputs} open={setOpened} none={step.status === "succeeded" ? "It gave nothing." : "Nothing yet."} />
      {source === undefined || source === null ? null : (
        <p className="quiet-text">
          Taken over from run <Link href={runAddress(source, { step: step.name })}>{shortId(source)}</Link>, which had the same component, inputs and grants.
        </p>
      )}
      {shown === undefined ? null : (
        <section className="panel-section">
          <h3>
            Preview <Link href={artifactAddress(shown.digest)}>open artifact</Link>
          </h3>
          <Preview key={shown.digest} artifact={shown} />
        </section>
      )}
    </>
  );
}

function Named(props: { title: string; values: Record<string, Value>; open: (artifact: ArtifactRef) => void; none: string }): ReactElement {
  const { title, values, open, none } = props;
  const names = Object.keys(values).sort();
  return (
    <section className="panel-section">
      <h3>{title}</h3>
      {names.length === 0 ? (
        <p className="quiet-text">{none}</p>
      ) : (
        <dl className="facts">
          {names.map((name) => {
            const value = values[name];
            return (
              <Fact key={name} name={name}>
                {value === undefined ? null : <ValueView value={value} open={open} />}
              </Fact>
            );
          })}
        </dl>
      )}
    </section>
  );
}

function Sandbox({ step, detail }: { step: Step; detail: StepDetail }): ReactElement {
  const { call } = detail;
  if (call === undefined || call === null) {
    return <p className="quiet-text">It only holds other steps.</p>;
  }
  return (
    <>
      <section className="panel-section">
        <h3>Component</h3>
        <dl className="facts">
          <Fact name="reference">
            <code>{withoutDigest(call.component)}</code>
          </Fact>
          <Fact name="digest">
            <Digest digest={call.digest} to={componentAddress(`${repositoryOf(call.component)}@${call.manifest}`)} />
          </Fact>
          <Fact name="function">{call.function === undefined || call.function === null ? "a command" : <code>{call.function.name}</code>}</Fact>
          <Fact name="signed by">
            {step.signer === undefined || step.signer === null ? (
              <span className="quiet-text">nobody; this node's policy names no keys</span>
            ) : (
              <span className="signer">
                <Icon name="shield" /> {step.signer.name} <Digest digest={step.signer.key} />
              </span>
            )}
          </Fact>
          <Fact name="earlier results">{call.cache ? "may stand in" : "never stand in"}</Fact>
          {step.startedAtMillis === undefined || step.startedAtMillis === null ? null : (
            <Fact name="began">
              <Moment millis={step.startedAtMillis} past={false} />
            </Fact>
          )}
        </dl>
      </section>
      <Reach call={call} />
      <LimitTable call={call} usage={step.usage ?? undefined} />
    </>
  );
}
