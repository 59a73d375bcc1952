// Which names a cell of Python defines and which it takes from others, read from its syntax tree.
// Never runs anything, and never fails: of a cell that cannot be read, what can be read counts. What a call changes
// inside a value, as `rows.append(1)` does, cannot be seen here.

import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { childrenOf, placesOf } from "./places";

export interface Names {
  defines: ReadonlySet<string>;
  uses: ReadonlySet<string>;
}

interface Scope {
  kind: "module" | "function" | "class" | "comprehension";
  bound: Set<string>;
  /** Names that a function declares to be the module's. */
  global: Set<string>;
  outer: Scope | undefined;
}

/** `[… for … in …]` and its like, and a call whose only argument is one. */
const isComprehension = (node: SyntaxNode): boolean => /Comprehension(Expression)?$/.test(node.name) || (node.name === "ArgList" && node.getChild("for") !== null);
const isDefinition = ({ name }: SyntaxNode): boolean => name === "FunctionDefinition" || name === "ClassDefinition";

/** What a cell defines and uses. */
export function namesOf(source: string): Names {
  return new Reader(withoutMagics(source)).read();
}

/** Lines for the host, such as `%pip`, are no Python; they are blanked, so that places stay as they are. */
function withoutMagics(source: string): string {
  return source.replace(/^[%!].*$/gm, (line) => " ".repeat(line.length));
}

class Reader {
  private readonly module: Scope = scopeIn(undefined, "module");
  private readonly uses = new Set<string>();
  /** Used inside functions, which run later: what the cell defines anywhere is theirs. */
  private readonly usedLater = new Set<string>();

  constructor(private readonly source: string) {}

  read(): Names {
    this.visit(parser.parse(this.source).topNode, this.module);
    for (const name of this.usedLater) {
      if (!this.module.bound.has(name)) {
        this.uses.add(name);
      }
    }
    return { defines: this.module.bound, uses: this.uses };
  }

