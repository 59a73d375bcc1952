// A graph that is moved, zoomed, walked through by keys, and opened box by box.
// Never holds a part of the page per box: thousands of them are one drawing.

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";
import { onThemeChange } from "../app/theme";
import { Icon } from "../parts/Icon";
import { boxAt, fitted, isOnFold, nextBox, scaled, shown } from "./moving";
import type { Box, Graph, GraphNode } from "./nested";
import { coloursOf, paint, type Colours, type Face, type View } from "./paint";
import { useGraph } from "./useGraph";

export interface GraphProps {
  nodes: readonly GraphNode[];
  face: (id: string) => Face | undefined;
  chosen: string | undefined;
  choose: (id: string | undefined) => void;
  fold?: (id: string, open: boolean) => void;
  label: string;
}

interface Drag {
  pointers: Map<number, { x: number; y: number }>;
  moved: boolean;
}

/** What the handlers work on: the graph as it stands. */
type Placed = Omit<GraphProps, "nodes"> & { graph: Graph };

export function GraphView(props: GraphProps): ReactElement {
  const { nodes, face, chosen, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const graph = useGraph(nodes, size);
  const [view, setView] = useState<View | undefined>();
  const [hovered, setHovered] = useState<string | undefined>();
  const colours = useColours(canvas);
  const current = view ?? fitted(graph, size);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (element === null || context === null || context === undefined || colours === undefined || size.width === 0) {
      return undefined;
    }
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio;
      const [wide, high] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (element.width !== wide || element.height !== high) {
        element.width = wide;
        element.height = high;
      }
      paint(context, { graph, face, chosen, hovered, view: current, colours, ...size, ratio });
    });
    return () => cancelAnimationFrame(frame);
  });

  const pointer = usePointer(canvas, current, setView, { ...props, graph }, setHovered);
  const keys = useKeys({ ...props, graph }, current, setView, size);
  const zoom = (factor: number): void => setView(scaled(current, factor, size.width / 2, size.height / 2));
  return (
    <div className="graph">
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={label} onKeyDown={keys} {...pointer} data-scale={current.scale} />
      <div className="graph-tools">
        <button type="button" className="quiet" onClick={() => zoom(1.3)} aria-label="Zoom in">
          <Icon name="plus" />
        </button>
        <button type="button" className="quiet" onClick={() => zoom(1 / 1.3)} aria-label="Zoom out">
          <span aria-hidden="true">−</span>
        </button>
        <button type="button" className="quiet" onClick={() => setView(undefined)} aria-label="Show everything">
          <Icon name="fit" />
        </button>
      </div>
      <p className="unseen" aria-live="polite">
        {chosen === undefined ? "" : `${chosen}, ${face(chosen)?.status ?? ""}`}
      </p>
    </div>
  );
}

function useColours(canvas: React.RefObject<HTMLCanvasElement | null>): Colours | undefined {
  const [colours, setColours] = useState<Colours | undefined>();
  useEffect(() => {
    const read = (): void => {
      if (canvas.current !== null) {
        setColours(coloursOf(canvas.current));
      }
    };
    read();
    return onThemeChange(read);
  }, [canvas]);
  return colours;
}

type PointerHandlers = Pick<
  React.ComponentProps<"canvas">,
  "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel" | "onPointerLeave"
>;

function usePointer(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  view: View,
  setView: (view: View) => void,
  props: Placed,
  hover: (id: string | undefined) => void,
): PointerHandlers {
  const drag = useRef<Drag>({ pointers: new Map(), moved: false });
  const latest = useRef(view);
  useLayoutEffect(() => {
    latest.current = view;
  });
  useWheel(canvas, latest, setView);
  const find = (event: React.PointerEvent<HTMLCanvasElement>): { box: Box | undefined; x: number; y: number } => {
    const { x, y } = placeOf(event, view);
    return { box: boxAt(props.graph, x, y), x, y };
  };
  const end = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    drag.current.pointers.delete(event.pointerId);
  };
  return {
    onPointerDown: (event) => {
      drag.current.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      drag.current.moved &&= drag.current.pointers.size > 1;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      const { pointers } = drag.current;
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        hover(find(event).box?.id);
        return;
      }
      const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
      drag.current.moved ||= Math.abs(dx) + Math.abs(dy) > 3;
      if (drag.current.moved) {
        setView(dragged(latest.current, pointers, event, before));
        pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }
    },
    onPointerUp: (event) => {
      const clicked = !drag.current.moved;
      end(event);
      if (!clicked) {
        return;
      }
      const { box, x, y } = find(event);
      if (box?.holds === true && isOnFold(box, x, y)) {
        props.fold?.(box.id, !box.open);
      } else {
        props.choose(box?.id);
      }
    },
    onPointerCancel: end,
    onPointerLeave: () => hover(undefined),
  };
}

/** One finger moves, two zoom around the one that stays. */
function dragged(
  view: View,
  pointers: ReadonlyMap<number, { x: number; y: number }>,
  event: React.PointerEvent<HTMLCanvasElement>,
  before: { x: number; y: number },
): View {
  const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
  if (other === undefined) {
    return { ...view, x: view.x + event.clientX - before.x, y: view.y + event.clientY - before.y };
  }
  const box = event.currentTarget.getBoundingClientRect();
  const far = (at: { x: number; y: number }): number => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y));
  const factor = far({ x: event.clientX, y: event.clientY }) / far(before);
  return scaled(view, factor, other.x - box.left, other.y - box.top);
}

/** The wheel zooms. React's own listener could not keep the page from scrolling meanwhile. */
function useWheel(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  latest: React.RefObject<View>,
  setView: (view: View) => void,
): void {
  useEffect(() => {
    const element = canvas.current;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const box = (event.currentTarget as Element).getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
      setView(scaled(latest.current, factor, event.clientX - box.left, event.clientY - box.top));
    };
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [canvas, latest, setView]);
}

function placeOf(event: React.PointerEvent<HTMLCanvasElement>, view: View): { x: number; y: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: (event.clientX - box.left - view.x) / view.scale, y: (event.clientY - box.top - view.y) / view.scale };
}

function useKeys(
  props: Placed,
  view: View,
  setView: (view: View | undefined) => void,
  size: { width: number; height: number },
): (event: React.KeyboardEvent) => void {
  const { graph, chosen, choose, fold } = props;
  return useCallback(
    (event: React.KeyboardEvent) => {
      const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const box = graph.boxes.find((one) => one.id === chosen);
      if (arrow !== undefined) {
        const next = nextBox(graph, box, arrow[0] ?? 0, arrow[1] ?? 0);
        if (next !== undefined) {
          choose(next.id);
          setView(shown(view, next, size));
        }
      } else if (event.key === "+" || event.key === "-") {
        setView(scaled(view, event.key === "+" ? 1.3 : 1 / 1.3, size.width / 2, size.height / 2));
      } else if (event.key === "0") {
        setView(undefined);
      } else if (event.key === " " && box?.holds === true) {
        fold?.(box.id, !box.open);
      } else if (event.key === "Escape") {
        choose(undefined);
      } else {
        return;
      }
      event.preventDefault();
    },
    [graph, chosen, choose, fold, view, setView, size],
  );
}
