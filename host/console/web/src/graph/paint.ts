// Draws a graph on a canvas: only what is in sight, and less of it from afar.
// Never decides where anything stands or what it is called.

import type { Curve, Point } from "./layout";
import { HEAD_HEIGHT, type Box, type Direction, type Graph } from "./nested";

/** What a box says. */
export interface Face {
  title: string;
  detail: string;
  status: string;
  reused: boolean;
}

export interface View {
  x: number;
  y: number;
  scale: number;
}

export type Colours = Record<"box" | "line" | "edge" | "text" | "quiet" | "accent" | "group", string> & {
  status: Record<string, string>;
};

const STATUSES = ["succeeded", "failed", "running", "waiting", "backoff", "skipped", "cancelled", "planned"];

/** Letters cannot be read below this scale. */
const LETTERS_SCALE_MIN = 0.42;

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const status = Object.fromEntries(STATUSES.map((name) => [name, colour(`status-${name}`)]));
  return {
    box: colour("surface"),
    line: colour("border-strong"),
    edge: colour("edge"),
    text: colour("text"),
    quiet: colour("text-quiet"),
    accent: colour("accent"),
    group: colour("group"),
    status,
  };
}

export interface Painting {
  graph: Graph;
  face: (id: string) => Face | undefined;
  chosen: string | undefined;
  hovered: string | undefined;
  view: View;
  colours: Colours;
  width: number;
  height: number;
  ratio: number;
}

export function paint(context: CanvasRenderingContext2D, painting: Painting): void {
  const { graph, view, width, height, ratio, colours } = painting;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
  const left = -view.x / view.scale;
  const top = -view.y / view.scale;
  const seen = { left, top, right: left + width / view.scale, bottom: top + height / view.scale };
  const isSeen = (box: Box): boolean =>
    box.x < seen.right && box.x + box.width > seen.left && box.y < seen.bottom && box.y + box.height > seen.top;
  const boxes = graph.boxes.filter(isSeen);
  for (const box of boxes.filter((one) => one.open)) {
    paintGroup(context, painting, box);
  }
  context.lineWidth = 1.4 / Math.max(view.scale, 0.5);
  const highlighted = painting.hovered ?? painting.chosen;
  for (const curve of graph.curves.filter((one) => isCurveSeen(one, seen))) {
    const touches = highlighted !== undefined && (curve.from === highlighted || curve.to === highlighted);
    context.strokeStyle = touches ? colours.accent : colours.edge;
    paintCurve(context, curve.points, graph.direction);
  }
  for (const box of boxes.filter((one) => !one.open)) {
    paintBox(context, painting, box);
  }
}

