// The channels of a kernel over a WebSocket, in Jupyter's text form; comes back by itself after any interruption.
// Never loses what cells said meanwhile: the node tells it again to whoever comes back.

import type { Json } from "./nbformat";
import { aboutKernel } from "./jupyter";
import { Refused } from "../api/client";

/** Waits between attempts to connect again, in milliseconds; the last one is kept. */
const WAITS = [200, 400, 800, 1_600, 3_000];

export interface KernelMessage {
  channel: string;
  type: string;
  /** The id of the message that it follows from; empty where the kernel speaks of itself. */
  parent: string;
  content: Json;
}

export type Link = "connecting" | "connected" | "away" | "over";

export interface ChannelListener {
  message(message: KernelMessage): void;
  /** How the connection is. Over means that the node knows the kernel no more. */
  link(link: Link): void;
}

export class Channel {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;
  private readonly replies = new Map<string, (content: Json | undefined) => void>();
  /** The same in all visits of this browser tab, so that a question of a cell finds who asked for the cell. */
  private readonly client = clientId();

  constructor(
    readonly kernel: string,
    private readonly listener: ChannelListener,
  ) {
    this.connect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.forgetReplies();
  }

  /** Whether it could be sent. */
  send(type: string, content: Json, id: string, channel = "shell"): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    const header = { msg_id: id, msg_type: type, session: this.client, username: "", date: new Date().toISOString(), version: "5.4" };
    this.socket.send(JSON.stringify({ channel, header, parent_header: {}, metadata: {}, content, buffers: [] }));
    return true;
  }

  /** The content of the reply; nothing where the connection broke before. */
  request(type: string, content: Json): Promise<Json | undefined> {
    const id = crypto.randomUUID();
    return new Promise((done) => {
      this.replies.set(id, done);
      if (!this.send(type, content, id)) {
        this.replies.delete(id);
        done(undefined);
      }
    });
  }

  answer(value: string): void {
    this.send("input_reply", { status: "ok", value }, crypto.randomUUID(), "stdin");
  }

  private connect(): void {
    const base = globalThis.location.origin.replace(/^http/, "ws");
    const socket = new WebSocket(`${base}/api/kernels/${encodeURIComponent(this.kernel)}/channels?session_id=${this.client}&replay=true`);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.listener.link("connected");
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.take(data);
    socket.onclose = () => {
      if (!this.closed) {
        void this.lost();
      }
    };
  }

  /** Whether the node or only the connection went away, and whether it still knows the kernel. */
  private async lost(): Promise<void> {
    this.forgetReplies();
    this.listener.link("away");
    const isOver = await aboutKernel(this.kernel).then(
      () => false,
      // Unknown, or known and of somebody else.
      (error: unknown) => error instanceof Refused && [403, 404].includes(error.status),
    );
    if (this.closed) {
      return;
    }
    if (isOver) {
      this.listener.link("over");
      return;
    }
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)] ?? 0;
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), wait);
  }

  private forgetReplies(): void {
    this.replies.forEach((done) => done(undefined));
    this.replies.clear();
  }

  private take(data: unknown): void {
    if (typeof data !== "string") {
      return;
    }
    const message = JSON.parse(data) as { channel?: string; header: { msg_type: string }; parent_header?: { msg_id?: string }; content: Json };
    const parent = message.parent_header?.msg_id ?? "";
    const reply = this.replies.get(parent);
    if (reply !== undefined && message.channel === "shell") {
      this.replies.delete(parent);
      reply(message.content);
      return;
    }
    this.listener.message({ channel: message.channel ?? "", type: message.header.msg_type, parent, content: message.content });
  }
}

const CLIENT = "sandmill-notebook-client";

function clientId(): string {
  const kept = sessionStorage.getItem(CLIENT);
  const id = kept ?? crypto.randomUUID();
  sessionStorage.setItem(CLIENT, id);
  return id;
}
