// The console's few signs, drawn as strokes in the colour of the text beside them.
// Never the only carrier of a meaning: a word stands beside each, or in its title.

import type { ReactElement } from "react";

const PATHS = {
  overview: "M3 13h4l3-8 4 14 3-9 2 3h2",
  runs: "M5 4l14 8-14 8z",
  pipelines: "M6 3v6m0 6v6M6 9a3 3 0 100 6 3 3 0 000-6zm3 3h6m3-3a3 3 0 100 6 3 3 0 000-6z",
  jobs: "M4 4v16h16M7 7c2 8 5 9 12 9",
  notebooks: "M6 3h13v18H6zM3.5 7H8M3.5 12H8M3.5 17H8M11 8h5m-5 4h5",
  pencil: "M4 20l1-5L16 4l4 4L9 19z",
  schedules: "M12 3a9 9 0 100 18 9 9 0 000-18zm0 4v5l3 3",
  experiments: "M9 3h6m-5 0v6l-5 9a2 2 0 002 3h10a2 2 0 002-3l-5-9V3M8 15h8",
  artifacts: "M4 7l8-4 8 4v10l-8 4-8-4zm0 0l8 4 8-4m-8 4v10",
  components: "M4 4h7v7H4zm9 0h7v7h-7zm0 9h7v7h-7zM4 13h7v7H4z",
  compare: "M8 4v16M16 4v16M4 8h4m8 0h4M4 14h4m8 0h4",
  search: "M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM20 20l-4.5-4.5",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6L7 7m10 10l1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z",
  half: "M12 3a9 9 0 100 18 9 9 0 000-18zm0 0v18",
  close: "M6 6l12 12M18 6L6 18",
  open: "M9 6l6 6-6 6",
  plus: "M12 5v14M5 12h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14",
  retry: "M20 11a8 8 0 10-2.3 6.3M20 5v6h-6",
  stop: "M7 7h10v10H7z",
  clone: "M8 8h12v12H8zM4 16V4h12",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  warning: "M12 4l9 16H3zm0 6v4m0 3h.01",
  upload: "M12 20V9m-4.5 4.5L12 9l4.5 4.5M5 4h14",
  pause: "M8 5v14M16 5v14",
  leave: "M14 4h5v16h-5M4 12h11m-4-4l4 4-4 4",
  shield: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, title }: { name: IconName; title?: string }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 24 24" role={title === undefined ? undefined : "img"} aria-hidden={title === undefined}>
      {title === undefined ? null : <title>{title}</title>}
      <path d={PATHS[name]} />
    </svg>
  );
}
