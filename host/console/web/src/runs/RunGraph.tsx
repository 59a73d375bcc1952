// A run as a graph: what each step waits for, and how each is.
// Never lays anything out again because a step's status changed.

import { useMemo, type ReactElement } from "react";
import type { PlannedTask, Step } from "../api/types";
import { GraphView } from "../graph/GraphView";
import type { GraphNode } from "../graph/nested";
import type { Face } from "../graph/paint";
import { componentName, duration } from "../parts/format";
import { isUnfolded, needsOf, type TreeNode } from "./tree";

export interface RunGraphProps {
  tree: readonly TreeNode[];
  steps: ReadonlyMap<string, Step>;
  tasks: readonly PlannedTask[];
  folds: ReadonlyMap<string, boolean>;
  fold: (name: string, open: boolean) => void;
  chosen: string | undefined;
  choose: (name: string | undefined) => void;
}

export function RunGraph(props: RunGraphProps): ReactElement {
  const { tree, steps, tasks, folds, fold, chosen, choose } = props;
  // Which steps there are and which are unfolded; nothing else moves a box.
  const structure = useMemo(() => structureOf(tree, folds), [tree, folds]);
  const nodes = useMemo(() => {
    const named = new Map(tasks.map((task) => [task.name, task]));
    return tree.map((node) => nodeOf(node, steps, named, folds));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `structure` is all that the layout depends on.
  }, [structure, tasks]);
  const found = useMemo(() => {
    const all = new Map<string, TreeNode>();
    index(tree, all);
    return all;
  }, [tree]);
  const face = (id: string): Face | undefined => faceOf(found.get(id));
  return <GraphView nodes={nodes} face={face} chosen={chosen} choose={choose} fold={fold} label={`Graph of ${steps.size} steps. Arrow keys walk, space folds.`} />;
}

function structureOf(tree: readonly TreeNode[], folds: ReadonlyMap<string, boolean>): string {
  const parts: string[] = [];
  const walk = (node: TreeNode): void => {
    const open = node.children.length > 0 && isUnfolded(node, folds);
    parts.push(node.step.name, open ? "+" : node.children.length > 0 ? "-" : "");
    if (open) {
      node.children.toSorted((one, other) => (one.step.name < other.step.name ? -1 : 1)).forEach(walk);
    }
  };
  tree.toSorted((one, other) => (one.step.name < other.step.name ? -1 : 1)).forEach(walk);
  return parts.join("\n");
}

function index(tree: readonly TreeNode[], nodes: Map<string, TreeNode>): void {
  for (const node of tree) {
    nodes.set(node.step.name, node);
    index(node.children, nodes);
  }
}

function nodeOf(
  node: TreeNode,
  steps: ReadonlyMap<string, Step>,
  tasks: ReadonlyMap<string, PlannedTask>,
  folds: ReadonlyMap<string, boolean>,
): GraphNode {
  const holds = node.children.length > 0;
  const inside = holds && isUnfolded(node, folds) ? node.children.map((child) => nodeOf(child, steps, tasks, folds)) : [];
  return { id: node.step.name, needs: needsOf(node.step, steps, tasks), inside, holds };
}

function faceOf(node: TreeNode | undefined): Face | undefined {
  if (node === undefined) {
    return undefined;
  }
  const { step, title, children } = node;
  const { startedAtMillis: from, finishedAtMillis: to } = step;
  const took = from === undefined || from === null || to === undefined || to === null ? "" : ` · ${duration(to - from)}`;
  const name = componentName(step.component);
  const inside = `${children.length} ${step.kind === "loop" ? "rounds" : "inside"}`;
  const detail = children.length > 0 ? `${inside}${took}` : `${name}${step.reused ? " · reused" : took}`;
  return { title, detail, status: step.status, reused: step.reused };
}
