// A question that stands before the page until it is answered or closed.
// Never opens by itself.

import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { Icon } from "./Icon";

export function Dialog(props: { title: string; close: () => void; className?: string; children: ReactNode }): ReactElement {
  const { title, close, className = "", children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={title}
      onCancel={close}
      onClick={(event) => (event.target === dialog.current ? close() : undefined)}
    >
      <div className="dialog-box">
        <header className="dialog-head">
          <h2>{title}</h2>
          <button type="button" className="quiet" onClick={close} aria-label="Close">
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
