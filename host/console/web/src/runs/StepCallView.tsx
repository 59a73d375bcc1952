// What a step's component may reach and use up, what it did use, and every attempt at it.
// Never more than was granted: what is not listed here the component could not reach.

import type { ReactElement } from "react";
import { Link } from "wouter";
import { runAddress } from "../app/address";
import type { Attempt, StepCall, Usage } from "../api/types";
import { Moment, Took } from "../parts/Basics";
import { bytes, duration, shortId } from "../parts/format";
import { Status } from "../parts/Status";
import { Problems } from "../parts/Trouble";
import { Plain } from "../parts/ValueView";

export function AttemptList({ attempts }: { attempts: readonly Attempt[] }): ReactElement {
  if (attempts.length === 0) {
    return <p className="quiet-text">No attempt has begun yet.</p>;
  }
  return (
    <ol className="attempts">
      {attempts.map((attempt, place) => (
        <li key={place}>
          <p className="attempt-head">
            <strong>{attempt.number === 0 ? "Earlier result" : `Attempt ${attempt.number}`}</strong> <Status status={attempt.status} />{" "}
            <Took from={attempt.startedAtMillis} to={attempt.finishedAtMillis} />
            <span className="quiet-text">
              <Moment millis={attempt.startedAtMillis} past={false} />
            </span>
          </p>
          {attempt.source === undefined || attempt.source === null ? null : (
            <p>
              from run <Link href={runAddress(attempt.source)}>{shortId(attempt.source)}</Link>
            </p>
          )}
          {attempt.failure === undefined || attempt.failure === null ? null : <Problems problems={[attempt.failure]} />}
          {attempt.usage === undefined || attempt.usage === null ? null : (
            <p className="quiet-text">
              {duration(attempt.usage.wallMicros / 1_000)} wall, {duration(attempt.usage.cpuMillis)} computing, {bytes(attempt.usage.memoryBytesPeak)} memory
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Imports are read from the component's bytes, grants from the document; policy allowed the latter. */
export function Reach({ call }: { call: StepCall }): ReactElement {
  const grants = Object.entries(call.grants);
  return (
    <section className="panel-section">
      <h3>Reach</h3>
      {grants.length === 0 ? (
        <p className="quiet-text">Nothing was granted: no network, no files, no variables, a clock that stands still, fixed randomness.</p>
      ) : (
        <dl className="facts">
          {grants.map(([name, grant]) => (
            <div className="fact" key={name}>
              <dt>{name}</dt>
              <dd>
                <Plain value={grant} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <details>
        <summary>
          {call.imports.length} imported {call.imports.length === 1 ? "interface" : "interfaces"}
        </summary>
        <ul className="imports">
          {call.imports.map((name) => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

export function LimitTable({ call, usage }: { call: StepCall; usage: Usage | undefined }): ReactElement {
  const { limits } = call;
  const rows: [string, number | undefined, number, (value: number) => string][] = [
    ["wall time", usage && usage.wallMicros / 1_000, limits.wallMillisMax, duration],
    ["computing", usage?.cpuMillis, limits.cpuMillisMax, duration],
    ["memory, at most", usage?.memoryBytesPeak, limits.memoryBytesMax, bytes],
    ["outputs", usage?.outputBytes, limits.outputBytesMax, bytes],
    ["log", usage?.logBytes, limits.logBytesMax, bytes],
  ];
  return (
    <section className="panel-section">
      <h3>Limits</h3>
      <table className="limits">
        <thead>
          <tr>
            <th scope="col">of</th>
            <th scope="col">used</th>
            <th scope="col">limit</th>
            <th scope="col">
              <span className="unseen">share</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, used, limit, shown]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{used === undefined ? "" : shown(used)}</td>
              <td className="number">{shown(limit)}</td>
              <td>
                <meter min={0} max={1} high={0.8} value={used === undefined ? 0 : Math.min(1, used / limit)} aria-label={`${name} used`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {usage !== undefined && usage.logMessagesDropped > 0 ? <p className="quiet-text">{usage.logMessagesDropped} log messages past the limit were dropped.</p> : null}
      <p className="quiet-text">
        {call.attemptsMax} {call.attemptsMax === 1 ? "attempt is" : "attempts are"} allowed.
      </p>
    </section>
  );
}
