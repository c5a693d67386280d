// Requests, and replies or an error: all that this package knows of HTTP.

import { NoAnswer, Refused } from "./errors.js";

/** After so long no reply is expected any more. */
const PATIENCE_MS = 60_000;

export interface Reply {
  /** Its JSON, or its text where it is none; null where it is empty. */
  readonly body: unknown;
  /** Whether a list goes on with another page. */
  readonly hasMore: boolean;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patienceMs?: number;
}

/** The reply to one request. Throws `Refused` for a status of 400 or more, `NoAnswer` where none came. */
export async function ask(method: string, url: string, asked: Asked = {}): Promise<Reply> {
  const { body, patienceMs = PATIENCE_MS } = asked;
  const headers: Record<string, string> = { ...asked.headers };
  const request: RequestInit = { method, headers, signal: AbortSignal.timeout(patienceMs) };
  if (body !== undefined) {
    headers["content-type"] = "application/json";
    request.body = JSON.stringify(body, asSent);
  }
  const [reply, text] = await sent(url, request);
  const read = readBody(text);
  if (reply.status >= 400) throw new Refused(`${method} ${url}`, reply.status, read);
  return { body: read, hasMore: /rel="next"/.test(reply.headers.get("link") ?? "") };
}

async function sent(url: string, request: RequestInit): Promise<[reply: Response, text: string]> {
  try {
    const reply = await fetch(url, request);
    return [reply, await reply.text()];
  } catch (error) {
    const words = `${request.method} ${url}: no answer: ${reasonOf(error)}. Is the server still there?`;
    throw new NoAnswer(words, { cause: error });
  }
}

/** `fetch` itself says no more than that it failed: why is what lies below. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? error.errors : [];
  const below = error.cause ?? first;
  return below === undefined ? error.message : reasonOf(below);
}

export function readBody(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** JSON has no other numbers than these, and would say `null`. */
function asSent(name: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${name}: ${value} cannot be sent`);
  return value;
}
