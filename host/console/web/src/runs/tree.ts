// A run's steps as the tree that they are, and as the rows that are shown of it.
// Never changes a step.

import type { PlannedTask, Step } from "../api/types";

export interface TreeNode {
  step: Step;
  /** The last part of its path. */
  title: string;
  depth: number;
  children: TreeNode[];
}

/** Children are folded away at first where there are more of them than this. */
const UNFOLDED_CHILDREN_MAX = 12;

const natural = new Intl.Collator("en", { numeric: true });

/** The outermost steps, each with what is inside: earlier ones first, those that have not begun by name. */
export function treeOf(steps: Iterable<Step>): TreeNode[] {
  const nodes = new Map<string, TreeNode>();
  for (const step of steps) {
    nodes.set(step.name, { step, title: step.name.slice(step.name.lastIndexOf("/") + 1), depth: 0, children: [] });
  }
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.step.parent;
    const above = parent === undefined || parent === null ? undefined : nodes.get(parent);
    (above?.children ?? roots).push(node);
  }
  const settle = (siblings: TreeNode[], depth: number): void => {
    siblings.sort(byStart);
    for (const node of siblings) {
      node.depth = depth;
      settle(node.children, depth + 1);
    }
  };
  settle(roots, 0);
  return roots;
}

function byStart(one: TreeNode, other: TreeNode): number {
  const begun = (node: TreeNode): number => node.step.startedAtMillis ?? Number.MAX_SAFE_INTEGER;
  return begun(one) - begun(other) || natural.compare(one.title, other.title);
}

/** Whether what is inside of a step is shown, unless the reader said otherwise. */
export function isUnfolded(node: TreeNode, folds: ReadonlyMap<string, boolean>): boolean {
  return folds.get(node.step.name) ?? node.children.length <= UNFOLDED_CHILDREN_MAX;
}

export interface RowFilter {
  text: string;
  status: string;
}

/** The rows in sight of the tree. With a filter, what fits and what holds it. */
export function rowsOf(roots: readonly TreeNode[], folds: ReadonlyMap<string, boolean>, filter: RowFilter): TreeNode[] {
  const rows: TreeNode[] = [];
  const text = filter.text.toLowerCase();
  const all = text === "" && filter.status === "";
  const fits = (node: TreeNode): boolean =>
    (text === "" || node.step.name.toLowerCase().includes(text)) && (filter.status === "" || node.step.status === filter.status);
  const walk = (node: TreeNode): boolean => {
    const place = rows.length;
    rows.push(node);
    let found = fits(node);
    if (node.children.length > 0 && (!all || isUnfolded(node, folds))) {
      for (const child of node.children) {
        found = walk(child) || found;
      }
    }
    if (!all && !found) {
      rows.length = place;
    }
    return found;
  };
  roots.forEach(walk);
  return rows;
}

/** A step's path in the plan: its own without the numbers of rounds. */
export function planPath(step: Step, steps: ReadonlyMap<string, Step>): string {
  const above = step.parent === undefined || step.parent === null ? undefined : steps.get(step.parent);
  const prefix = above === undefined ? "" : planPath(above, steps);
  if (step.kind === "iteration") {
    return prefix;
  }
  const title = step.name.slice(step.name.lastIndexOf("/") + 1);
  return prefix === "" ? title : `${prefix}/${title}`;
}

/** The siblings that a step waits for, by their paths in the run. */
export function needsOf(step: Step, steps: ReadonlyMap<string, Step>, tasks: ReadonlyMap<string, PlannedTask>): string[] {
  if (step.kind === "iteration") {
    return [];
  }
  const task = tasks.get(planPath(step, steps));
  const prefix = step.name.slice(0, step.name.lastIndexOf("/") + 1);
  const sibling = (path: string): string => prefix + path.slice(path.lastIndexOf("/") + 1);
  return (task?.needs ?? []).map(sibling).filter((name) => steps.has(name));
}
