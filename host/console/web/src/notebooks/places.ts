// Where in a statement of Python names are given, and what is read before and behind.
// Never knows what a name means.

import type { SyntaxNode } from "@lezer/common";

export interface Places {
  /** What is given a value: names, or patterns with names in them. */
  targets: SyntaxNode[];
  /** What is read before. */
  before: SyntaxNode[];
  /** What is read behind. */
  behind: SyntaxNode[];
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

/** The places of one statement or expression, not of those inside. */
export function placesOf(node: SyntaxNode): Places {
  const children = childrenOf(node);
  switch (node.name) {
    case "AssignStatement":
    case "UpdateStatement":
    case "NamedExpression":
      return assigned(children);
    case "ForStatement":
      return looped(children);
    case "WithStatement":
    case "TryStatement":
    case "AsPattern":
      return named(children);
    case "ImportStatement":
      return { targets: imported(children), before: [], behind: [] };
    case "CapturePattern":
      return { targets: children, before: [], behind: [] };
    case "TypeDefinition":
      return { targets: children.slice(1, 2), before: children.slice(2), behind: [] };
    default:
      return { targets: [], before: children, behind: [] };
  }
}

/** `a, b = c = VALUE`, `a: TYPE`, `a += VALUE`, `(a := VALUE)`. */
function assigned(children: SyntaxNode[]): Places {
  const isOperator = ({ name }: SyntaxNode): boolean => name === "AssignOp" || name === "UpdateOp";
  const last = children.findLastIndex(isOperator);
  const isTarget = (child: SyntaxNode, place: number): boolean => place < last && !isOperator(child) && child.name !== "TypeDef";
  // A name with a type and without a value is given nothing; its type is read.
  const isRead = (child: SyntaxNode, place: number): boolean => !isTarget(child, place) && (last >= 0 || child.name === "TypeDef");
  return { targets: children.filter(isTarget), before: children.filter(isRead), behind: [] };
}

/** `for TARGETS in VALUE: BODY`. */
function looped(children: SyntaxNode[]): Places {
  const within = Math.max(0, children.findIndex(({ name }) => name === "in"));
  const body = children.findIndex(({ name }) => name === "Body");
  const end = body < 0 ? children.length : body;
  return { targets: children.slice(0, within), before: children.slice(within, end), behind: children.slice(end) };
}

/** `with VALUE as NAME: BODY`, `except VALUE as NAME: BODY`, `case PATTERN as NAME`. */
function named(children: SyntaxNode[]): Places {
  const isTarget = (child: SyntaxNode): boolean => child.prevSibling?.name === "as" && !child.type.isError;
  const first = children.findIndex(isTarget);
  const end = first < 0 ? children.length : first;
  return { targets: children.filter(isTarget), before: children.slice(0, end), behind: children.slice(end).filter((child) => !isTarget(child)) };
}

/** `import a.b` gives `a`; with `as`, the name behind it; `from` gives what stands behind `import`. */
function imported(children: SyntaxNode[]): SyntaxNode[] {
  const start = children.findIndex(({ name }) => name === "import") + 1;
  const given: SyntaxNode[] = [];
  let name: SyntaxNode | undefined;
  for (const child of children.slice(start)) {
    if (child.name === ",") {
      given.push(...(name === undefined ? [] : [name]));
      name = undefined;
    } else if (child.name === "VariableName" && (name === undefined || child.prevSibling?.name === "as")) {
      name = child;
    }
  }
  return [...given, ...(name === undefined ? [] : [name])];
}
