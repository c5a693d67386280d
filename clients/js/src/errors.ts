// What can go wrong, in words that say what to do.

/** Whatever this package throws of itself. */
export class TradepitError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** There is no server to test against, and none could be started. */
export class NoServer extends TradepitError {}

/** Something was asked, or waited for, and nothing came. What a request asked for may have been done all the same. */
export class NoAnswer extends TradepitError {}

/** One thing that is wrong with a request, as the server tells it. */
export interface Fault {
  /** Such as `body.accounts.0.leverage`. */
  readonly place: string;
  readonly message: string;
  /** A word for programs, such as `missing`. */
  readonly type: string;
  /** What was sent there. */
  readonly input: unknown;
}

/** The server answered, with a status of 400 or more. */
export class Refused extends TradepitError {
  /** Method and address. */
  readonly request: string;
  readonly status: number;
  /** The reply's JSON, or its text where it is none. */
  readonly body: unknown;
  /** A word for programs, such as `clock_is_real`, where the reply has one. */
  readonly code: string | null;
  /** All that is wrong with the request, of a 422. */
  readonly faults: readonly Fault[];

  constructor(request: string, status: number, body: unknown) {
    const told = isObject(body) ? body : {};
    const detail = "detail" in told ? told.detail : body;
    const faults = faultsOf(detail);
    const words = faults.length > 0 ? faults.map(inWords).join("; ") : asText(detail);
    super(`${request}: ${status}: ${words}`);
    this.request = request;
    this.status = status;
    this.body = body;
    this.code = typeof told.code === "string" ? told.code : null;
    this.faults = faults;
  }
}

/** The server ended a WebSocket. */
export class Closed extends TradepitError {
  constructor(
    url: string,
    /** As RFC 6455 has it; 1006 where the connection broke without a word. */
    readonly code: number,
    readonly reason: string,
  ) {
    super(`${url} was closed with ${code}: ${reason || (WHY[code] ?? "no reason was given")}`);
  }
}

/** What the server says with a code alone. */
const WHY: Readonly<Record<number, string>> = {
  1001: "the venue was removed, or the server ended",
  1006: "the connection broke. Is the server still there?",
  1012: "the venue was reset",
  1013: "what it told was read too slowly",
};

function faultsOf(detail: unknown): Fault[] {
  if (!Array.isArray(detail)) return [];
  return detail.filter(isObject).map(({ loc, msg, type, input }) => ({
    place: Array.isArray(loc) ? loc.join(".") : "",
    message: String(msg ?? ""),
    type: String(type ?? ""),
    input,
  }));
}

function inWords({ place, message, input }: Fault): string {
  return `${place}: ${message} (sent: ${JSON.stringify(input)})`;
}

function asText(detail: unknown): string {
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
