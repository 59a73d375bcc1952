// What the node finds in a document: a sentence where it is right, a way to each line where it is not.
// Never a finding of the console's own.

import type { ReactElement } from "react";
import type { Problem } from "../api/types";
import type { Mark } from "./marks";

export interface FindingsProps {
  checking: boolean;
  /** What is said where nothing is wrong. */
  sentence: string;
  problems: readonly Problem[];
  marks: readonly Mark[];
  goTo: (place: { line: number }) => void;
}

export function Findings({ checking, sentence, problems, marks, goTo }: FindingsProps): ReactElement {
  const words = checking ? "Checking" : problems.length > 0 ? `${problems.length} to mend` : sentence;
  return (
    <div className={`findings${problems.length > 0 ? " findings-wrong" : ""}`}>
      <p role="status" aria-live="polite">
        {words}
      </p>
      {problems.length === 0 ? null : (
        <ul>
          {marks.map((mark, place) => (
            <li key={place}>
              <button type="button" className="finding" onClick={() => goTo({ line: mark.line })}>
                <span className="number">{mark.line}</span> <code>{problems[place]?.code}</code> {mark.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
