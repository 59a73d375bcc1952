// Lays large graphs out beside the page, so that the page never waits for it.
// Never draws and never keeps a graph.

import { graphOf, type Direction, type Graph, type GraphNode } from "./nested";

export interface LayoutRequest {
  number: number;
  nodes: readonly GraphNode[];
  direction: Direction;
}

export interface LayoutAnswer {
  number: number;
  graph: Graph;
}

globalThis.onmessage = (message: MessageEvent<LayoutRequest>) => {
  const { number, nodes, direction } = message.data;
  const answer: LayoutAnswer = { number, graph: graphOf(nodes, direction) };
  globalThis.postMessage(answer);
};
