// A kept pipeline: its versions, what the chosen one does, and its runs.
// Never edits; a changed document becomes another version.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import { Link, useLocation, useParams } from "wouter";
import { address, useAddress } from "../app/address";
import { answered, api } from "../api/client";
import { pipeline, pipelineVersion, pipelineVersions, runList } from "../api/queries";
import type { Pipeline, PipelineVersion } from "../api/types";
import { Loading, Moment, Page, Tabs } from "../parts/Basics";
import { Icon } from "../parts/Icon";
import { Problems, Trouble } from "../parts/Trouble";
import { RunTable } from "../runs/RunList";
import { PlanGraph } from "./PlanGraph";
import { readable } from "./readable";
import { useCheck } from "./useCheck";

const Editor = lazy(() => import("./Editor"));

const VIEWS = [
  ["graph", "Graph"],
  ["document", "Document"],
  ["runs", "Runs"],
] as const;

export default function PipelinePage(): ReactElement {
  const { pipeline: id } = useParams<{ pipeline: string }>();
  const found = useQuery(pipeline(id));
  const versions = useQuery(pipelineVersions(id));
  const error = found.error ?? versions.error;
  if (found.data === undefined || versions.data === undefined) {
    return <Page title="Pipeline">{error === null ? <Loading what="Reading the pipeline" /> : <Trouble error={error} />}</Page>;
  }
  return <Loaded pipeline={found.data} versions={versions.data.items.toReversed()} />;
}

function Loaded({ pipeline: item, versions }: { pipeline: Pipeline; versions: readonly PipelineVersion[] }): ReactElement {
  const [query, change] = useAddress();
  const version = versions.find((one) => one.id === query.get("version")) ?? versions[0];
  const view = VIEWS.find(([name]) => name === query.get("view"))?.[0] ?? "graph";
  return (
    <Page
      wide
      title={item.name}
      above={<Link href="/pipelines">Pipelines</Link>}
      actions={
        <>
          <Delete pipeline={item} />
          {version === undefined ? null : (
            <Link className="button primary" href={address("/pipelines/run", { pipeline: item.id, version: version.id })}>
              <Icon name="runs" /> Edit and run
            </Link>
          )}
        </>
      }
    >
      {item.description === undefined || item.description === null ? null : <p>{item.description}</p>}
      <Tabs label="About the pipeline" tabs={VIEWS} chosen={view} choose={(name) => change({ view: name === "graph" ? null : name })} />
      <div className="with-side">
        <Versions versions={versions} chosen={version?.id} choose={(id) => change({ version: id })} />
        {version === undefined ? <p className="quiet-text">It has no version.</p> : <Version pipeline={item} version={version} view={view} />}
      </div>
    </Page>
  );
}

function Versions(props: { versions: readonly PipelineVersion[]; chosen: string | undefined; choose: (id: string) => void }): ReactElement {
  return (
    <nav className="side-list" aria-label="Versions">
      {props.versions.map((one) => (
        <button key={one.id} type="button" aria-pressed={one.id === props.chosen} onClick={() => props.choose(one.id)}>
          <strong>{one.name}</strong>
          <span className="quiet-text">
            <Moment millis={one.createdAtMillis} /> {one.description ?? ""}
          </span>
        </button>
      ))}
    </nav>
  );
}

function Version({ pipeline: item, version, view }: { pipeline: Pipeline; version: PipelineVersion; view: (typeof VIEWS)[number][0] }): ReactElement {
  const { data, error } = useQuery(pipelineVersion(item.id, version.id));
  const check = useCheck(data?.document);
  if (data === undefined) {
    return error === null ? <Loading what="Reading the version" /> : <Trouble error={error} />;
  }
  switch (view) {
    case "graph":
      return (
        <div className="version-graph">
          {check.problems.length === 0 ? null : <Problems problems={check.problems} />}
          <PlanGraph tasks={check.tasks} />
        </div>
      );
    case "document":
      return (
        <Suspense fallback={<Loading what="Loading the editor" />}>
          <Editor key={version.id} text={readable(data.document)} readOnly label="Document of the version" />
        </Suspense>
      );
    case "runs":
      return <Runs name={check.checked?.pipeline ?? item.name} />;
  }
}

function Runs({ name }: { name: string }): ReactElement {
  const { data, error } = useQuery(runList({ pipeline: name }));
  if (data === undefined) {
    return error === null ? <Loading what="Reading runs" /> : <Trouble error={error} />;
  }
  return data.items.length === 0 ? <p className="quiet-text">No run of it yet.</p> : <RunTable runs={data.items} />;
}

function Delete({ pipeline: item }: { pipeline: Pipeline }): ReactElement {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE("/api/v1/pipelines/{pipeline}", { params: { path: { pipeline: item.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["pipelines"] });
      navigate("/pipelines");
    },
  });
  const ask = (): void => {
    if (globalThis.confirm(`Forget ${item.name} and its ${item.versionsTotal} versions? Its runs stay.`)) {
      remove.mutate();
    }
  };
  return (
    <>
      <button type="button" className="danger" onClick={ask} disabled={remove.isPending}>
        Delete
      </button>
      {remove.error === null ? null : <Trouble error={remove.error} />}
    </>
  );
}
