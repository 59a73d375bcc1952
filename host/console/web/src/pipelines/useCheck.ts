// What the node says of a document while it is being written.
// Never asks for every key: the text has to rest for a moment, and a newer text makes an older answer worthless.

import { useEffect, useState } from "react";
import { answered, api, problemsOfError, Refused } from "../api/client";
import type { CheckedPipeline, PlannedTask, Problem } from "../api/types";
import { outlineOf } from "./outline";

const REST_MILLIS = 350;

export interface Check {
  /** What the document means; the last good answer while the text is wrong. */
  checked: CheckedPipeline | undefined;
  problems: readonly Problem[];
  /** What is drawn: the node's tasks, or the text's own outline while the node finds something wrong. */
  tasks: readonly PlannedTask[];
  checking: boolean;
}

const NOTHING: Check = { checked: undefined, problems: [], tasks: [], checking: true };

export function useCheck(document: string | undefined): Check {
  const [check, setCheck] = useState<Check>(NOTHING);
  useEffect(() => {
    if (document === undefined) {
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setCheck((now) => ({ ...now, checking: true, tasks: outlineOf(document) ?? now.tasks }));
      answered(api.POST("/api/v1/pipelines:check", { body: { document }, signal: stop.signal }))
        .then((checked) => setCheck({ checked, problems: [], tasks: checked.tasks, checking: false }))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) {
            const problems = error instanceof Refused ? error.problems : problemsOfError(error);
            setCheck((now) => ({ ...now, problems, checking: false }));
          }
        });
    }, REST_MILLIS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [document]);
  return check;
}
