// Curves over one axis, drawn by uPlot, in the theme's colours, with what is under the pointer in numbers.
// Never thins points out; the library draws tens of thousands of them.

import { useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import uPlot, { type AlignedData } from "uplot";
import "uplot/dist/uPlot.min.css";
import { onThemeChange } from "../app/theme";
import { number } from "./format";

export interface Series {
  name: string;
  points: readonly (readonly [number, number | null])[];
}

const COLOURS = 8;

export default function Curves(props: { series: readonly Series[]; across: string; height?: number }): ReactElement {
  const { series, across, height = 200 } = props;
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const data = useMemo(() => joined(series), [series]);
  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }
    const plot = new uPlot(optionsOf(element, series, across, height), data, element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
    // The theme's colours are read anew when it changes.
  }, [data, series, across, height, theme]);
  return <div className="curves" ref={box} role="img" aria-label={series.map((one) => one.name).join(", ")} />;
}

/** One list of places on the axis, and each curve's values at them. */
export function joined(series: readonly Series[]): AlignedData {
  const places = [...new Set(series.flatMap((one) => one.points.map(([x]) => x)))].sort((one, other) => one - other);
  const columns = series.map((one) => {
    const values = new Map(one.points);
    // A gap that another curve made is bridged; a value that there is none of is not.
    return places.map((x) => (values.has(x) ? (values.get(x) ?? null) : undefined));
  });
  return [places, ...columns] as AlignedData;
}

function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => onThemeChange(() => setChanges((count) => count + 1)), []);
  return changes;
}

function optionsOf(element: Element, series: readonly Series[], across: string, height: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour("text-quiet"), grid: { stroke: colour("border"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  const shown = (_: uPlot, value: number | null): string => (value === null ? "" : number(value));
  const lines = series.map((one, place) => ({
    label: one.name,
    stroke: colour(`curve-${place % COLOURS}`),
    width: 1.8,
    points: { show: one.points.length < 40, size: 5 },
    value: shown,
  }));
  return {
    width: Math.max(200, element.clientWidth),
    height,
    scales: { x: { time: false } },
    axes: [axis, { ...axis, size: 56 }],
    series: [{ label: across, value: shown }, ...lines],
    legend: { live: true },
  };
}
