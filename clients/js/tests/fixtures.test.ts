// The fixtures: where the server comes from, what a venue is made with, and that it goes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { find, NoAnswer, NoServer, Refused, Server, type Settings, serve } from "tradepit";
import { test, testWith } from "tradepit/vitest";
import { afterEach, beforeEach, describe, expect, onTestFinished, vi } from "vitest";

// What the environment names is for these tests themselves, not for those that they run.
const named = { url: process.env.TRADEPIT_URL, bin: process.env.TRADEPIT_BIN };
const binary = () => find(named.bin);

describe("a run of vitest's", () => {
  test("has a venue for each test, which goes with it", async ({ tradepitServer }) => {
    const run = await vitest(
      { TRADEPIT_URL: tradepitServer.url },
      `
      import { appendFileSync } from "node:fs";
      import { test } from "tradepit/vitest";
      import { expect } from "vitest";

      const note = (venue) => appendFileSync("venues", venue.name + "\\n");
      test("one", async ({ venue }) => { note(venue); await venue.place("EURUSD", 1); });
      test("that removes it itself", async ({ venue }) => { note(venue); await venue.remove(); });
      test("that fails", async ({ venue }) => { note(venue); expect(venue).toBe(null); });
      `,
    );
    expect(run.output).toMatch(/Tests\s+1 failed \| 2 passed/);
    const names = readFileSync(join(run.folder, "venues"), "utf8").trim().split("\n");
    expect(new Set(names).size).toBe(3);
    // Of the one that failed, and of no other.
    expect(run.output.match(/venue \w+: http:\S+ seed=\d+/g)).toEqual([expect.stringContaining(names[2] ?? "?")]);
    for (const name of names)
      await expect(fetch(`${tradepitServer.url}/venues/${name}`)).resolves.toMatchObject({ status: 404 });
  });

  test("starts a server, which ends with it", async () => {
    const run = await vitest(
      { TRADEPIT_BIN: binary() },
      `
      import { writeFileSync } from "node:fs";
      import { test } from "tradepit/vitest";
      test("one", async ({ tradepitServer }) => { await tradepitServer.check(); writeFileSync("url", tradepitServer.url); });
      `,
    );
    expect(run.output).toMatch(/Tests\s+1 passed/);
    await expect(new Server(readFileSync(join(run.folder, "url"), "utf8")).check()).rejects.toThrow(NoServer);
  });

  test("has one server for all its files where it is set up so", async () => {
    const note = (name: string) => `
      import { writeFileSync } from "node:fs";
      import { test } from "tradepit/vitest";
      test("one", async ({ venue }) => { writeFileSync("${name}", new URL(venue.url).origin); });
      `;
    const setup = `
      import { serve } from "tradepit";
      export default async function setup() {
        const server = await serve();
        process.env.TRADEPIT_URL = server.url;
        return () => server.stop();
      }
      `;
    const run = await vitest({ TRADEPIT_BIN: binary() }, note("first"), {
      "other.test.js": note("second"),
      "setup.js": setup,
    });
    expect(run.output).toMatch(/Tests\s+2 passed/);
    const [first = "", second] = ["first", "second"].map((name) => readFileSync(join(run.folder, name), "utf8"));
    expect(second).toBe(first);
    await expect(new Server(first).check()).rejects.toThrow(NoServer);
  });

  test("tells what is wrong with what a venue is to be made with", async ({ tradepitServer }) => {
    const run = await vitest(
      { TRADEPIT_URL: tradepitServer.url },
      `
      import { testWith } from "tradepit/vitest";
      testWith({ sead: 1 })("one", ({ venue }) => {});
      testWith({ seed: "x", clock: "frosen" })("other", ({ venue }) => {});
      `,
    );
    expect(run.output).toMatch(/Tests\s+2 failed/);
    expect(run.output).toContain("A venue knows no sead: it takes name, seed, ");
    expect(run.output).toMatch(/body\.seed: .*; body\.clock: .*'real' or 'frozen'/);
  });
});

const SETTINGS: Settings = { seed: 7, delay: "2s", market: "frozen" };

