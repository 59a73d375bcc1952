// The first batches of an Arrow stream: where each message ends, so that a table is shown without being read whole.
// Never decodes columns; the library does.

/** Marks a message in the stream. */
const CONTINUATION = 0xffffffff;
/** The field of a message that says how long its body is. */
const BODY_LENGTH_FIELD = 3;

/** Bytes up to the end of the last whole message; what is behind it breaks off. */
export function wholeMessages(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let whole = 0;
  while (at + 8 <= bytes.byteLength && view.getUint32(at, true) === CONTINUATION) {
    const length = view.getInt32(at + 4, true);
    if (length === 0) {
      return at + 8;
    }
    const head = at + 8;
    if (head + length > bytes.byteLength) {
      return whole;
    }
    at = head + length + bodyLength(view, head);
    if (at > bytes.byteLength) {
      return whole;
    }
    whole = at;
  }
  return whole;
}

/** A field of a flat buffer: its table names the place of each field, where the message has it. */
function bodyLength(view: DataView, head: number): number {
  const table = head + view.getUint32(head, true);
  const fields = table - view.getInt32(table, true);
  const place = 4 + 2 * BODY_LENGTH_FIELD;
  const offset = place < view.getUint16(fields, true) ? view.getUint16(fields + place, true) : 0;
  return offset === 0 ? 0 : Number(view.getBigInt64(table + offset, true));
}
