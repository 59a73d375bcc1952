// Prints the typed client's types from the server's OpenAPI document; with --check only compares.
// Never asks a server: the document is the one that host/api keeps beside its source.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const root = dirname(import.meta.dirname);
const document = join(root, "../../api/openapi.json");
const file = join(root, "src/api/schema.ts");
const header = `// The REST interface as types, printed from host/api/openapi.json by \`cargo xtask codegen\`.
// Never edited by hand, and never more than the document says.
`;

const printed = `${header}\n${astToString(await openapi(pathToFileURL(document)))}`;
if (!process.argv.includes("--check")) {
  writeFileSync(file, printed);
} else if (readFileSync(file, "utf8") !== printed) {
  process.stderr.write("host/console/web/src/api/schema.ts is out of date: run `cargo xtask codegen`\n");
  process.exitCode = 1;
}
