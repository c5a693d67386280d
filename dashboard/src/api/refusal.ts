// What the venue says when it does not do what it is asked, in words for the reader.

import type { SchemaFaults } from "./schema";

export interface Refusal {
  readonly message: string;
  /** The faults of single fields, by the field's name on the wire: `quantity`, `stop_loss.stop_price`. */
  readonly fields: ReadonlyMap<string, string>;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
}

export const UNANSWERED: Refusal = { status: 0, message: "The venue does not answer.", fields: new Map() };

/** What a proxy says of a venue that is not there: its answer is none of the venue's. */
const NOT_THE_VENUE = [502, 504];

/** Whether it was the venue that refused, and not the way to it that failed. */
export function isAnswer({ status }: Refusal): boolean {
  return status !== 0 && !NOT_THE_VENUE.includes(status);
}

/** Whether the venue is about to be there: it starts, and takes no orders yet. */
export function isStarting({ status, message }: Refusal): boolean {
  return status === 503 && message.startsWith("The server is starting");
}

export async function readRefusal(reply: Response): Promise<Refusal> {
  const fields = new Map<string, string>();
  let message = `The venue refused it (${reply.status}).`;
  const body = (await reply.json().catch(() => null)) as { detail?: string | SchemaFaults["detail"] } | null;
  if (typeof body?.detail === "string") message = body.detail;
  else
    for (const fault of body?.detail ?? []) {
      const field = fault.loc.slice(1).join(".");
      if (!fields.has(field)) fields.set(field, fault.msg);
      message = fault.msg;
    }
  const wait = reply.headers.get("retry-after");
  if (reply.status === 503 && wait !== null) message = `${message.replace(TRY_AGAIN, "")} (try again in ${wait} s)`;
  return { status: reply.status, message, fields };
}

/** The venue says it too, but not when. */
const TRY_AGAIN = /[:;,.] *try again( later)?\.?$/i;
