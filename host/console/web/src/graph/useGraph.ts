// Where a graph's boxes stand: at once for small ones, from a worker for large ones.
// Never shows an older answer in the place of a newer one.

import { useEffect, useMemo, useRef, useState } from "react";
import { fitted } from "./moving";
import { graphOf, type Graph, type GraphNode } from "./nested";
import type { LayoutAnswer, LayoutRequest } from "./worker";

/** Larger graphs are laid out beside the page, and always lead to the right. */
const AT_ONCE_MAX = 250;

const NOTHING: Graph = { boxes: [], curves: [], width: 0, height: 0, direction: "right" };

function count(nodes: readonly GraphNode[]): number {
  return nodes.reduce((sum, node) => sum + 1 + count(node.inside), 0);
}

export function useGraph(nodes: readonly GraphNode[], size: { width: number; height: number }): Graph {
  const large = useMemo(() => count(nodes) > AT_ONCE_MAX, [nodes]);
  const right = useMemo(() => (large ? undefined : graphOf(nodes, "right")), [nodes, large]);
  const down = useMemo(() => (large ? undefined : graphOf(nodes, "down")), [nodes, large]);
  const far = useWorker(nodes, large);
  if (right === undefined || down === undefined) {
    return far;
  }
  return fitted(down, size).scale > 1.15 * fitted(right, size).scale ? down : right;
}

function useWorker(nodes: readonly GraphNode[], large: boolean): Graph {
  const [graph, setGraph] = useState(NOTHING);
  const worker = useRef<Worker | undefined>(undefined);
  const number = useRef(0);
  useEffect(() => () => worker.current?.terminate(), []);
  useEffect(() => {
    if (!large) {
      return;
    }
    worker.current ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    number.current += 1;
    worker.current.onmessage = (message: MessageEvent<LayoutAnswer>) => {
      if (message.data.number === number.current) {
        setGraph(message.data.graph);
      }
    };
    const request: LayoutRequest = { number: number.current, nodes, direction: "right" };
    worker.current.postMessage(request);
  }, [nodes, large]);
  return graph;
}