interface Seen {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function isCurveSeen(curve: Curve, seen: Seen): boolean {
  const first = curve.points[0];
  const last = curve.points.at(-1);
  if (first === undefined || last === undefined) {
    return false;
  }
  const xs = curve.points.map((point) => point.x);
  const ys = curve.points.map((point) => point.y);
  const across = Math.min(...xs) < seen.right && Math.max(...xs) > seen.left;
  return across && Math.min(...ys) < seen.bottom && Math.max(...ys) > seen.top;
}

function paintCurve(context: CanvasRenderingContext2D, points: readonly Point[], direction: Direction): void {
  const first = points[0];
  if (first === undefined) {
    return;
  }
  context.beginPath();
  context.moveTo(first.x, first.y);
  let last = first;
  for (const point of points.slice(1)) {
    if (direction === "right") {
      const middle = (last.x + point.x) / 2;
      context.bezierCurveTo(middle, last.y, middle, point.y, point.x, point.y);
    } else {
      const middle = (last.y + point.y) / 2;
      context.bezierCurveTo(last.x, middle, point.x, middle, point.x, point.y);
    }
    last = point;
  }
  context.stroke();
}

function paintGroup(context: CanvasRenderingContext2D, painting: Painting, box: Box): void {
  const { colours, view } = painting;
  const face = painting.face(box.id);
  context.fillStyle = colours.group;
  context.strokeStyle = painting.chosen === box.id ? colours.accent : colours.line;
  context.lineWidth = painting.chosen === box.id ? 2 : 1;
  shape(context, box, 10);
  context.fill();
  context.stroke();
  if (face === undefined || view.scale < LETTERS_SCALE_MIN) {
    return;
  }
  paintMark(context, box.x + 18, box.y + HEAD_HEIGHT / 2 + 1, colours.status[face.status] ?? colours.quiet);
  context.fillStyle = colours.text;
  context.font = "600 13px system-ui, sans-serif";
  context.textBaseline = "middle";
  const room = box.width - 64;
  const title = fitted(context, face.title, room);
  context.fillText(title, box.x + 32, box.y + HEAD_HEIGHT / 2 + 1);
  const used = context.measureText(title).width;
  context.fillStyle = colours.quiet;
  context.font = "12px system-ui, sans-serif";
  context.fillText(fitted(context, face.detail, room - used - 10), box.x + 42 + used, box.y + HEAD_HEIGHT / 2 + 1);
  paintFold(context, box, colours.quiet);
}

function paintBox(context: CanvasRenderingContext2D, painting: Painting, box: Box): void {
  const { colours, view } = painting;
  const face = painting.face(box.id);
  const colour = colours.status[face?.status ?? "waiting"] ?? colours.quiet;
  const chosen = painting.chosen === box.id;
  context.fillStyle = view.scale < LETTERS_SCALE_MIN ? colour : colours.box;
  context.strokeStyle = chosen || painting.hovered === box.id ? colours.accent : colours.line;
  context.lineWidth = chosen ? 2.4 : 1;
  if (box.holds && view.scale >= LETTERS_SCALE_MIN) {
    shape(context, { ...box, x: box.x + 4, y: box.y + 4 }, 9);
    context.fill();
    context.stroke();
  }
  shape(context, box, 9);
  context.fill();
  if (view.scale >= LETTERS_SCALE_MIN || chosen) {
    context.stroke();
  }
  if (face === undefined || view.scale < LETTERS_SCALE_MIN) {
    return;
  }
  paintMark(context, box.x + 19, box.y + 16, colour);
  context.textBaseline = "middle";
  context.fillStyle = colours.text;
  context.font = "600 13px system-ui, sans-serif";
  context.fillText(fitted(context, face.title, box.width - 48), box.x + 34, box.y + 16);
  context.fillStyle = colours.quiet;
  context.font = "11.5px system-ui, sans-serif";
  context.fillText(fitted(context, face.detail, box.width - 46), box.x + 34, box.y + 33);
  if (box.holds) {
    paintFold(context, box, colours.quiet);
  }
}

function shape(context: CanvasRenderingContext2D, box: Box, radius: number): void {
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, radius);
}

function paintMark(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}

/** The sign by which a box is folded and unfolded. */
function paintFold(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  const { x, y } = foldSign(box);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - 4, y);
  context.lineTo(x + 4, y);
  if (!box.open) {
    context.moveTo(x, y - 4);
    context.lineTo(x, y + 4);
  }
  context.stroke();
}

export function foldSign(box: Box): Point {
  return { x: box.x + box.width - 16, y: box.y + 17 };
}

const fittedTexts = new Map<string, string>();
const FITTED_TEXTS_MAX = 20_000;

/** A text cut to a width, with a sign that it was. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${context.font}\n${Math.round(width)}\n${text}`;
  const known = fittedTexts.get(key);
  if (known !== undefined) {
    return known;
  }
  let end = text.length;
  let cut = text;
  while (end > 0 && context.measureText(cut).width > width) {
    end = Math.floor(end * 0.9);
    cut = `${text.slice(0, end)}…`;
  }
  if (fittedTexts.size > FITTED_TEXTS_MAX) {
    fittedTexts.clear();
  }
  fittedTexts.set(key, cut);
  return cut;
}
