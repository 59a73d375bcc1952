// Colours that programs write into their logs, as spans of text.
// Never anything but colours and weights: every other sequence is left out, and text stays text.

export interface Span {
  text: string;
  /** Names of classes; the style sheet knows them. */
  style: string;
}

interface Pen {
  colour: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Pen = { colour: "", bold: false, dim: false, italic: false, underline: false };
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

// A sequence of control characters: colours end in `m`, titles of windows in a bell or a terminator.
const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
const SEQUENCE = new RegExp(`${ESCAPE}(?:\\[([0-9;:]*)([@-~])|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|[@-Z\\\\^_])`, "g");
const CONTROLS = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(8)}${String.fromCharCode(11)}-${String.fromCharCode(31)}${String.fromCharCode(127)}]`, "g");

/** The text alone. */
export function withoutSequences(text: string): string {
  return text.replace(SEQUENCE, "").replace(CONTROLS, "");
}

/** The text in spans of one style each. */
export function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  let pen = PLAIN;
  let end = 0;
  const add = (part: string): void => {
    const clean = part.replace(CONTROLS, "");
    if (clean !== "") {
      spans.push({ text: clean, style: styleOf(pen) });
    }
  };
  for (const match of text.matchAll(SEQUENCE)) {
    add(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === "m") {
      pen = drawn(pen, (match[1] ?? "").split(/[;:]/).map(Number));
    }
  }
  add(text.slice(end));
  return spans;
}

function styleOf(pen: Pen): string {
  const names = [pen.colour === "" ? "" : `ansi-${pen.colour}`];
  names.push(pen.bold ? "ansi-bold" : "", pen.dim ? "ansi-dim" : "", pen.italic ? "ansi-italic" : "", pen.underline ? "ansi-underline" : "");
  return names.filter((name) => name !== "").join(" ");
}

function drawn(pen: Pen, codes: readonly number[]): Pen {
  let next = { ...pen };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) {
      next = { ...PLAIN };
    } else if (code >= 30 && code <= 37) {
      next.colour = COLOURS[code - 30] ?? "";
    } else if (code >= 90 && code <= 97) {
      next.colour = COLOURS[code - 90] ?? "";
    } else if (code === 38 || code === 48) {
      // A palette's or a mixed colour: its first sixteen have names, the rest are shown as plain text.
      const palette = codes[at + 1] === 5;
      const index = codes[at + 2] ?? -1;
      if (code === 38) {
        next.colour = palette && index < 16 ? (COLOURS[index % 8] ?? "") : "";
      }
      at += palette ? 2 : 4;
    } else {
      next = { ...next, ...weights(code) };
    }
  }
  return next;
}

function weights(code: number): Partial<Pen> {
  switch (code) {
    case 1:
      return { bold: true };
    case 2:
      return { dim: true };
    case 3:
      return { italic: true };
    case 4:
      return { underline: true };
    case 22:
      return { bold: false, dim: false };
    case 23:
      return { italic: false };
    case 24:
      return { underline: false };
    case 39:
      return { colour: "" };
    default:
      return {};
  }
}
