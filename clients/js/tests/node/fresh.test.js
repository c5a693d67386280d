// A venue for each test of node's own runner.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { Server } from "tradepit";
import { freshVenue, tradepitServer } from "tradepit/node";

test("a test has a venue, whose time stands still", async (t) => {
  const venue = await freshVenue(t, { seed: 42, clock: "frozen", market: "frozen" });
  const order = await venue.place("EURUSD", 5);
  assert.equal(order.status, "PENDING");
  await venue.advance({ events: 1 });
  assert.equal((await venue.order(order.id)).status, "EXECUTED");
});

test("two venues are of one server, and know nothing of each other", async (t) => {
  const [one, other] = [await freshVenue(t), await freshVenue(t)];
  assert.notEqual(one.name, other.name);
  assert.equal(new URL(one.url).host, new URL(other.url).host);
  assert.equal(new URL(one.url).host, new URL((await tradepitServer()).url).host);
  await one.place("EURUSD", 5);
  assert.deepEqual(await other.orders(), []);
});

test("a venue goes with its test, though it is followed still", async (t) => {
  const gone = { url: "" };
  await t.test("that has one", async (t) => {
    const venue = await freshVenue(t);
    await venue.follow();
    gone.url = venue.url;
  });
  assert.equal((await fetch(gone.url)).status, 404);
});

test("a test that fails tells its seed, and no other does", () => {
  const told = run(`
    import test from "node:test";
    import { freshVenue } from "tradepit/node";
    test("passes", async (t) => void (await freshVenue(t, { seed: 41 })));
    test("fails", async (t) => { await freshVenue(t, { seed: 42 }); throw new Error("failed"); });`);
  assert.equal(told.status, 1);
  assert.deepEqual(told.stdout.match(/(?<=venue \w+: http:\S+ )seed=\d+/g), ["seed=42"]);
});

test("the server ends with its process", () => {
  const told = run(`
    import { tradepitServer } from "tradepit/node";
    const server = await tradepitServer();
    await server.venue();
    process.stdout.write(server.url);`);
  assert.equal(told.status, 0);
  return untilGone(told.stdout);
});

/**
 * Runs a module in a process of its own, from here, where `tradepit` is found, with a server of its own.
 * @param {string} source
 */
function run(source) {
  // The runner that runs this one would have its reports.
  const { TRADEPIT_URL: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const options = { cwd: import.meta.dirname, env, encoding: /** @type {const} */ ("utf8"), timeout: 30_000 };
  return spawnSync(process.execPath, ["--input-type=module", "--eval", source], options);
}

/** @param {string} url */
async function untilGone(url) {
  for (;;) {
    const there = await new Server(url).check().then(
      () => true,
      () => false,
    );
    if (!there) return;
    await new Promise((passed) => setTimeout(passed, 20));
  }
}
