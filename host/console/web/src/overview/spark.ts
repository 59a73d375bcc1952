// A row of values as the path of a small drawing.
// Never shows a number; the reader sees the course, and the number stands above.

export const SPARK_WIDTH = 200;
export const SPARK_HEIGHT = 40;

export interface Spark {
  line: string;
  area: string;
}

export function sparkOf(values: readonly number[], most: number | undefined): Spark {
  if (values.length === 0) {
    return { line: "", area: "" };
  }
  const top = Math.max(most ?? 0, ...values, Number.MIN_VALUE);
  const across = values.length === 1 ? 0 : SPARK_WIDTH / (values.length - 1);
  const points = values.map((value, at) => `${(at * across).toFixed(1)} ${(SPARK_HEIGHT - 2 - (Math.max(0, value) / top) * (SPARK_HEIGHT - 4)).toFixed(1)}`);
  const line = `M${points.join("L")}`;
  return { line, area: `${line}L${((values.length - 1) * across).toFixed(1)} ${SPARK_HEIGHT}L0 ${SPARK_HEIGHT}Z` };
}
