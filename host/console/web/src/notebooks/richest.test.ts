// Which form is shown.
// Never draws it.

import { expect, test } from "vitest";
import { pictureAddress, richestOf } from "./richest";

test("the richest form is taken", () => {
  expect(richestOf({ "text/plain": "t", "text/html": "<b>" })?.type).toBe("text/html");
  expect(richestOf({ "text/plain": "t", "image/png": "AA==" })?.type).toBe("image/png");
  expect(richestOf({ "text/plain": "t", "application/x-other": "o" })?.type).toBe("text/plain");
  expect(richestOf({})).toBeUndefined();
});

test("a chart is shown as its description, or as its picture where it has one", () => {
  const chart = { "application/vnd.vegalite.v5+json": {}, "text/plain": "chart" };
  expect(richestOf(chart)?.type).toBe("application/vnd.vegalite.v5+json");
  expect(richestOf({ ...chart, "image/png": "AA==" })?.type).toBe("image/png");
});

test("pictures are their own addresses", () => {
  expect(pictureAddress({ type: "image/png", content: "AA\n==" })).toBe("data:image/png;base64,AA==");
  expect(pictureAddress({ type: "image/svg+xml", content: '<svg a="#"/>' })).toBe("data:image/svg+xml;charset=utf-8,%3Csvg%20a%3D%22%23%22%2F%3E");
  expect(pictureAddress({ type: "text/html", content: "x" })).toBeUndefined();
});
