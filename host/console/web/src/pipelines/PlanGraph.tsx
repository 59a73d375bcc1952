// A plan as a graph: tasks that have not run.
// Never shows a status; there is none yet.

import { useMemo, useState, type ReactElement } from "react";
import type { PlannedTask } from "../api/types";
import { GraphView } from "../graph/GraphView";
import type { GraphNode } from "../graph/nested";
import { componentName } from "../parts/format";

export function PlanGraph(props: { tasks: readonly PlannedTask[]; chosen?: string | undefined; choose?: (task: string | undefined) => void }): ReactElement {
  const { tasks, chosen, choose } = props;
  const [own, setOwn] = useState<string | undefined>();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const named = useMemo(() => new Map(tasks.map((task) => [task.name, task])), [tasks]);
  const nodes = useMemo(() => nodesOf(tasks, folded), [tasks, folded]);
  const fold = (id: string, open: boolean): void => {
    const next = new Set(folded);
    if (open) {
      next.delete(id);
    } else {
      next.add(id);
    }
    setFolded(next);
  };
  return (
    <GraphView
      nodes={nodes}
      face={(id) => {
        const task = named.get(id);
        const title = id.slice(id.lastIndexOf("/") + 1);
        const component = componentName(task?.component ?? "");
        return task && { title, detail: component === "" ? task.kind : component, status: "planned", reused: false };
      }}
      chosen={chosen ?? own}
      choose={choose ?? setOwn}
      fold={fold}
      label={`Graph of ${tasks.length} tasks. Arrow keys walk, space folds.`}
    />
  );
}

function nodesOf(tasks: readonly PlannedTask[], folded: ReadonlySet<string>): GraphNode[] {
  const children = new Map<string, PlannedTask[]>();
  for (const task of tasks) {
    const parent = task.parent ?? "";
    children.set(parent, [...(children.get(parent) ?? []), task]);
  }
  const node = (task: PlannedTask): GraphNode => {
    const inner = children.get(task.name) ?? [];
    const inside = folded.has(task.name) ? [] : inner.map(node);
    return { id: task.name, needs: task.needs, inside, holds: inner.length > 0 };
  };
  return (children.get("") ?? []).map(node);
}
