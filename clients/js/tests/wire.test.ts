// What is typed in the package is what the server says of itself: names, and what may be missing or null.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Server } from "tradepit";
import { test } from "tradepit/vitest";
import ts from "typescript";
import { describe, expect } from "vitest";

/** A type of the package, and which of the schema's fields are told elsewhere. */
const REPLIES: Readonly<Record<string, string>> = {
  Account: "Account",
  Advanced: "ClockAdvanced",
  Balance: "Balance",
  Clock: "Clock",
  ClockSetting: "VenueClock",
  Counts: "VenueCounts",
  FaultInForce: "FaultInForce",
  Order: "Order",
  Quote: "Quote",
  RuleStanding: "RuleStanding",
  VenueInfo: "Venue",
};

/** `stoks` is an order's other name for its symbol, which is an argument of its own. */
const REQUESTS: Readonly<Record<string, [schema: string, apart: readonly string[]]>> = {
  AccountSettings: ["NewAccount", []],
  ClockStart: ["ClockStart", []],
  FaultDeed: ["FaultDeed", []],
  FaultMatch: ["FaultMatch", []],
  Match: ["MatchOfRule", []],
  NewFault: ["NewFault", []],
  Plan: ["PlanOfRule", []],
  Preset: ["PresetOfRules", []],
  Rule: ["Rule", []],
  Settings: ["NewVenue", ["from"]],
  StopLoss: ["StopLoss", []],
  TakeProfit: ["TakeProfit", []],
  Terms: ["NewOrder", ["stoks"]],
};

const WORDS: Readonly<Record<string, string>> = {
  OrderClass: "OrderClass",
  OrderType: "OrderType",
  Side: "Side",
  State: "OrderState",
  Status: "Status",
  TimeInForce: "TimeInForce",
};

/** Frames of `/ws`, by the names that its document has for them. */
const FRAMES: Readonly<Record<string, string>> = { Change: "change", Lagged: "lagged", OpenOrder: "order" };

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly type?: string | readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly nullable: boolean;
}

const [fields, words] = declared();

describe("replies", () => {
  for (const [type, schema] of Object.entries(REPLIES))
    test(`${type} has every field, and says which may be missing or null`, async ({ tradepitServer }) => {
      expect(fields(type)).toEqual(fieldsOf((await schemas(tradepitServer)).get(schema)));
    });
});

describe("requests", () => {
  for (const [type, [schema, apart]] of Object.entries(REQUESTS))
    test(`${type} has every field, and says which must be given`, async ({ tradepitServer }) => {
      const told = fieldsOf((await schemas(tradepitServer)).get(schema)).filter(({ name }) => !apart.includes(name));
      expect(fields(type).map(asked)).toEqual(told.map(asked));
    });
});

for (const [type, schema] of Object.entries(WORDS))
  test(`${type} has every word`, async ({ tradepitServer }) => {
    expect(words(type)).toEqual([...((await schemas(tradepitServer)).get(schema)?.enum ?? [])].sort());
  });

for (const [type, message] of Object.entries(FRAMES))
  test(`${type} has every field that is announced`, async ({ tradepitServer }) => {
    const document = await read<Announced>(tradepitServer, "/asyncapi.json");
    expect(fields(type)).toEqual(fieldsOf(document.components.messages[message]?.payload));
  });

test("orders are narrowed by what the server knows", async ({ tradepitServer }) => {
  const document = await read<Document>(tradepitServer, "/openapi.json");
  const known = document.paths["/orders"]?.get.parameters.map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(fields("Filter").map(({ name }) => name)));
});

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, { readonly get: { readonly parameters: readonly { name: string }[] } }>>;
}

interface Announced {
  readonly components: { readonly messages: Readonly<Record<string, { readonly payload: Schema }>> };
}

async function read<T>({ url }: Server, path: string): Promise<T> {
  return (await (await fetch(url + path)).json()) as T;
}

async function schemas(server: Server) {
  const document = await read<Document>(server, "/openapi.json");
  return new Map(Object.entries(document.components.schemas));
}

function fieldsOf(schema: Schema | undefined): Field[] {
  const required = new Set(schema?.required);
  const told = Object.entries(schema?.properties ?? {});
  return told.map(([name, of]) => ({ name, required: required.has(name), nullable: mayBeNull(of) })).sort(byName);
}

function mayBeNull({ type, oneOf }: Schema): boolean {
  return type === "null" || (Array.isArray(type) && type.includes("null")) || (oneOf?.some(mayBeNull) ?? false);
}

function asked({ name, required }: Field) {
  return { name, required };
}

function byName(one: Field, other: Field): number {
  return one.name < other.name ? -1 : 1;
}

/** What the package's declarations say, as they are published. */
function declared(): [fields: (type: string) => Field[], words: (type: string) => string[]] {
  const path = join(dirname(createRequire(import.meta.url).resolve("tradepit")), "wire.d.ts");
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const members = new Map<string, ts.NodeArray<ts.TypeElement>>();
  const aliases = new Map<string, ts.TypeNode>();
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node)) members.set(node.name.text, node.members);
    if (ts.isTypeAliasDeclaration(node)) aliases.set(node.name.text, node.type);
  });
  const read = (member: ts.TypeElement): Field => {
    const type = ts.isPropertySignature(member) ? member.type?.getText(source) : "";
    const name = member.name?.getText(source) ?? "";
    return { name, required: member.questionToken === undefined, nullable: /\bnull\b/.test(type ?? "") };
  };
  return [
    (type) => (members.get(type) ?? []).map(read).sort(byName),
    (type) => [...(aliases.get(type)?.getText(source) ?? "").matchAll(/"(\w+)"/g)].map(([, word]) => word ?? "").sort(),
  ];
}
