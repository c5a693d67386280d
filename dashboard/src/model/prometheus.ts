// What `GET /metrics` says: Prometheus' text into samples, and samples into the figures that the page shows. Knows
// neither the network nor what a rate is: a Reading holds counts since the venue's start (see rates.ts).

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** How the venue was started. Delays as they are written on its command line. */
export interface VenueInfo {
  readonly version: string;
  readonly delay: string;
  readonly longDelay: string;
  readonly routeDelay: string;
  /** Whether it keeps its orders in a data folder. */
  readonly durable: boolean;
  // As on its command line; null where it does not tell, as earlier versions do not, or has none.
  readonly seed: string | null;
  readonly history: string | null;
  /** How many requests may wait for the order book. */
  readonly mailbox: string | null;
  readonly maxOrders: string | null;
  readonly retain: string | null;
  readonly retainOrders: string | null;
  /** How many refused requests it remembers; null where it does not tell of them. */
  readonly rejects: string | null;
}

/** A gauge of which there may be several, apart by their labels. */
export interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** How long requests of one route, method and status code took. */
export interface Requests {
  readonly route: string;
  readonly method: string;
  readonly code: string;
  /** Upper bounds in seconds, ascending; the last is infinite. */
  readonly bounds: readonly number[];
  /** How many took at most the bound. */
  readonly cumulative: readonly number[];
  readonly count: number;
  readonly sumS: number;
}

/** The venue's figures at one time. What it did not tell is 0; what earlier versions do not tell is null there. */
export interface Reading {
  /** When it was read, on the page's clock. */
  readonly atMs: number;
  /** Null where the venue does not tell. */
  readonly info: VenueInfo | null;
  /** The id of its history of changes. */
  readonly venueId: string | null;
  /** When it was started, or a venue of its own made, on the machine's clock. */
  readonly startedMs: number | null;
  /** The machine's time of day, in whole seconds; null where the answer did not tell. */
  readonly machineMs: number | null;
  readonly subscribers: number;
  /** Subscribers dropped since start, by reason: slow, silent, protocol_error, feed_behind. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly open: number;
  readonly held: number;
  /** Orders that it can list. */
  readonly listed: number | null;
  readonly mailboxDepth: number;
  /** Requests refused with 503 since start. */
  readonly refused: number;
  /** Requests answered 400 or above since start; null where it does not tell of them. */
  readonly rejected: number | null;
  /** Changes not yet safe in the data folder. */
  readonly unconfirmed: number;
  readonly commits: number;
  /** The size of its data folder, and what is free beside it. */
  readonly storeBytes: number | null;
  readonly storeFreeBytes: number | null;
  /** How far subscribers are behind, in bytes; empty where it does not tell. */
  readonly backlog: readonly Labelled[];
  readonly orders: { readonly accepted: number; readonly executed: number; readonly cancelled: number };
  readonly requests: readonly Requests[];
}

const SAMPLE = /([a-zA-Z_:][\w:]*)[ \t]*/y;
const LABEL = /[\s,]*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/y;
const VALUE = /[\s,]*\}?\s*(\S+)/y;

/** Reads Prometheus' text format, or OpenMetrics'. Comments and lines that are no samples are passed over. */
export function readSamples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => readSample(line.trim()) ?? []);
}

