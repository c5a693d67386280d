// A list of what is made to happen, rules or faults, as it is edited: each entry as the JSON that it is, those that are put
// and those that are switched off. Knows neither of the two from the other, nor the network.

/** An entry as the venue tells it. */
export type Told = Readonly<Record<string, unknown>>;

export interface Entry {
  readonly text: string;
  /** One that is off is kept by the page alone. */
  readonly on: boolean;
}

/** What the venue counts of an entry, and is not said when it is put. */
const COUNTS = ["matched", "used"] as const;
/** A line of JSON that is longer is broken up. */
const LINE = 76;

/** The entry as it would be put: without its counts, and without what says nothing. */
export function textOf(told: Told): string {
  const said = Object.entries(told).filter(([name, value]) => !isCount(name) && !isNothing(value));
  const entry = Object.fromEntries(said);
  const line = spaced(JSON.stringify(entry));
  return line.length <= LINE ? line : JSON.stringify(entry, null, 2);
}

/** `matched 3, used 1`. */
export function countsOf(told: Told): string {
  const counted = COUNTS.flatMap((name) => (typeof told[name] === "number" ? [`${name} ${told[name]}`] : []));
  return counted.join(", ");
}

/** What an entry is called: its name, else what it does. */
export function nameOf(text: string): string {
  try {
    const { name, do: deed, preset } = JSON.parse(text) as Told;
    if (typeof name === "string" && name !== "") return name;
    return typeof preset === "string" ? `preset ${preset}` : spaced(JSON.stringify(deed ?? {}));
  } catch {
    return "not read yet";
  }
}

/** The list that is put: the entries that are on; or which of all entries are no JSON, and why. */
export function listOf(entries: readonly Entry[]): { readonly list: unknown[] } | { readonly faults: Faults } {
  const [list, faults]: [unknown[], Map<number, string>] = [[], new Map()];
  entries.forEach(({ text, on }, at) => {
    if (!on) return;
    try {
      list.push(JSON.parse(text));
    } catch (error) {
      faults.set(at, `This is no JSON: ${(error as Error).message}`);
    }
  });
  return faults.size > 0 ? { faults } : { list };
}

/** What is wrong, by the place of the entry among all. */
export type Faults = ReadonlyMap<number, string>;

/** What the venue says is wrong, of an entry by its place among those that were put: `1.do.fill.0`. The rest is of none. */
export function placed(fields: ReadonlyMap<string, string>, entries: readonly Entry[]): Faults {
  const places = entries.flatMap(({ on }, at) => (on ? [at] : []));
  const faults = new Map<number, string>();
  for (const [field, message] of fields) {
    const [first = "", ...within] = field.split(".");
    const at = places[Number(first)];
    if (at === undefined || first === "") continue;
    const fault = within.length === 0 ? message : `${within.join(".")}: ${message}`;
    faults.set(at, faults.has(at) ? `${faults.get(at)}; ${fault}` : fault);
  }
  return faults;
}

function isCount(name: string): boolean {
  return COUNTS.some((count) => count === name);
}

function isNothing(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** As it is written by hand. */
function spaced(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, text, mark) => text ?? `${mark} `);
}
