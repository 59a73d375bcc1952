// A component as documentation: its functions and their types, what it needs of its host, who vouches for it.
// Never runs it.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import { Link, useParams } from "wouter";
import { useAddress } from "../app/address";
import { component } from "../api/queries";
import type { ComponentDetail, WitFunction } from "../api/types";
import { ColumnHeads, Copy, Digest, Fact, Loading, Page, Tabs } from "../parts/Basics";
import { bytes } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { UsedBy } from "./UsedBy";
import { documentationOf, WitText } from "./WitText";

/** Doc comments are Markdown wherever they were written. */
const MarkdownView = lazy(() => import("../artifacts/MarkdownView"));

const VIEWS = [
  ["functions", "Functions"],
  ["wit", "WIT"],
  ["imports", "Imports"],
  ["used", "Used by"],
] as const;

export default function ComponentPage(): ReactElement {
  const { component: text } = useParams<{ component: string }>();
  const reference = decodeURIComponent(text);
  const { data, error } = useQuery(component(reference));
  if (data === undefined) {
    return (
      <Page title={reference} above={<Link href="/components">Components</Link>}>
        {error === null ? <Loading what="Reading the component" /> : <Trouble error={error} />}
      </Page>
    );
  }
  return <Loaded item={data} />;
}

function Loaded({ item }: { item: ComponentDetail }): ReactElement {
  const [query, change] = useAddress();
  const view = VIEWS.find(([name]) => name === query.get("view"))?.[0] ?? "functions";
  return (
    <Page title={item.reference} above={<Link href="/components">Components</Link>}>
      <dl className="run-facts">
        <Fact name="digest">
          <Digest digest={item.digest} />
        </Fact>
        <Fact name="manifest">
          <Digest digest={item.manifest} />
        </Fact>
        <Fact name="size">{bytes(item.sizeBytes)}</Fact>
        <Fact name="signed by">
          {item.signer === undefined || item.signer === null ? (
            <span className="quiet-text">nobody; this node's policy names no keys</span>
          ) : (
            <span className="signer">
              <Icon name="shield" /> {item.signer.name} <Digest digest={item.signer.key} />
            </span>
          )}
        </Fact>
      </dl>
      <Tabs label="About the component" tabs={VIEWS} chosen={view} choose={(name) => change({ view: name === "functions" ? null : name })} />
      {view === "functions" ? <Functions item={item} /> : view === "wit" ? <WitText wit={item.wit} /> : view === "imports" ? <Imports item={item} /> : <UsedBy digest={item.digest} />}
    </Page>
  );
}

function Functions({ item }: { item: ComponentDetail }): ReactElement {
  if (item.command) {
    return (
      <div className="card">
        <p>It is a command: it takes arguments and files, and writes files (wasi:cli/run).</p>
        <Snippet text={`steps:\n  my-step:\n    component: ${item.reference}\n    command:\n      args: []`} />
      </div>
    );
  }
  return (
    <div className="functions">
      {item.functions.map((one) => (
        <FunctionCard key={one.name} item={item} one={one} />
      ))}
      {item.functions.length === 0 ? <p className="quiet-text">It exports no function that can be a step.</p> : null}
    </div>
  );
}

function FunctionCard({ item, one }: { item: ComponentDetail; one: WitFunction }): ReactElement {
  const words = documentationOf(item.wit, one.name);
  const lines = one.parameters.filter((parameter) => !parameter.type.startsWith("option<")).map((parameter) => `      ${parameter.name}: `);
  const snippet = `steps:\n  my-step:\n    component: ${item.reference}\n    function: ${one.name}\n    arguments:\n${lines.join("\n")}`;
  return (
    <article className="card function">
      <h2>
        <code>{one.name}</code>
      </h2>
      {words === "" ? null : (
        <Suspense fallback={<p className="function-words">{words}</p>}>
          <MarkdownView text={words} />
        </Suspense>
      )}
      <div className="function-types">
        <Types title="Takes" types={one.parameters} />
        <Types title="Gives" types={one.outputs} />
      </div>
      <details>
        <summary>As a step</summary>
        <Snippet text={snippet} />
      </details>
    </article>
  );
}

function Types({ title, types }: { title: string; types: WitFunction["parameters"] }): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      {types.length === 0 ? (
        <p className="quiet-text">nothing</p>
      ) : (
        <dl className="facts">
          {types.map((one) => (
            <Fact key={one.name} name={one.name}>
              <code>{one.type}</code>
            </Fact>
          ))}
        </dl>
      )}
    </section>
  );
}

function Snippet({ text }: { text: string }): ReactElement {
  return (
    <div className="snippet">
      <pre>{text}</pre>
      <Copy text={text} label="the step" />
    </div>
  );
}

/** Imports that reach out of the sandbox, and the grant without which the component is refused. */
const GRANTS: readonly [string, string][] = [
  ["wasi:http/", "http"],
  ["wasi:filesystem/", "files, for folders beyond its own inputs and outputs"],
  ["wasi:sockets/", "none opens sockets"],
];

function Imports({ item }: { item: ComponentDetail }): ReactElement {
  return (
    <table className="list">
      <ColumnHeads names={["Interface", "Grant that it takes"]} />
      <tbody>
        {item.imports.map((name) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
            </td>
            <td className="quiet-text">{GRANTS.find(([beginning]) => name.startsWith(beginning))?.[1] ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
