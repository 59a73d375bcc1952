// What cells define and use.
// Never runs Python.

import { expect, test } from "vitest";
import { namesOf } from "./names";

const defined = (source: string): string[] => [...namesOf(source).defines].sort();
const used = (source: string): string[] => [...namesOf(source).uses].sort();

test.each<[string, string[], string[]]>([
  ["a, b = c = d.e + f(g=h)", ["a", "b", "c"], ["d", "f", "h"]],
  ["x = 1\ny = x", ["x", "y"], []],
  ["x = x + 1", ["x"], ["x"]],
  ["x += y", ["x"], ["x", "y"]],
  ["x: int = 3\ny: T", ["x"], ["T", "int"]],
  ["a[0] = b; c.d.e = f; [p, *q] = r", ["a", "c", "p", "q"], ["a", "b", "c", "f", "r"]],
  ["import a.b, c as d\nfrom e.g import f as g, h\nfrom . import q\nfrom k import (l, m as n)", ["a", "d", "g", "h", "l", "n", "q"], []],
  ["for i, (j, k) in z:\n  m = i\nelse:\n  n = 1", ["i", "j", "k", "m", "n"], ["z"]],
  ["with open(f) as g:\n  h = g", ["g", "h"], ["f", "open"]],
  ["try:\n  a\nexcept (E, F) as e:\n  b = e\n", ["b", "e"], ["E", "F", "a"]],
  ["[x + s for x in y if x for w in x]", [], ["s", "y"]],
  ["[x for x in x]", [], ["x"]],
  ["{a: b for a in c}", [], ["b", "c"]],
  ["sum(v for v in rows)", [], ["rows", "sum"]],
  ["if (n := f()): pass", ["n"], ["f"]],
  ["any((last := x) for x in xs)", ["last"], ["any", "xs"]],
  ["print(f'{x!r:>{w}} {y}')", [], ["print", "w", "x", "y"]],
  ["del a", [], ["a"]],
  ["match p:\n  case [a, B(c=d)] if e: f\n  case {'k': v, **rest}: g\n  case A.b | 3 as z: h", ["a", "d", "rest", "v", "z"], ["A", "B", "e", "f", "g", "h", "p"]],
  ["type X = int", ["X"], ["int"]],
  ["%pip install a\nz = 1", ["z"], []],
  ["x = (", ["x"], []],
])("%s", (source, defines, uses) => {
  expect([defined(source), used(source)]).toEqual([defines, uses]);
});

test("functions use what is there when they are called, and keep their own names", () => {
  const source = "def f(p: T, q=r, *s) -> u:\n  w = v + p + q + later\n  for i in s: w += i\n  return w\nlater = 1";
  expect(defined(source)).toEqual(["f", "later"]);
  expect(used(source)).toEqual(["T", "r", "u", "v"]);
  expect(used("def f():\n  print(x)\n  x = 1")).toEqual(["print"]);
  expect(used("g = lambda p, q=r: p + s")).toEqual(["r", "s"]);
  expect(used("def f(a):\n  def g(): return a + b\n  return g")).toEqual(["b"]);
});

test("global names of functions are the cell's", () => {
  expect(defined("def f():\n  global total\n  total = 1")).toEqual(["f", "total"]);
});

test("classes are read at once; their methods do not see their names", () => {
  const source = "@deco\nclass C(B, metaclass=M):\n  z = y\n  w = z\n  def m(self): return z + self.q";
  expect(defined(source)).toEqual(["C"]);
  expect(used(source)).toEqual(["B", "M", "deco", "y", "z"]);
});
