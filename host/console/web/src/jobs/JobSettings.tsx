// What a job was given: settings, data, models, and all that it was planned with.
// Never changed here; a job keeps what it began with.

import type { ReactElement } from "react";
import { artifactAddress, componentAddress } from "../app/address";
import type { ArtifactRef, JobDetail } from "../api/types";
import { Digest, Fact } from "../parts/Basics";
import { oneLine, withoutDigest } from "../parts/format";

export function JobSettings({ job }: { job: JobDetail }): ReactElement {
  const digest = job.component.split("@")[1] ?? "";
  return (
    <dl className="facts parameters">
      <Fact name="component">
        {withoutDigest(job.component)} <Digest digest={digest} to={componentAddress(digest)} />
      </Fact>
      <Fact name="seed">
        <span className="number">{job.seed}</span>
      </Fact>
      {Object.entries(job.settings).map(([name, value]) => (
        <Fact key={name} name={name}>
          <code>{oneLine(value)}</code>
        </Fact>
      ))}
      <Given what="data set" given={job.dataSets} />
      <Given what="model" given={job.models} />
      {Object.entries(job.evaluation).map(([name, value]) => (
        <Fact key={`evaluation ${name}`} name={`evaluation: ${name}`}>
          <code>{oneLine(value)}</code>
        </Fact>
      ))}
      <Fact name="plan">
        <details>
          <summary>Limits, grants and policies</summary>
          <pre>{JSON.stringify(job.plan, undefined, 2)}</pre>
        </details>
      </Fact>
    </dl>
  );
}

function Given({ what, given }: { what: string; given: Record<string, ArtifactRef> }): ReactElement {
  return (
    <>
      {Object.entries(given).map(([name, artifact]) => (
        <Fact key={name} name={`${what}: ${name}`}>
          <Digest digest={artifact.digest} to={artifactAddress(artifact.digest)} />
        </Fact>
      ))}
    </>
  );
}