describe("settings", () => {
  const settled = testWith(SETTINGS);

  settled("are what the venue is made with", ({ venue }) => {
    expect(venue.info).toMatchObject(SETTINGS);
  });

  settled.extend({ tradepitSettings: { ...SETTINGS, delay: "3s" } })("are changed by extending", ({ venue }) => {
    expect(venue.info).toMatchObject({ ...SETTINGS, delay: "3s" });
  });
});

describe("a server", () => {
  beforeEach(() => {
    vi.stubEnv("TRADEPIT_URL", "");
    vi.stubEnv("TRADEPIT_BIN", "");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test("that is not there is told with what to do", async () => {
    vi.stubEnv("PATH", folder());
    expect(() => find()).toThrow(/no `tradepit` on PATH.*TRADEPIT_URL.*TRADEPIT_BIN.*cargo install/);
    expect(() => find("nowhere/tradepit")).toThrow("nowhere/tradepit is no program");
    const nobody = new Server(`${await nowhere()}/`).check();
    await expect(nobody).rejects.toThrow(/^There is no server at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  test("is found on PATH, and by its path", () => {
    const path = script("exit 0");
    expect(find(path)).toBe(path);
    vi.stubEnv("PATH", `/nowhere:${dirname(path)}`);
    expect(find()).toBe(path);
    vi.stubEnv("TRADEPIT_BIN", path);
    vi.stubEnv("PATH", "");
    expect(find()).toBe(path);
  });

  test("that makes no venues is told apart", async ({ venue }) => {
    // Below a venue there are no controls, as on a server from before there were any.
    await expect(new Server(venue.url).check()).rejects.toThrow(/makes no venues: .*404.*new enough\?/);
  });

  test("that does not come up tells why", async () => {
    const failed = serve({ binary: script("echo usage >&2; exit 2") });
    await expect(failed).rejects.toThrow(NoServer);
    await expect(failed).rejects.toThrow(/did not come up\. It said: usage$/);
  });

  test("is started and ended, and keeps nothing", async () => {
    const data = join(folder(), "data");
    vi.stubEnv("TRADEPIT_DATA_DIR", data);
    const server = await serve({ binary: binary(), flags: ["--delay", "3s"] });
    const venue = await server.venue();
    expect(venue.info.delay).toBe("3s");
    await server.stop();
    await expect(server.venue()).rejects.toThrow(NoAnswer);
    await expect(server.venue()).rejects.toThrow("Is the server still there?");
    expect(existsSync(data)).toBe(false);
    await server.stop();
  });

  test("that was named is left alone", async ({ tradepitServer }) => {
    const named = new Server(tradepitServer.url);
    await named.stop();
    await named.check();
  });
});

test("a name that is in use is refused", async ({ tradepitServer, venue }) => {
  const again = tradepitServer.venue({ name: venue.name });
  await expect(again).rejects.toThrow(Refused);
  await expect(again).rejects.toMatchObject({ status: 409, code: "venue_exists" });
});

/** Runs a file of tests, and others, in a vitest of its own; `setup.js` is its `globalSetup`. */
async function vitest(environment: Record<string, string>, file: string, others: Record<string, string> = {}) {
  const root = folder();
  const config = `export default { test: { globalSetup: ${JSON.stringify("setup.js" in others ? ["setup.js"] : [])} } };`;
  for (const [name, text] of Object.entries({ "own.test.js": file, "vitest.config.js": config, ...others }))
    writeFileSync(join(root, name), text);
  const cli = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const { TRADEPIT_URL: _, TRADEPIT_BIN: __, ...rest } = process.env;
  const env = { ...rest, ...environment, NO_COLOR: "1", CI: "1" };
  const child = spawn(process.execPath, [cli, "run", "--root", root], { cwd: root, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await new Promise((closed) => child.once("close", closed));
  return { folder: root, output };
}

/** A folder for the test, beside it: what is imported from there is found as from here. */
function folder(): string {
  const made = mkdtempSync(join(import.meta.dirname, "run-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** An address at which nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

/** A program that is no server. */
function script(line: string): string {
  const path = join(folder(), "tradepit");
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
  return path;
}
