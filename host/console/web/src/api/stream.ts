// The events of a run, or of a training job, as they happen, resumed behind the last one after any interruption.
// Never loses or repeats an event: each carries the position behind it, and the node goes on from there.

import { signedIn } from "../login/gate";
import type { StreamEvent } from "./types";

/** Waits between attempts to connect again, in milliseconds; the last one is kept. */
const WAITS = [250, 500, 1_000, 2_000, 5_000];

const NAMES = ["history", "log", "progress", "metric", "job", "points"] as const;

export interface StreamListener {
  event(event: StreamEvent): void;
  /** Whether events are arriving; false while the node cannot be reached. */
  connected(connected: boolean): void;
}

/** Listens to the stream at `path` from behind `position` on, until closed. */
export function listen(path: string, position: string, listener: StreamListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let last = position;
  let closed = false;

  const connect = (): void => {
    const query = last === "" ? "" : `?after=${encodeURIComponent(last)}`;
    const opened = new EventSource(path + query);
    source = opened;
    opened.onopen = () => {
      failures = 0;
      listener.connected(true);
    };
    // The browser's own way of coming back gives up where the node restarts; this one does not.
    opened.onerror = () => {
      opened.close();
      if (closed) {
        return;
      }
      const wait = WAITS[Math.min(failures, WAITS.length - 1)] ?? 0;
      failures += 1;
      // It may have ended with the login; the browser does not say. Then it goes on with the next one.
      void signedIn().then(() => {
        if (!closed) {
          timer = setTimeout(connect, wait);
        }
      });
      // Last: whoever hears of it may have heard enough, and close.
      listener.connected(false);
    };
    for (const name of NAMES) {
      opened.addEventListener(name, (message: MessageEvent<string>) => {
        last = message.lastEventId === "" ? last : message.lastEventId;
        listener.event(JSON.parse(message.data) as StreamEvent);
      });
    }
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
}