  private text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to);
  }

  private use(name: string, scope: Scope): void {
    let isLater = false;
    for (let at = scope; ; at = at.outer) {
      if (at.outer === undefined) {
        const used = isLater ? this.usedLater : this.uses;
        if (isLater || !at.bound.has(name)) {
          used.add(name);
        }
        return;
      }
      // Functions do not see the names of a class around them.
      const isSeen = at.kind !== "class" || at === scope;
      if (isSeen && at.bound.has(name) && !at.global.has(name)) {
        return;
      }
      isLater ||= at.kind === "function";
    }
  }

  private bind(name: string, scope: Scope): void {
    let owner = scope;
    while (owner.kind === "comprehension" && owner.outer !== undefined) {
      owner = owner.outer;
    }
    (owner.global.has(name) ? this.module : owner).bound.add(name);
  }

  private visitAll(nodes: readonly SyntaxNode[], scope: Scope): void {
    nodes.forEach((node) => this.visit(node, scope));
  }

  private visit(node: SyntaxNode, scope: Scope): void {
    if (node.name === "VariableName") {
      this.use(this.text(node), scope);
    } else if (isComprehension(node)) {
      this.comprehension(node, scope);
    } else if (node.name === "FunctionDefinition" || node.name === "LambdaExpression") {
      this.fun(node, scope);
    } else if (node.name === "ClassDefinition") {
      this.classed(node, scope);
    } else if (node.name === "ArgList" || node.name === "KeywordPattern") {
      this.visitAll(withoutKeys(node), scope);
    } else if (node.name === "ScopeStatement") {
      this.declare(node, scope);
    } else {
      this.statement(node, scope);
    }
  }

  /** Values are taken before names are given, as Python does it, and what stands behind sees them. */
  private statement(node: SyntaxNode, scope: Scope): void {
    const { targets, before, behind } = placesOf(node);
    this.visitAll(before, scope);
    if (node.name === "UpdateStatement") {
      this.visitAll(targets, scope);
    }
    targets.forEach((target) => this.target(target, scope));
    this.visitAll(behind, scope);
  }

  /** A place that is given a value: a name, several, or a part of something, which changes what it is a part of. */
  private target(node: SyntaxNode, scope: Scope): void {
    if (node.name === "VariableName") {
      this.bind(this.text(node), scope);
    } else if (node.name === "MemberExpression") {
      this.visit(node, scope);
      const root = rootOf(node);
      if (scope.kind === "module" && root !== undefined) {
        this.bind(this.text(root), scope);
      }
    } else {
      childrenOf(node).forEach((child) => this.target(child, scope));
    }
  }

  private fun(node: SyntaxNode, scope: Scope): void {
    const children = childrenOf(node);
    const inner = scopeIn(scope, "function");
    this.parameters(children.find(({ name }) => name === "ParamList"), inner, scope);
    this.visitAll(children.filter(({ name }) => name === "TypeDef"), scope);
    const name = children.find((child) => child.name === "VariableName");
    if (node.name === "FunctionDefinition" && name !== undefined) {
      this.target(name, scope);
    }
    const start = children.findIndex((child) => child.name === "Body" || child.name === ":");
    const body = start < 0 ? [] : children.slice(start);
    // A name that is given a value anywhere in a function is the function's own from its beginning.
    body.forEach((child) => this.collect(child, inner));
    this.visitAll(body, inner);
  }

  private parameters(list: SyntaxNode | undefined, inner: Scope, outer: Scope): void {
    let isDefault = false;
    for (const child of list === undefined ? [] : childrenOf(list)) {
      if (child.name === "VariableName" && !isDefault) {
        inner.bound.add(this.text(child));
      } else {
        // Defaults and types are read where the function is defined.
        this.visit(child, outer);
      }
      isDefault = child.name === "AssignOp";
    }
  }

  /** What statements give names to, but not in functions, classes and comprehensions inside. */
  private collect(node: SyntaxNode, scope: Scope): void {
    if (node.name === "ScopeStatement") {
      this.declare(node, scope);
      return;
    }
    if (isDefinition(node)) {
      const name = childrenOf(node).find((child) => child.name === "VariableName");
      scope.bound.add(name === undefined ? "" : this.text(name));
      return;
    }
    if (node.name === "LambdaExpression" || isComprehension(node)) {
      return;
    }
    placesOf(node).targets.forEach((target) => this.collectTarget(target, scope));
    childrenOf(node).forEach((child) => this.collect(child, scope));
  }

  private collectTarget(node: SyntaxNode, scope: Scope): void {
    if (node.name === "VariableName") {
      scope.bound.add(this.text(node));
    } else if (node.name !== "MemberExpression") {
      childrenOf(node).forEach((child) => this.collectTarget(child, scope));
    }
  }

  private classed(node: SyntaxNode, scope: Scope): void {
    const name = childrenOf(node).find((child) => child.name === "VariableName");
    const inner = scopeIn(scope, "class");
    for (const child of childrenOf(node).filter((one) => one.from !== name?.from)) {
      this.visit(child, child.name === "Body" ? inner : scope);
    }
    if (name !== undefined) {
      this.target(name, scope);
    }
  }

  private declare(node: SyntaxNode, scope: Scope): void {
    if (node.firstChild?.name === "global" && scope.outer !== undefined) {
      for (const child of childrenOf(node).filter(({ name }) => name === "VariableName")) {
        scope.global.add(this.text(child));
      }
    }
  }

  /** Its names are its own; the first thing that it goes through is read outside of it. */
  private comprehension(node: SyntaxNode, scope: Scope): void {
    const inner = scopeIn(scope, "comprehension");
    const values: SyntaxNode[] = [];
    let [isTarget, isFirst] = [false, true];
    for (const child of childrenOf(node)) {
      if (child.name === "for" || child.name === "in") {
        isTarget = child.name === "for";
      } else if (isTarget) {
        this.collectTarget(child, inner);
      } else if (isFirst && child.prevSibling?.name === "in") {
        this.visit(child, scope);
        isFirst = false;
      } else {
        values.push(child);
      }
    }
    this.visitAll(values, inner);
  }
}

function scopeIn(outer: Scope | undefined, kind: Scope["kind"]): Scope {
  return { kind, bound: new Set(), global: new Set(), outer };
}

/** Names of arguments are no names of the cell. */
function withoutKeys(node: SyntaxNode): SyntaxNode[] {
  const children = childrenOf(node);
  const isKey = (child: SyntaxNode, place: number): boolean =>
    child.name === "VariableName" && (node.name === "KeywordPattern" ? place === 0 : children[place + 1]?.name === "AssignOp");
  return children.filter((child, place) => !isKey(child, place));
}

/** The name at the beginning of `a.b[c]`. */
function rootOf(node: SyntaxNode): SyntaxNode | undefined {
  let root: SyntaxNode | null = node;
  while (root?.name === "MemberExpression") {
    root = root.firstChild;
  }
  return root?.name === "VariableName" ? root : undefined;
}
