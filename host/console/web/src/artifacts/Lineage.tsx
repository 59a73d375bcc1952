// The way that led to an artifact and the ways that lead on from it; a click on another artifact goes on there.
// Never more at once than can be read: of many users, the newest are shown.

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { Link } from "wouter";
import { artifactAddress, componentAddress, runAddress } from "../app/address";
import { artifact, runStep } from "../api/queries";
import type { ArtifactDetail, StepDetail } from "../api/types";
import { GraphView } from "../graph/GraphView";
import { digestOf, shortDigest, shortId, withoutDigest } from "../parts/format";
import { artifactKey, lineageOf, neighboursOf, stepKey, type StepPlace } from "./lineage";

const STEPS_MAX = 24;
const ARTIFACTS_MAX = 24;

export function Lineage({ item }: { item: ArtifactDetail }): ReactElement {
  const [digests, setDigests] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<string | undefined>(artifactKey(item.digest));
  const more = useQueries({ queries: digests.map((digest) => artifact(digest)), combine: (results) => results.flatMap((result) => (result.data === undefined ? [] : [result.data])) });
  const items = useMemo(() => [item, ...more], [item, more]);
  const places = useMemo(() => {
    const found = new Map<string, StepPlace>();
    for (const place of items.flatMap((one) => neighboursOf(one).slice(0, STEPS_MAX))) {
      found.set(stepKey(place), place);
    }
    return found;
  }, [items]);
  const list = useMemo(() => [...places.values()], [places]);
  const details = useQueries({
    queries: list.map((place) => runStep(place.run, place.step, "lineage")),
    combine: (results) => results.map((result) => result.data),
  });
  const graph = useMemo(() => {
    const steps = new Map<string, StepDetail>();
    list.forEach((place, at) => {
      const detail = details[at];
      if (detail !== undefined) {
        steps.set(stepKey(place), detail);
      }
    });
    return lineageOf(items, steps, places);
  }, [items, list, details, places]);
  const choose = (id: string | undefined): void => {
    setChosen(id);
    const digest = id?.startsWith("artifact ") === true ? id.slice("artifact ".length) : undefined;
    if (digest !== undefined && digest !== item.digest && !digests.includes(digest) && digests.length < ARTIFACTS_MAX) {
      setDigests([...digests, digest]);
    }
  };
  return (
    <div className="lineage">
      <GraphView nodes={graph.nodes} face={(id) => graph.faces.get(id)} chosen={chosen} choose={choose} label="Lineage: what led here and what came of it. Choosing an artifact goes on from there." />
      <About id={chosen} places={places} />
      <Uses item={item} />
    </div>
  );
}

function About({ id, places }: { id: string | undefined; places: ReadonlyMap<string, StepPlace> }): ReactElement | null {
  const place = id === undefined ? undefined : places.get(id);
  const { data } = useQuery({ ...runStep(place?.run ?? "", place?.step ?? "", "lineage"), enabled: place !== undefined });
  if (id === undefined) {
    return null;
  }
  if (place === undefined) {
    const digest = id.slice("artifact ".length);
    return (
      <p>
        <Link href={artifactAddress(digest)}>Open artifact {shortDigest(digest)}</Link>
      </p>
    );
  }
  return (
    <p>
      Step <Link href={runAddress(place.run, { step: place.step })}>{place.step}</Link> of run <Link href={runAddress(place.run)}>{shortId(place.run)}</Link>
      {data === undefined ? null : (
        <>
          , by <code>{withoutDigest(data.component)}</code>{" "}
          <Link href={componentAddress(withoutDigest(data.component))}>
            <code>{shortDigest(digestOf(data.component))}</code>
          </Link>
        </>
      )}
    </p>
  );
}

function Uses({ item }: { item: ArtifactDetail }): ReactElement {
  if (item.uses.length === 0) {
    return <p className="quiet-text">No step has used it yet.</p>;
  }
  return (
    <details open={item.uses.length <= 10}>
      <summary>
        Used by {item.uses.length} {item.uses.length === 1 ? "step" : "steps"}
      </summary>
      <ul className="uses">
        {item.uses.map((use) => (
          <li key={`${use.run} ${use.step} ${use.parameter}`}>
            <Link href={runAddress(use.run, { step: use.step })}>
              {use.step}.{use.parameter}
            </Link>{" "}
            <span className="quiet-text">run {shortId(use.run)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
