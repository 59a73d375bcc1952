// What went wrong, in the node's own words: what happened, what to do next, the code to look up.
// Never an apology and never a stack trace.

import type { ReactElement } from "react";
import { problemsOfError } from "../api/client";
import type { Problem } from "../api/types";

export function Problems({ problems }: { problems: readonly Problem[] }): ReactElement {
  return (
    <div className="problems" role="alert">
      {problems.map((problem, place) => (
        <div className="problem" key={`${place}-${problem.code}`}>
          <p className="problem-message">
            {problem.code === "" ? null : <code title={`sandmill explain ${problem.code}`}>{problem.code}</code>}{" "}
            {problem.message}
          </p>
          {problem.hint === undefined || problem.hint === null ? null : <p className="problem-hint">{problem.hint}</p>}
        </div>
      ))}
    </div>
  );
}

export function Trouble({ error }: { error: unknown }): ReactElement {
  return <Problems problems={problemsOfError(error)} />;
}
