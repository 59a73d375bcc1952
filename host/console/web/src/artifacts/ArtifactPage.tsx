// An artifact: what is in it, where it came from, and what was made of it.
// Never runs what is in it.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link, useParams } from "wouter";
import { useAddress } from "../app/address";
import { contentAddress } from "../api/client";
import { artifact } from "../api/queries";
import type { ArtifactDetail } from "../api/types";
import { Digest, Fact, Loading, Moment, Page, Tabs } from "../parts/Basics";
import { bytes, shortDigest } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { Lineage } from "./Lineage";
import { fileName, Preview } from "./Preview";

const VIEWS = [
  ["content", "Content"],
  ["lineage", "Lineage"],
  ["metadata", "Metadata"],
] as const;

export default function ArtifactPage(): ReactElement {
  const { digest: text } = useParams<{ digest: string }>();
  const digest = decodeURIComponent(text);
  const { data, error } = useQuery(artifact(digest));
  if (data === undefined) {
    return <Page title={`Artifact ${shortDigest(digest)}`}>{error === null ? <Loading what="Reading the artifact" /> : <Trouble error={error} />}</Page>;
  }
  return <Loaded item={data} />;
}

function Loaded({ item }: { item: ArtifactDetail }): ReactElement {
  const [query, change] = useAddress();
  const view = VIEWS.find(([name]) => name === query.get("view"))?.[0] ?? "content";
  return (
    <Page
      wide={view === "lineage"}
      title={item.metadata?.["name"] ?? `${item.kind} ${shortDigest(item.digest)}`}
      above={<Link href="/artifacts">Artifacts</Link>}
      actions={
        <a className="button" href={contentAddress(item)} download={fileName(item)}>
          <Icon name="download" /> Download
        </a>
      }
    >
      <dl className="run-facts">
        <Fact name="kind">{item.kind}</Fact>
        <Fact name="type">
          <code>{item.mediaType}</code>
        </Fact>
        <Fact name="size">{bytes(item.sizeBytes)}</Fact>
        <Fact name="digest">
          <Digest digest={item.digest} />
        </Fact>
        <Fact name="made">
          <Moment millis={item.madeAtMillis} />
        </Fact>
      </dl>
      <Tabs label="About the artifact" tabs={VIEWS} chosen={view} choose={(name) => change({ view: name === "content" ? null : name })} />
      {view === "content" ? <Preview artifact={item} /> : view === "lineage" ? <Lineage item={item} /> : <Metadata item={item} />}
    </Page>
  );
}

function Metadata({ item }: { item: ArtifactDetail }): ReactElement {
  const names = Object.keys(item.metadata ?? {}).sort();
  if (names.length === 0) {
    return <p className="quiet-text">Nothing was attached.</p>;
  }
  return (
    <dl className="facts parameters">
      {names.map((name) => (
        <Fact key={name} name={name}>
          <code>{item.metadata?.[name]}</code>
        </Fact>
      ))}
    </dl>
  );
}
