// Experiments: names that runs are put under, to be compared with each other.
// Never a run itself; each name leads to its runs.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link } from "wouter";
import { address } from "../app/address";
import { answered, api } from "../api/client";
import { experiments } from "../api/queries";
import { ColumnHeads, Empty, Loading, Moment, Page } from "../parts/Basics";
import { Trouble } from "../parts/Trouble";

export default function ExperimentList(): ReactElement {
  const { data, error } = useQuery(experiments());
  return (
    <Page title="Experiments">
      <MakeForm />
      {data === undefined ? error === null ? <Loading what="Reading experiments" /> : <Trouble error={error} /> : null}
      {data?.items.length === 0 ? <Empty title="No experiment yet">An experiment is a name that runs are put under. The first run makes the default one.</Empty> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <div className="table-scroll">
          <table className="list">
            <ColumnHeads names={["Experiment", "About", "Made", "Newest run"]} />
            <tbody>
              {data.items.toReversed().map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link href={address("/runs", { experiment: one.name })}>{one.name}</Link> {one.archived ? <span className="quiet-text">archived</span> : null}
                  </td>
                  <td>{one.description ?? ""}</td>
                  <td>
                    <Moment millis={one.createdAtMillis} />
                  </td>
                  <td>{one.lastRunAtMillis === undefined || one.lastRunAtMillis === null ? "" : <Moment millis={one.lastRunAtMillis} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}

function MakeForm(): ReactElement {
  const [name, setName] = useState("");
  const [words, setWords] = useState("");
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => answered(api.POST("/api/v1/experiments", { body: { name, ...(words === "" ? {} : { description: words }) } })),
    onSuccess: () => {
      setName("");
      setWords("");
      return client.invalidateQueries({ queryKey: ["experiments"] });
    },
  });
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <input value={name} required placeholder="Name" aria-label="Name of a new experiment" onChange={(event) => setName(event.target.value)} />
      <input value={words} placeholder="What it is about" aria-label="What it is about" onChange={(event) => setWords(event.target.value)} />
      <button type="submit" disabled={make.isPending}>
        Make an experiment
      </button>
      {make.error === null ? null : <Trouble error={make.error} />}
    </form>
  );
}