function readSample(line: string): Sample | null {
  const name = matchAt(SAMPLE, line, 0)?.[1];
  if (name === undefined) return null;
  const labels: Record<string, string> = {};
  let at = SAMPLE.lastIndex;
  if (line[at] === "{") {
    at += 1;
    for (let label = matchAt(LABEL, line, at); label !== null; label = matchAt(LABEL, line, at)) {
      labels[label[1] ?? ""] = unescaped(label[2] ?? "");
      at = LABEL.lastIndex;
    }
  }
  const value = readValue(matchAt(VALUE, line, at)?.[1] ?? "");
  return value === null ? null : { name, labels, value };
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function readValue(text: string): number | null {
  switch (text.toLowerCase()) {
    case "+inf":
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    case "nan":
      return Number.NaN;
    default:
      return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
  }
}

/** Reads what the page shows from the text of `/metrics`, which came at `atMs`, with this Date. */
export function readMetrics(text: string, atMs: number, machineMs = Number.NaN): Reading {
  const samples = readSamples(text);
  const figure = (name: string, label?: string, is?: string) =>
    samples.find((sample) => sample.name === name && (label === undefined || sample.labels[label] === is))?.value ?? 0;
  const known = (name: string) => samples.find((sample) => sample.name === name)?.value ?? null;
  const startedS = known("tradepit_start_time_seconds");
  return {
    atMs,
    info: readInfo(samples),
    venueId: samples.find((sample) => sample.name === "tradepit_venue_id")?.labels.id ?? null,
    startedMs: startedS === null ? null : startedS * 1000,
    machineMs: Number.isNaN(machineMs) ? null : machineMs,
    subscribers: figure("tradepit_subscribers"),
    dropped: Object.fromEntries(
      samples
        .filter((sample) => sample.name === "tradepit_subscribers_dropped_total")
        .map((sample) => [sample.labels.reason ?? "", sample.value]),
    ),
    connections: figure("tradepit_connections"),
    open: figure("tradepit_orders_open"),
    held: figure("tradepit_orders_held"),
    listed: known("tradepit_orders_listed"),
    mailboxDepth: figure("tradepit_mailbox_depth"),
    refused: figure("tradepit_mailbox_refused_total"),
    rejected: known("tradepit_rejects_total"),
    unconfirmed: figure("tradepit_store_unconfirmed"),
    commits: figure("tradepit_store_commits_total"),
    storeBytes: known("tradepit_store_bytes"),
    storeFreeBytes: known("tradepit_store_free_bytes"),
    backlog: samples
      .filter((sample) => sample.name === "tradepit_subscriber_backlog_bytes")
      .map(({ labels, value }) => ({ labels, value })),
    orders: {
      accepted: figure("tradepit_orders_total", "change", "accepted"),
      executed: figure("tradepit_orders_total", "change", "executed"),
      cancelled: figure("tradepit_orders_total", "change", "cancelled"),
    },
    requests: readRequests(samples),
  };
}

function readInfo(samples: readonly Sample[]): VenueInfo | null {
  const labels = samples.find((sample) => /^tradepit_venue(_info)*$/.test(sample.name))?.labels;
  if (labels === undefined) return null;
  return {
    version: labels.version ?? "",
    delay: labels.delay ?? "",
    longDelay: labels.long_delay ?? "",
    routeDelay: labels.route_delay ?? "",
    durable: labels.durable === "true",
    seed: labels.seed || null,
    history: labels.history || null,
    mailbox: labels.mailbox || null,
    maxOrders: labels.max_orders || null,
    retain: labels.retain || null,
    retainOrders: labels.retain_orders || null,
    rejects: labels.rejects || null,
  };
}

function readRequests(samples: readonly Sample[]): Requests[] {
  const family = "tradepit_http_request_duration_seconds_";
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (!sample.name.startsWith(family)) continue;
    const { route = "", method = "", code = "" } = sample.labels;
    const key = JSON.stringify([route, method, code]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return Array.from(groups.values(), (group) => readHistogram(family, group));
}

function readHistogram(family: string, group: readonly Sample[]): Requests {
  const { route = "", method = "", code = "" } = group[0]?.labels ?? {};
  const buckets = group
    .filter((sample) => sample.name === `${family}bucket`)
    .map((sample) => ({ bound: readValue(sample.labels.le ?? "") ?? Number.NaN, count: sample.value }))
    .filter((bucket) => !Number.isNaN(bucket.bound))
    .sort((one, other) => one.bound - other.bound);
  return {
    route,
    method,
    code,
    bounds: buckets.map((bucket) => bucket.bound),
    cumulative: buckets.map((bucket) => bucket.count),
    count: group.find((sample) => sample.name === `${family}count`)?.value ?? 0,
    sumS: group.find((sample) => sample.name === `${family}sum`)?.value ?? 0,
  };
}
