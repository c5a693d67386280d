// The venue's clock, where it is not the machine's: what time it is there, what comes next, and what lets it go on, stop or
// run. Nothing stands here of a real one.

import { createMemo, createUniqueId, For, Show } from "solid-js";
import type { Venue } from "../live/venue";
import { exact, whole, type Zone } from "../model/format";
import type { ClockWord } from "../model/venue_time";
import { zone } from "./preferences";

/** How far one press lets time go on: what it is called, and how the venue reads it. */
const STEPS = [
  ["1 min", "1m", "a minute", "t m"],
  ["1 h", "1h", "an hour", "t h"],
  ["1 d", "1d", "a day", "t d"],
] as const;

/** How many times as fast as the machine's it is offered to run. */
const SPEEDS = [1, 10, 60, 600, 3_600];

export function ClockBar(props: { readonly venue: Venue }) {
  const word = () => {
    const word = props.venue.clock.word();
    return word === null || word.mode === "real" ? null : word;
  };
  return <Show when={word()}>{(word) => <Bar venue={props.venue} word={word()} />}</Show>;
}

function Bar(props: { readonly venue: Venue; readonly word: ClockWord }) {
  const { work } = props.venue.clock;
  const nowUs = createMemo(() => {
    props.venue.beat();
    // Each word of it counts at once.
    void props.word;
    return props.venue.nowUs();
  });
  const isFrozen = () => props.word.mode === "frozen";
  return (
    <section class="clock-bar" aria-label="The venue's clock" data-mode={props.word.mode} aria-busy={work.busy()}>
      <p class="clock-bar-now">
        <span class="clock-bar-mode">
          <span aria-hidden="true">{isFrozen() ? "❚❚" : "▶"}</span>{" "}
          {isFrozen() ? "Frozen" : `Runs × ${whole(props.word.speed)}`}
        </span>{" "}
        <time class="mono">{toTheSecond(nowUs(), zone.value())}</time>
      </p>
      <p class="clock-bar-next">
        <span>{nextInWords(props.word, nowUs(), zone.value())}</span>{" "}
        <span class="clock-bar-session">{sessionInWords(props.word, nowUs(), zone.value())}</span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in */}
      <div class="clock-bar-acts" role="group" aria-label="Let its time go on">
        <For each={STEPS}>
          {([name, by, words, keys]) => (
            <button
              type="button"
              class="button"
              aria-label={`+${name}: advance by ${words}`}
              title={`Advance by ${words} (${keys})`}
              disabled={work.busy()}
              onClick={() => void work.by(by)}
            >
              +{name}
            </button>
          )}
        </For>
        <button
          type="button"
          class="button"
          aria-label="Advance to what happens next"
          title="Advance to what happens next (t n)"
          disabled={work.busy()}
          onClick={() => void work.next()}
        >
          <span aria-hidden="true">⇥</span> next
        </button>
        <button
          type="button"
          class="button"
          title={`${isFrozen() ? "Let it run by itself" : "Let it stand still"} (t f)`}
          disabled={work.busy()}
          onClick={() => turnClock(props.venue)}
        >
          <span aria-hidden="true">{isFrozen() ? "▶" : "❚❚"}</span> {isFrozen() ? "Run" : "Freeze"}
        </button>
        <Speed word={props.word} busy={work.busy()} set={(speed) => void work.run(speed)} />
      </div>
      <p class="clock-bar-outcome" role="status" data-kind={work.outcome()?.kind}>
        {work.busy() ? "Its time goes on…" : work.outcome()?.text}
      </p>
    </section>
  );
}

function Speed(props: { readonly word: ClockWord; readonly busy: boolean; set(speed: number): void }) {
  const id = createUniqueId();
  const speeds = () => {
    const { mode, speed } = props.word;
    return mode === "running" && !SPEEDS.includes(speed) ? [...SPEEDS, speed].sort((a, b) => a - b) : SPEEDS;
  };
  return (
    <>
      <label class="unseen" for={id}>
        How fast it runs
      </label>
      <select
        id={id}
        class="field"
        disabled={props.busy}
        onChange={(event) => event.currentTarget.value !== "" && props.set(Number(event.currentTarget.value))}
      >
        <Show when={props.word.mode === "frozen"}>
          <option value="" selected>
            at …
          </option>
        </Show>
        <For each={speeds()}>
          {(speed) => (
            <option value={speed} selected={props.word.mode === "running" && props.word.speed === speed}>
              × {whole(speed)}
            </option>
          )}
        </For>
      </select>
    </>
  );
}

/** Lets a clock that stands run, and one that runs stand; false where that is not for the page to do. */
export function turnClock(venue: Venue): boolean {
  const { word, work } = venue.clock;
  const mode = word()?.mode ?? "real";
  if (mode === "real") return false;
  void (mode === "frozen" ? work.run(null) : work.freeze());
  return true;
}

/** Lets time go on by so long, or to what happens next; false where that is not for the page to do. */
export function advanceClock(venue: Venue, by: string | null): boolean {
  const { word, work } = venue.clock;
  if ((word()?.mode ?? "real") === "real") return false;
  void (by === null ? work.next() : work.by(by));
  return true;
}

/** `2026-01-05 14:30:00 UTC`. */
function toTheSecond(us: number, zone: Zone): string {
  return exact(Math.floor(us), zone).replace(/\.\d+/, "");
}

function nextInWords({ nextUs }: ClockWord, nowUs: number, zone: Zone): string {
  if (nextUs === null) return "Nothing is to come by itself.";
  return `Next: ${until(nextUs, nowUs, zone)}.`;
}

/** When equities open or close, where they trade in sessions. */
function sessionInWords({ isOpen, nextOpenUs, nextCloseUs }: ClockWord, nowUs: number, zone: Zone): string {
  const next = isOpen ? nextCloseUs : nextOpenUs;
  if (next === null) return "";
  return isOpen ? `Equities close ${until(next, nowUs, zone)}.` : `Equities open ${until(next, nowUs, zone)}.`;
}

const MINUTE_US = 60_000_000;

/** A moment to come: what is near as a while, what is not as a time. */
function until(us: number, nowUs: number, zone: Zone): string {
  const leftUs = Math.max(us - nowUs, 0);
  if (leftUs < 1_000_000) return `in ${Math.ceil(leftUs / 1_000)} ms`;
  if (leftUs < MINUTE_US) return `in ${(leftUs / 1e6).toFixed(leftUs < 10_000_000 ? 1 : 0)} s`;
  const text = toTheSecond(us, zone);
  return text.slice(0, 10) === toTheSecond(nowUs, zone).slice(0, 10)
    ? `at ${text.slice(11, 19)}`
    : `on ${text.slice(0, 16)}`;
}
