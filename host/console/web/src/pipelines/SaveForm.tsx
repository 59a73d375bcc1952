// Keeps a document: as another version of the pipeline that it came from, or as a pipeline of its own.
// Never changes a version that is there; what it runs stays.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { address } from "../app/address";
import { answered, api } from "../api/client";
import { pipelines } from "../api/queries";
import { Trouble } from "../parts/Trouble";

export function SaveForm({ document, name, pipeline }: { document: string; name: string; pipeline: string | undefined }): ReactElement {
  const { data } = useQuery(pipelines());
  const same = data?.items.find((one) => one.id === pipeline || one.name === name)?.id;
  const [chosen, setChosen] = useState<string | undefined>();
  const target = chosen ?? pipeline ?? same ?? "";
  const [title, setTitle] = useState(name);
  const [words, setWords] = useState("");
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const save = useMutation({
    mutationFn: async () => {
      const description = words === "" ? {} : { description: words };
      if (target === "") {
        return (await answered(api.POST("/api/v1/pipelines", { body: { name: title, document, ...description } }))).id;
      }
      const params = { path: { pipeline: target } };
      await answered(api.POST("/api/v1/pipelines/{pipeline}/versions", { params, body: { document, ...description } }));
      return target;
    },
    onSuccess: (id) => {
      void client.invalidateQueries({ queryKey: ["pipelines"] });
      navigate(address(`/pipelines/${encodeURIComponent(id)}`));
    },
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label className="field">
        <span>As</span>
        <select value={target} onChange={(event) => setChosen(event.target.value)}>
          <option value="">a new pipeline</option>
          {(data?.items ?? []).map((one) => (
            <option key={one.id} value={one.id}>
              another version of {one.name}
            </option>
          ))}
        </select>
      </label>
      {target === "" ? (
        <label className="field">
          <span>Name</span>
          <input value={title} required onChange={(event) => setTitle(event.target.value)} />
        </label>
      ) : null}
      <label className="field">
        <span>{target === "" ? "What it is about" : "What changed"}</span>
        <input value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      {save.error === null ? null : <Trouble error={save.error} />}
      <button type="submit" className="primary" disabled={save.isPending}>
        Save
      </button>
    </form>
  );
}
