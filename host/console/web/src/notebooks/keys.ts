// What keys mean beside the text of a cell, as Jupyter has taught its users.
// Never while something is typed.

export type Command =
  | "edit"
  | "up"
  | "down"
  | "above"
  | "below"
  | "delete"
  | "undo"
  | "words"
  | "code"
  | "moveUp"
  | "moveDown"
  | "run"
  | "runAndNext"
  | "runAndInsert"
  | "interrupt"
  | "restart"
  | "save";

const SINGLE: Readonly<Record<string, Command>> = {
  Enter: "edit",
  ArrowUp: "up",
  k: "up",
  ArrowDown: "down",
  j: "down",
  a: "above",
  b: "below",
  z: "undo",
  m: "words",
  y: "code",
  s: "save",
};

/** Keys that are pressed twice. */
const DOUBLE: Readonly<Record<string, Command>> = { d: "delete", i: "interrupt", 0: "restart" };

/** Two presses of one key belong together within this time. */
const TOGETHER_MILLIS = 800;

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  timeStamp: number;
}

/** Remembers a first press of a key that means something when it is pressed twice. */
export class CommandKeys {
  private before: { key: string; at: number } | undefined;

  /** What a key means now; nothing where it means nothing, or not yet. */
  command(pressed: Pressed): Command | undefined {
    const { key, timeStamp } = pressed;
    const before = this.before;
    this.before = undefined;
    const modified = modifiedCommand(pressed);
    if (modified !== undefined || pressed.ctrlKey || pressed.metaKey || pressed.altKey) {
      return modified;
    }
    const double = DOUBLE[key];
    if (double === undefined) {
      return pressed.shiftKey ? undefined : SINGLE[key];
    }
    if (before?.key === key && timeStamp - before.at <= TOGETHER_MILLIS) {
      return double;
    }
    this.before = { key, at: timeStamp };
    return undefined;
  }
}

function modifiedCommand({ key, ctrlKey, metaKey, shiftKey, altKey }: Pressed): Command | undefined {
  if (key === "Enter") {
    return shiftKey ? "runAndNext" : ctrlKey || metaKey ? "run" : altKey ? "runAndInsert" : undefined;
  }
  if ((ctrlKey || metaKey) && (key === "ArrowUp" || key === "ArrowDown")) {
    return key === "ArrowUp" ? "moveUp" : "moveDown";
  }
  return (ctrlKey || metaKey) && key.toLowerCase() === "s" ? "save" : undefined;
}
