// Takes the built files over into the crate's dist folder, each with a compressed twin.
// Never touches a file that did not change, so that the binary is compiled again only when it has to be.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const root = dirname(import.meta.dirname);
const built = join(root, "node_modules/.built");
const dist = join(root, "../dist");

/** All files below a folder, as paths relative to it. */
function files(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Writes only what differs. */
function put(path, content) {
  const file = join(dist, path);
  if (existsSync(file) && readFileSync(file).equals(content)) {
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const wanted = new Set([".gitignore"]);
for (const path of files(built)) {
  const content = readFileSync(join(built, path));
  put(path, content);
  wanted.add(path);
  const packed = gzipSync(content, { level: 9 });
  if (packed.length < content.length) {
    put(`${path}.gz`, packed);
    wanted.add(`${path}.gz`);
  }
}
for (const path of files(dist).filter((path) => !wanted.has(path))) {
  rmSync(join(dist, path));
}
