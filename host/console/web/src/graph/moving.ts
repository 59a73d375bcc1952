// Where the reader looks at a graph: fitting it, zooming around a point, walking from box to box.
// Never draws.

import type { Box, Graph } from "./nested";
import { foldSign, type View } from "./paint";

const SCALE_MIN = 0.02;
const SCALE_MAX = 1.8;
const EDGE = 24;

/** Everything in sight, but nothing larger than life. */
export function fitted(graph: Graph, size: { width: number; height: number }): View {
  if (graph.width === 0 || size.width === 0) {
    return { x: EDGE, y: EDGE, scale: 1 };
  }
  const scale = Math.min((size.width - 2 * EDGE) / graph.width, (size.height - 2 * EDGE) / graph.height, 1);
  const kept = Math.max(scale, SCALE_MIN);
  return { x: (size.width - graph.width * kept) / 2, y: (size.height - graph.height * kept) / 2, scale: kept };
}

/** Larger or smaller by a factor, with the point under x and y staying where it is. */
export function scaled(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, view.scale * factor));
  const by = scale / view.scale;
  return { x: x - (x - view.x) * by, y: y - (y - view.y) * by, scale };
}

/** Moved no further than it takes to see a box. */
export function shown(view: View, box: Box, size: { width: number; height: number }): View {
  const moved = (start: number, length: number, room: number): number =>
    start < EDGE ? EDGE - start : start + length > room - EDGE ? room - EDGE - start - length : 0;
  const x = box.x * view.scale + view.x;
  const y = box.y * view.scale + view.y;
  return {
    ...view,
    x: view.x + moved(x, box.width * view.scale, size.width),
    y: view.y + moved(y, box.height * view.scale, size.height),
  };
}

/** The innermost box at a point. */
export function boxAt(graph: Graph, x: number, y: number): Box | undefined {
  return graph.boxes.findLast((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
}

export function isOnFold(box: Box, x: number, y: number): boolean {
  const sign = foldSign(box);
  return Math.abs(x - sign.x) < 13 && Math.abs(y - sign.y) < 13;
}

/** The nearest box in a direction; the first of all where none is chosen. */
export function nextBox(graph: Graph, from: Box | undefined, dx: number, dy: number): Box | undefined {
  if (from === undefined) {
    return graph.boxes.toSorted((one, other) => one.x - other.x || one.y - other.y)[0];
  }
  const middle = (box: Box): { x: number; y: number } => ({ x: box.x + (box.open ? 0 : box.width / 2), y: box.y + box.height / 2 });
  const at = middle(from);
  let best: Box | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of graph.boxes) {
    const there = middle(box);
    const ahead = (there.x - at.x) * dx + (there.y - at.y) * dy;
    const aside = Math.abs((there.x - at.x) * dy) + Math.abs((there.y - at.y) * dx);
    const way = ahead + 2 * aside;
    if (box !== from && ahead > 1 && way < least) {
      least = way;
      best = box;
    }
  }
  return best;
}
