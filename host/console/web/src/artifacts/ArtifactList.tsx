// Artifacts, newest first, each with who made it.
// Never reads one's bytes.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { artifactAddress, runAddress, useAddress } from "../app/address";
import { artifactList, type ArtifactFilter } from "../api/queries";
import type { Artifact } from "../api/types";
import { Empty, Loading, Moment, Page } from "../parts/Basics";
import { bytes, shortDigest, shortId } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Pages } from "../parts/Pages";
import { Trouble } from "../parts/Trouble";

export default function ArtifactList(): ReactElement {
  const [query, change] = useAddress();
  const filter: ArtifactFilter = {};
  const [run, page] = [query.get("run"), query.get("page")];
  if (run !== null) {
    filter.run = run;
  }
  if (page !== null) {
    filter.page = page;
  }
  const { data, error } = useQuery(artifactList(filter));
  return (
    <Page title="Artifacts">
      {run === null ? null : (
        <p>
          <button type="button" className="chip" onClick={() => change({ run: null, page: null })}>
            made by run {shortId(run)} <Icon name="close" title="Show artifacts of all runs" />
          </button>
        </p>
      )}
      {data === undefined ? error === null ? <Loading what="Reading artifacts" /> : <Trouble error={error} /> : null}
      {data?.items.length === 0 ? (
        <Empty title="Nothing is kept yet">
          <p>An artifact is a file that a step made or somebody uploaded, named by the digest of its content.</p>
          <pre>sandmill artifact put rows.csv --media-type text/csv</pre>
        </Empty>
      ) : null}
      {data === undefined || data.items.length === 0 ? null : (
        <>
          <ArtifactTable artifacts={data.items} />
          <Pages next={data.next ?? undefined} first={page === null} turn={(next) => change({ page: next })} />
        </>
      )}
    </Page>
  );
}

function ArtifactTable({ artifacts }: { artifacts: readonly Artifact[] }): ReactElement {
  return (
    <div className="table-scroll">
      <table className="list">
        <thead>
          <tr>
            {["Artifact", "Kind", "Type", "Size", "Made by", "When"].map((name) => (
              <th key={name} scope="col" className={name === "Size" ? "number" : name === "Type" ? "wide-only" : ""}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {artifacts.map((one) => (
            <tr key={`${one.digest} ${one.run ?? ""} ${one.step ?? ""} ${one.output ?? ""}`}>
              <td>
                <Link href={artifactAddress(one.digest)}>
                  <code>{shortDigest(one.digest)}</code>
                </Link>{" "}
                {one.metadata?.["name"] ?? ""}
              </td>
              <td>{one.kind}</td>
              <td className="wide-only">{one.mediaType}</td>
              <td className="number">{bytes(one.sizeBytes)}</td>
              <td>
                {one.run === undefined || one.run === null ? (
                  <span className="quiet-text">uploaded</span>
                ) : (
                  <Link href={runAddress(one.run, { step: one.step ?? undefined })}>
                    {one.step}.{one.output}
                  </Link>
                )}
              </td>
              <td>
                <Moment millis={one.madeAtMillis} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
