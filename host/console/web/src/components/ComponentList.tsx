// What the node's registry holds, by name and tag.
// Never lists other registries; a component of one of those is opened by its reference.

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { componentAddress, useAddress } from "../app/address";
import { node, repositories } from "../api/queries";
import { ColumnHeads, Empty, Loading, Page } from "../parts/Basics";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";

export default function ComponentList(): ReactElement {
  const [query, change] = useAddress();
  const find = query.get("find") ?? "";
  const { data, error } = useQuery(repositories());
  const about = useQuery(node());
  const shown = useMemo(() => (data?.items ?? []).filter((one) => one.repository.includes(find.toLowerCase())), [data, find]);
  return (
    <Page title="Components" actions={<OpenForm />}>
      <div className="toolbar">
        <label className="search">
          <Icon name="search" />
          <input type="search" value={find} placeholder="Find a name" aria-label="Find a name" onChange={(event) => change({ find: event.target.value }, { replace: true })} />
        </label>
        <span className="grow" />
        <span className="quiet-text">
          registry <code>{about.data?.registry ?? ""}</code>
        </span>
      </div>
      {data === undefined ? error === null ? <Loading what="Reading the registry" /> : <Trouble error={error} /> : null}
      {data?.items.length === 0 ? (
        <Empty title="Nothing was pushed yet">
          <p>A component is a WebAssembly program with typed functions. Write one, and push it:</p>
          <pre>{"sandmill component new count-words\nsandmill component build count-words\nsandmill component push count-words/target/wasm32-wasip2/release/count_words.wasm examples/count-words:0.1.0"}</pre>
        </Empty>
      ) : null}
      {shown.length === 0 ? null : (
        <div className="table-scroll">
          <table className="list">
            <ColumnHeads names={["Name", "Tags"]} />
            <tbody>
              {shown.map((one) => (
                <tr key={one.repository}>
                  <td>{one.repository}</td>
                  <td className="tags-cell">
                    {one.tags.map((tag) => (
                      <Link key={tag} className="chip" href={componentAddress(`${one.repository}:${tag}`)}>
                        {tag}
                      </Link>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

function OpenForm(): ReactElement {
  const [reference, setReference] = useState("");
  const [, navigate] = useLocation();
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        navigate(componentAddress(reference.trim()));
      }}
    >
      <input value={reference} required placeholder="registry/name:tag" aria-label="Reference of a component" onChange={(event) => setReference(event.target.value)} />
      <button type="submit">Open</button>
    </form>
  );
}
