// A graph of graphs: what is unfolded is placed inside the box that holds it.
// Never knows whether it shows a run or a document.

import { layout, type Curve, type Layout } from "./layout";

export interface GraphNode {
  id: string;
  needs: readonly string[];
  /** What is inside, where it is unfolded. */
  inside: readonly GraphNode[];
  /** Whether there is something inside at all. */
  holds: boolean;
}

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  depth: number;
  holds: boolean;
  open: boolean;
}

export interface Graph {
  /** Outer boxes before those inside. */
  boxes: Box[];
  curves: Curve[];
  width: number;
  height: number;
  direction: Direction;
}

export const BOX_WIDTH = 212;
export const BOX_HEIGHT = 46;
export const HEAD_HEIGHT = 34;
const PADDING = 16;

interface Sized {
  node: GraphNode;
  width: number;
  height: number;
  inner: { layout: Layout; children: Sized[] } | undefined;
}

/** Which way the graph leads. */
export type Direction = "right" | "down";

export function graphOf(nodes: readonly GraphNode[], direction: Direction = "right"): Graph {
  const outer = sizedAll(nodes, direction);
  const { width, height } = outer.layout;
  const graph: Graph = { boxes: [], curves: [], width, height, direction };
  put(graph, outer, 0, 0, 0);
  return graph;
}

function sizedAll(nodes: readonly GraphNode[], direction: Direction): { layout: Layout; children: Sized[] } {
  const children = nodes.map((node) => sized(node, direction));
  const items = children.map(({ node, width, height }) => ({ id: node.id, width, height, needs: node.needs }));
  // Downwards is to the right with the axes exchanged.
  const placed = direction === "right" ? layout(items) : turned(layout(items.map((item) => ({ ...item, width: item.height, height: item.width }))));
  return { layout: placed, children };
}

function turned({ placed, curves, width, height }: Layout): Layout {
  return {
    placed: placed.map((box) => ({ id: box.id, x: box.y, y: box.x, width: box.height, height: box.width })),
    curves: curves.map((curve) => ({ ...curve, points: curve.points.map(({ x, y }) => ({ x: y, y: x })) })),
    width: height,
    height: width,
  };
}

function sized(node: GraphNode, direction: Direction): Sized {
  if (node.inside.length === 0) {
    return { node, width: BOX_WIDTH, height: BOX_HEIGHT, inner: undefined };
  }
  const inner = sizedAll(node.inside, direction);
  const width = Math.max(BOX_WIDTH, inner.layout.width + 2 * PADDING);
  return { node, width, height: inner.layout.height + HEAD_HEIGHT + PADDING, inner };
}

function put(graph: Graph, level: { layout: Layout; children: Sized[] }, left: number, top: number, depth: number): void {
  const places = new Map(level.layout.placed.map((placed) => [placed.id, placed]));
  for (const curve of level.layout.curves) {
    graph.curves.push({ ...curve, points: curve.points.map(({ x, y }) => ({ x: x + left, y: y + top })) });
  }
  for (const { node, width, height, inner } of level.children) {
    const placed = places.get(node.id);
    const [x, y] = [(placed?.x ?? 0) + left, (placed?.y ?? 0) + top];
    graph.boxes.push({ id: node.id, x, y, width, height, depth, holds: node.holds, open: inner !== undefined });
    if (inner !== undefined) {
      put(graph, inner, x + PADDING, y + HEAD_HEIGHT, depth + 1);
    }
  }
}
