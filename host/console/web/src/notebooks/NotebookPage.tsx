// A notebook in its session: cells that run and show, and what was defined.
// Never holds the notebook itself: that is the book's, so that what is typed is never lost to a redraw.

import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import { Link } from "wouter";
import { useAddress } from "../app/address";
import { Loading, Page } from "../parts/Basics";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { CellView, type CellActions } from "./CellView";
import { CommandKeys } from "./keys";
import { NotebookName } from "./NotebookName";
import { carriedOut } from "./commands";
import { Notices, Toolbar } from "./Toolbar";
import { useBook, useNotebook, type OpenNotebook } from "./useNotebook";
import { Variables } from "./Variables";

export default function NotebookPage(): ReactElement {
  const [query] = useAddress();
  const path = query.get("path") ?? "";
  const { open, error } = useNotebook(path);
  if (open === undefined) {
    return (
      <Page title={path} above={<Link href="/notebooks">Notebooks</Link>}>
        {error === null ? <Loading what="Opening the notebook" /> : <Trouble error={error} />}
      </Page>
    );
  }
  return <Opened key={path} open={open} />;
}

function Opened({ open }: { open: OpenNotebook }): ReactElement {
  const { book } = open;
  const state = useBook(book);
  const [query, change] = useAddress();
  const chosen = state.cells.some(({ id }) => id === query.get("cell")) ? (query.get("cell") ?? "") : (state.cells[0]?.id ?? "");
  const [editing, setEditing] = useState<{ id: string; times: number }>({ id: "", times: 0 });
  const choose = useCallback((id: string) => change({ cell: id }, { replace: true }), [change]);
  const edit = useCallback((id: string) => setEditing((now) => ({ id, times: now.times + 1 })), []);
  const act = useCommands(open, chosen, choose, edit, () => setEditing({ id: "", times: 0 }));
  const actions = useMemo<CellActions>(
    () => ({
      choose,
      edit: (id, source) => book.edit(id, source),
      press: (id, key) => act(key, id),
      run: (id) => act("run", id),
      remove: (id) => act("delete", id),
      answer: (id, value) => open.runner.answer(id, value),
      complete: (code, cursor) => open.runner.complete(code, cursor),
    }),
    [book, open.runner, act, choose],
  );
  const showsVariables = query.get("side") !== "none";
  return (
    <Page wide title={state.path} heading={<NotebookName open={open} />} above={<Link href="/notebooks">Notebooks</Link>} actions={<Toolbar open={open} />}>
      <Notices open={open} />
      {state.error === null ? null : <Trouble error={state.error} />}
      <div className={showsVariables ? "notebook" : "notebook notebook-alone"}>
        <Cells open={open} chosen={chosen} editing={editing} actions={actions} act={act} />
        {showsVariables ? <Variables variables={state.variables} close={() => change({ side: "none" }, { replace: true })} /> : null}
        {showsVariables ? null : (
          <button type="button" className="quiet notebook-side-open" aria-label="Show variables" title="Show variables" onClick={() => change({ side: null }, { replace: true })}>
            <Icon name="menu" />
          </button>
        )}
      </div>
    </Page>
  );
}

function focusCell(id: string): void {
  const find = (): HTMLElement | null => document.getElementById(`cell-${id}`);
  const cell = find();
  if (cell === null) {
    // One that was made just now is there after the next drawing.
    requestAnimationFrame(() => find()?.focus());
  } else {
    cell.focus();
  }
}

type Act = ReturnType<typeof useCommands>;

/** Carries out what a key or a button means, and moves to the cell that it leads to. */
function useCommands(open: OpenNotebook, chosen: string, choose: (id: string) => void, edit: (id: string) => void, leave: () => void) {
  return useCallback(
    (command: Parameters<typeof carriedOut>[1], id: string = chosen) => {
      const next = carriedOut(open, command, id);
      if (next === undefined) {
        return;
      }
      choose(next.id);
      if (next.edits) {
        edit(next.id);
        return;
      }
      leave();
      focusCell(next.id);
    },
    // What leaves the text is always the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [open, chosen, choose, edit],
  );
}

function Cells(props: { open: OpenNotebook; chosen: string; editing: { id: string; times: number }; actions: CellActions; act: Act }): ReactElement {
  const { open, chosen, editing, actions, act } = props;
  const { cells, stale } = useBook(open.book);
  const keys = useMemo(() => new CommandKeys(), []);
  const press = (event: React.KeyboardEvent): void => {
    const isBeside = event.target instanceof HTMLElement && event.target.dataset["cell"] !== undefined;
    const command = isBeside ? keys.command(event.nativeEvent) : undefined;
    if (command !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      act(command);
    }
  };
  useEffect(() => {
    document.getElementById(`cell-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div className="cells" onKeyDown={press}>
      {cells.map((cell, place) => (
        <CellView
          key={cell.id}
          cell={cell}
          number={place + 1}
          stale={stale.has(cell.id)}
          chosen={cell.id === chosen}
          focused={editing.id === cell.id ? editing.times : 0}
          actions={actions}
        />
      ))}
      <div className="cells-more">
        <button type="button" onClick={() => act("below", cells.at(-1)?.id)}>
          <Icon name="plus" /> Code
        </button>
        <button type="button" onClick={() => act("wordsBelow", cells.at(-1)?.id)}>
          <Icon name="plus" /> Words
        </button>
        {cells.length === 1 && cells[0]?.source === "" ? <span className="quiet-text">Write Python above and press Shift Enter. Escape leaves the text; then a and b add cells, d d deletes one.</span> : null}
      </div>
    </div>
  );
}
