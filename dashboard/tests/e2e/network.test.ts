// The tests' own bad networks and venues: each does what it says. No page is looked at here.

import { request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { startProxy } from "./support/proxy";
import { startKeepingVenue, startVenue } from "./support/venue";

const PATIENCE_MS = 400;

test("a proxy with good manners passes everything on, below a prefix too", async () => {
  const venue = await startVenue("--long-delay", "1h");
  const { id } = await venue.place({ longPending: true });
  for (const prefix of ["", "/pit"]) {
    const { origin } = await startProxy(venue.origin, {}, prefix);
    expect(await (await fetch(`${origin}/orders/${id}`)).json()).toEqual(await venue.order(id));
    const body = JSON.stringify({ stoks: "AAPL", quantity: 3 });
    expect(await (await fetch(`${origin}/orders`, { method: "POST", body })).json()).toMatchObject({ stoks: "AAPL" });
    expect((await shakeHands(origin)).status).toBe(101);
  }
});

test("a proxy that refuses upgrades answers them with 403, and everything else as before", async () => {
  const venue = await startVenue();
  const proxy = await startProxy(venue.origin, { upgrades: "refused" });
  expect((await shakeHands(proxy.origin)).status).toBe(403);
  expect((await fetch(`${proxy.origin}/orders`)).status).toBe(200);
  proxy.behave({ upgrades: "passed" });
  expect((await shakeHands(proxy.origin)).status).toBe(101);
});

test("a proxy that drops upgrades, or speaks HTTP/1.0, has the venue refuse them, and everything else pass", async () => {
  const venue = await startVenue();
  for (const manners of [{ upgrades: "dropped" }, { http: "1.0" }] as const) {
    const { origin } = await startProxy(venue.origin, manners);
    expect([400, 426], JSON.stringify(manners)).toContain((await shakeHands(origin)).status);
    const body = JSON.stringify({ stoks: "AAPL", quantity: 3 });
    expect(await (await fetch(`${origin}/orders`, { method: "POST", body })).json()).toMatchObject({ stoks: "AAPL" });
    expect(await (await fetch(origin)).text()).toContain("<title>");
  }
});

test("a proxy that hangs accepts and answers nothing, and all of it once it hangs no more", async () => {
  const venue = await startVenue();
  const proxy = await startProxy(venue.origin);
  const socket = await shakeHands(proxy.origin);
  proxy.behave({ hangs: true });
  const late = fetch(`${proxy.origin}/orders`);
  await expect(fetch(`${proxy.origin}/orders`, hurried())).rejects.toThrow("timeout");
  await venue.place();
  await expect.poll(async () => (await venue.counts()).EXECUTED).toBe(1);
  expect(socket.told()).toBe("");
  proxy.behave({ hangs: false });
  expect((await late).status).toBe(200);
  await expect.poll(socket.told).toContain("EXECUTED");
});

test("a proxy that is cut ends its connections and takes none until it is mended", async () => {
  const venue = await startVenue();
  const proxy = await startProxy(venue.origin);
  const socket = await shakeHands(proxy.origin);
  proxy.cut();
  await socket.ended;
  await expect(fetch(`${proxy.origin}/orders`)).rejects.toThrow("fetch failed");
  proxy.mend();
  expect((await fetch(`${proxy.origin}/orders`)).status).toBe(200);
  expect((await shakeHands(proxy.origin)).status).toBe(101);
});

test("a slow proxy keeps everything for its time, and no piece for longer than that", async () => {
  const venue = await startVenue("--delay", "none");
  const proxy = await startProxy(venue.origin, { delayMs: 200 });
  const socket = await shakeHands(proxy.origin);
  const began = performance.now();
  await fetch(`${proxy.origin}/orders`);
  // There and back.
  expect(performance.now() - began).toBeGreaterThan(400);
  const placing = performance.now();
  for (let placed = 0; placed < 20; placed++) await venue.place();
  await expect.poll(() => socket.told().split("EXECUTED").length, { interval: 10 }).toBeGreaterThan(20);
  expect(performance.now() - placing).toBeGreaterThan(200);
  expect(performance.now() - placing).toBeLessThan(2_000);
});

test("a frozen venue accepts and answers nothing, and all of it once it is thawed", async () => {
  const venue = await startVenue();
  await venue.place();
  await venue.freeze();
  const late = fetch(`${venue.origin}/orders`);
  await expect(fetch(`${venue.origin}/orders`, hurried())).rejects.toThrow("timeout");
  venue.thaw();
  expect((await late).status).toBe(200);
});

test("a frozen venue can be killed, and one that is asked to end does so and keeps its orders", async () => {
  const venue = await startKeepingVenue("--long-delay", "1h");
  await venue.place({ longPending: true });
  await venue.freeze();
  await venue.kill();
  await venue.start();
  await venue.place({ longPending: true });
  await venue.freeze();
  await venue.stop();
  await expect(fetch(venue.origin)).rejects.toThrow("fetch failed");
  await venue.start();
  expect(await venue.counts()).toMatchObject({ PENDING: 2 });
});

function hurried(): RequestInit {
  return { signal: AbortSignal.timeout(PATIENCE_MS) };
}

interface Handshake {
  readonly status: number | undefined;
  /** What came since, frames as they are: text among a few bytes. */
  told(): string;
  readonly ended: Promise<void>;
}

/** Asks for the changes as a browser does; ends with the test. */
function shakeHands(origin: string): Promise<Handshake> {
  return new Promise((told, failed) => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const asked = request(`${origin}/ws?format=json`, { headers });
    asked.on("error", failed);
    asked.on("response", (answer) => {
      answer.resume();
      told({ status: answer.statusCode, told: () => "", ended: Promise.resolve() });
    });
    asked.on("upgrade", (answer, socket, head) => {
      let text = head.toString();
      socket.on("error", () => socket.destroy());
      socket.on("data", (piece: Buffer) => {
        text += piece.toString();
      });
      onTestFinished(() => void socket.destroy());
      const ended = new Promise<void>((end) => socket.on("close", () => end()));
      told({ status: answer.statusCode, told: () => text, ended });
    });
    asked.end();
  });
}
