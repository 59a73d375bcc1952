// Numbers, times and names as people read them.
// Never a view; each is text from a value.

/** `0.8 s`, `12 s`, `3 min 07 s`, `2 h 05 min`. */
export function duration(millis: number): string {
  if (millis < 1_000) {
    return `${Math.max(0, Math.round(millis))} ms`;
  }
  const seconds = millis / 1_000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const two = (number: number): string => String(number).padStart(2, "0");
  if (whole < 3_600) {
    return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  }
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `512 B`, `1.4 MiB`. */
export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 1_024 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1);
  return `${text} ${UNITS[unit] ?? ""}`;
}

/** `14:03:59` today, `27 Nov 14:03` this year, else with the year. */
export function moment(millis: number, now: number = Date.now()): string {
  const at = new Date(millis);
  const today = new Date(now);
  if (at.toDateString() === today.toDateString()) {
    return at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  }
  const year = at.getFullYear() === today.getFullYear() ? {} : { year: "numeric" as const };
  const options = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, ...year } as const;
  return at.toLocaleString(undefined, options);
}

/** `just now`, `5 min ago`, `in 3 h`, `12 d ago`. */
export function relative(millis: number, now: number = Date.now()): string {
  const seconds = Math.round(Math.abs(now - millis) / 1_000);
  if (seconds < 10) {
    return "just now";
  }
  const [amount, unit] =
    seconds < 60
      ? [seconds, "s"]
      : seconds < 3_600
        ? [Math.round(seconds / 60), "min"]
        : seconds < 86_400
          ? [Math.round(seconds / 3_600), "h"]
          : [Math.round(seconds / 86_400), "d"];
  return millis > now ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
}

/** A number with as many digits as matter. */
export function number(value: number): string {
  if (Number.isInteger(value)) {
    return value.toLocaleString("en-GB");
  }
  return String(Number(value.toPrecision(5)));
}

/** `1 step`, `2 steps`. */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString("en-GB")} ${word}${count === 1 ? "" : "s"}`;
}

/** The first digits of a digest, as Git shows them. */
export function shortDigest(digest: string): string {
  const hex = digest.includes(":") ? (digest.split(":")[1] ?? "") : digest;
  return hex.slice(0, 12);
}

/** The end of a run's id, which differs between runs of the same moment. */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** A reference without the digest that it was resolved to. */
export function withoutDigest(reference: string): string {
  return reference.split("@")[0] ?? reference;
}

/** The last word of a reference: no registry, no tag, no digest. */
export function componentName(reference: string): string {
  const whole = withoutDigest(reference);
  const name = whole.slice(whole.lastIndexOf("/") + 1);
  return name.split(":")[0] ?? name;
}

/** A reference without its tag and its digest. A colon before the last slash belongs to a registry's port. */
export function repositoryOf(reference: string): string {
  const whole = withoutDigest(reference);
  const tag = whole.lastIndexOf(":");
  return tag > whole.lastIndexOf("/") ? whole.slice(0, tag) : whole;
}

/** The digest behind a reference. */
export function digestOf(reference: string): string {
  return reference.split("@")[1] ?? "";
}

/** A plain value on one line. */
export function oneLine(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
