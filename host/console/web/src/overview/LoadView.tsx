// The node's load as numbers with the hour behind them, and what is kept.
// Never a number that the node did not measure.

import { useMemo, type ReactElement, type ReactNode } from "react";
import type { NodeLoad } from "../api/types";
import { bytes } from "../parts/format";
import { computesOn, inUse } from "./devices";
import { sparkOf, SPARK_HEIGHT, SPARK_WIDTH } from "./spark";

export function LoadView({ load }: { load: NodeLoad }): ReactElement {
  const now = load.samples.at(-1);
  const sample = load.samples;
  const kept = load.storage.reduce((sum, place) => sum + place.bytes, 0);
  return (
    <div className="gauges">
      <Gauge name="Processor" now={`${(now?.coresUsed ?? 0).toFixed(2)} of ${load.cores} cores`} most={load.cores} values={sample.map((one) => one.coresUsed)} from={sample[0]?.atMillis} />
      <Gauge name="Memory" now={bytes(now?.memoryBytes ?? 0)} most={undefined} values={sample.map((one) => one.memoryBytes)} from={sample[0]?.atMillis} />
      <Gauge name="Guests at work" now={`${now?.attemptsRunning ?? 0} of ${load.attemptsAtOnceMax}`} most={load.attemptsAtOnceMax} values={sample.map((one) => one.attemptsRunning)} from={sample[0]?.atMillis} />
      <Gauge name="Queue" now={`${now?.attemptsWaiting ?? 0} waiting, ${now?.runs ?? 0} runs`} most={undefined} values={sample.map((one) => one.attemptsWaiting)} from={sample[0]?.atMillis} />
      <Gauge name="Devices" now={inUse(load.devices, now)} most={undefined} values={sample.map((one) => one.deviceMemoryBytes)} from={sample[0]?.atMillis}>
        <p className="quiet-text">{computesOn(load.devices)}</p>
        {load.devices.memoryBytesMax === 0 ? null : <p className="quiet-text">A step may be granted {bytes(load.devices.memoryBytesMax)}.</p>}
      </Gauge>
      <section className="card gauge">
        <h2>Kept here</h2>
        <p className="gauge-now">{bytes(kept)}</p>
        <dl className="storage">
          {load.storage.map((place) => (
            <div key={place.name}>
              <dt>{place.name}</dt>
              <dd>{bytes(place.bytes)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

interface GaugeProps {
  name: string;
  now: string;
  /** What the drawing's top stands for; the most there was where there is no such limit. */
  most: number | undefined;
  values: readonly number[];
  from: number | undefined;
  /** What stands below the drawing. */
  children?: ReactNode;
}

function Gauge({ name, now, most, values, from, children }: GaugeProps): ReactElement {
  const spark = useMemo(() => sparkOf(values, most), [values, most]);
  const since = from === undefined ? "" : `since ${new Date(from).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false })}`;
  return (
    <section className="card gauge">
      <h2>{name}</h2>
      <p className="gauge-now">{now}</p>
      <svg className="spark" viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${name} ${since}`}>
        <path className="spark-area" d={spark.area} />
        <path className="spark-line" d={spark.line} />
      </svg>
      <p className="quiet-text">{since}</p>
      {children}
    </section>
  );
}
