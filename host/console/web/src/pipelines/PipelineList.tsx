// Kept pipelines, and how to get one.
// Never lists what ran without being kept; that is among the runs.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { address } from "../app/address";
import { pipelines } from "../api/queries";
import type { Pipeline } from "../api/types";
import { Empty, Loading, Moment, Page } from "../parts/Basics";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";

export default function PipelineList(): ReactElement {
  const { data, error } = useQuery(pipelines());
  return (
    <Page
      title="Pipelines"
      actions={
        <>
          <Link className="button" href="/pipelines/new">
            <Icon name="upload" /> Upload
          </Link>
          <Link className="button primary" href="/pipelines/run">
            <Icon name="plus" /> Write one
          </Link>
        </>
      }
    >
      {data === undefined ? error === null ? <Loading what="Reading pipelines" /> : <Trouble error={error} /> : null}
      {data?.items.length === 0 ? <NoPipelines /> : null}
      {data === undefined || data.items.length === 0 ? null : <PipelineTable pipelines={data.items} />}
    </Page>
  );
}

function PipelineTable({ pipelines: items }: { pipelines: readonly Pipeline[] }): ReactElement {
  return (
    <div className="table-scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Pipeline</th>
            <th scope="col">Newest version</th>
            <th scope="col" className="number">
              Versions
            </th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.toReversed().map((one) => (
            <tr key={one.id}>
              <td>
                <Link href={`/pipelines/${encodeURIComponent(one.id)}`}>{one.name}</Link>
                {one.description === undefined || one.description === null ? null : <p className="quiet-text">{one.description}</p>}
              </td>
              <td>{one.newest?.name ?? ""}</td>
              <td className="number">{one.versionsTotal}</td>
              <td>
                <Moment millis={one.createdAtMillis} />
              </td>
              <td className="row-actions">
                {one.newest === undefined || one.newest === null ? null : (
                  <Link className="button" href={address("/pipelines/run", { pipeline: one.id, version: one.newest.id })}>
                    Edit and run
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NoPipelines(): ReactElement {
  return (
    <Empty title="No pipeline is kept yet">
      <p>
        Write one here and save it, or upload a file: a document of Sandmill's own, or what <code>kfp</code> compiled.
      </p>
      <p>
        <Link className="button primary" href="/pipelines/run">
          Write one
        </Link>{" "}
        <Link className="button" href="/pipelines/new">
          Upload a file
        </Link>
      </p>
    </Empty>
  );
}
