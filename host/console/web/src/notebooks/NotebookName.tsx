// The notebook's name as a heading, and as something to change.
// Never changes anything but the path: the session goes on under the new one.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { moveSession, renameFile } from "./jupyter";
import { notebookAddress } from "./paths";
import { useBook, type OpenNotebook } from "./useNotebook";

const ENDING = ".ipynb";

export function NotebookName({ open }: { open: OpenNotebook }): ReactElement {
  const { path } = useBook(open.book);
  const [name, setName] = useState<string | undefined>();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const bare = path.slice(folder.length).replace(/\.ipynb$/, "");
  const rename = useMutation({
    mutationFn: async (to: string) => {
      await open.saver.meanwhile(async () => {
        await renameFile(path, to);
        if (open.runner.kernel !== undefined) {
          await moveSession(open.runner.kernel, to);
        }
      });
      return to;
    },
    onSuccess: (to) => {
      void client.invalidateQueries({ queryKey: ["notebooks"] });
      navigate(notebookAddress(to), { replace: true });
    },
  });
  if (name === undefined) {
    return (
      <span className="notebook-name">
        {folder}
        {bare}
        <button type="button" className="quiet" aria-label="Rename" title="Rename" onClick={() => setName(bare)}>
          <Icon name="pencil" />
        </button>
      </span>
    );
  }
  const isGood = name.trim() !== "" && !name.includes("/");
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) {
          rename.mutate(`${folder}${name.trim()}${ENDING}`);
        }
      }}
    >
      <input aria-label="Name of the notebook" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      <button type="submit" disabled={!isGood || rename.isPending}>
        Rename
      </button>
      <button type="button" onClick={() => setName(undefined)}>
        Leave it
      </button>
      {rename.error === null ? null : <Trouble error={rename.error} />}
    </form>
  );
}
