// Places in a text, counted in characters as kernels do and in units of UTF-16 as browsers do.
// Never in bytes.

/** How many characters stand before a place that is counted in units. */
export function charactersTo(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}

/** How many units stand before a place that is counted in characters. */
export function unitsTo(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join("").length;
}
