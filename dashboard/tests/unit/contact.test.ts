import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Connection, Link } from "../../src/live/connection";
import { Contact } from "../../src/live/contact";

const LIVE: Link = { state: "live" };
const TRYING: Link = { state: "catching up", again: false };
const AGAIN: Link = { state: "catching up", again: true };
const offline = (refused: boolean): Link => ({ state: "offline", retryMs: Date.now() + 250, refused });

let page: { hidden: boolean };
let told: string[] = [];
let backs: number[] = [];
/** Whether the venue answers; null where it leaves a question open. */
let answers: boolean | null = true;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  page = { hidden: false };
  vi.stubGlobal("document", page);
  [told, backs, answers] = [[], [], true];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function contact(): Contact {
  const contact = new Contact({
    alive: () =>
      answers === null ? new Promise((answer) => setTimeout(answer, 2_500, false)) : Promise.resolve(answers),
    changed: ({ state }: Connection) => told.push(state),
    back: (sinceMs) => backs.push(sinceMs),
  });
  contact.start();
  return contact;
}

/** A contact that is live. */
function live(): Contact {
  const one = contact();
  one.linked(LIVE);
  told = [];
  return one;
}

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("a venue that hangs is told within three seconds, and is back by itself", async () => {
  const one = live();
  await passed(700);
  one.heard();
  const hungMs = Date.now();
  answers = null;
  await passed(2_200);
  expect(told).toEqual([]);
  await passed(300);
  expect(one.connection()).toEqual({ state: "silent", sinceMs: hungMs });
  expect(one.stale()).toEqual({ sinceMs: hungMs });
  expect(one.unheardSinceMs).toBe(hungMs);
  await passed(20_000);
  answers = true;
  await passed(4_000);
  expect(told).toEqual(["silent", "live"]);
  expect([one.stale(), one.unheardSinceMs, backs]).toEqual([null, null, [hungMs]]);
});

test("an idle venue that answers is not silent, and one that tells changes is not asked", async () => {
  const one = live();
  await passed(60_000);
  expect(told).toEqual([]);
  answers = false;
  for (let at = 0; at < 50; at += 1) {
    one.heard();
    await passed(900);
  }
  expect(told).toEqual([]);
});

test("a page that nobody sees, or that was frozen, does not take the venue for silent", async () => {
  const one = live();
  page.hidden = true;
  answers = null;
  await passed(60_000);
  page.hidden = false;
  answers = true;
  await passed(5_000);
  expect(told).toEqual([]);
  expect(one.asOfMs).toBeGreaterThan(Date.now() - 1_500);
});

test("a socket that was cut is told at once, and what is shown is as old as its last word", async () => {
  const one = live();
  const heardMs = Date.now();
  await passed(500);
  one.linked(offline(false));
  expect(one.connection()).toEqual({ state: "offline", retryMs: Date.now() + 250 });
  expect(one.stale()).toEqual({ sinceMs: heardMs });
  one.linked(TRYING);
  one.linked(LIVE);
  expect([told, one.stale(), one.unheardSinceMs]).toEqual([["offline", "catching up", "live"], null, null]);
});

test("where the WebSocket is refused twice and requests are answered, the page polls until it opens", async () => {
  const one = live();
  one.linked(offline(false));
  one.linked(TRYING);
  one.linked(offline(true));
  await passed(0);
  expect(one.connection().state).toBe("offline");
  one.linked(AGAIN);
  expect(one.connection().state).toBe("offline");
  one.linked(offline(true));
  await passed(0);
  expect(one.connection()).toEqual({ state: "polling", retryMs: Date.now() + 250 });
  expect(one.stale()).toBeNull();
  expect(one.unheardSinceMs).not.toBeNull();
  // Further tries leave it so.
  one.linked(AGAIN);
  one.linked(offline(true));
  await passed(0);
  expect(one.connection().state).toBe("polling");
  one.linked(TRYING);
  one.linked(LIVE);
  expect(one.connection().state).toBe("live");
});

test("a venue that is away refuses both, and comes back without ever being polled", async () => {
  const one = live();
  answers = false;
  one.linked(offline(false));
  for (let tries = 0; tries < 6; tries += 1) {
    one.linked(tries === 0 ? TRYING : AGAIN);
    one.linked(offline(true));
    await passed(1_000);
  }
  answers = true;
  await passed(1_500);
  expect(backs).toHaveLength(1);
  one.linked(TRYING);
  one.linked(LIVE);
  expect(new Set(told)).toEqual(new Set(["offline", "catching up", "live"]));
});

test("a venue that hangs from the beginning is told to be silent", async () => {
  const one = contact();
  answers = null;
  one.linked({ state: "connecting", again: false });
  await passed(3_000);
  expect(one.connection().state).toBe("silent");
});
