// Which venue the page is of, and where what it serves is found: below its name, as `main`'s is below the page itself. Chosen
// once, before anything is asked: a page of another venue is another page.

export const MAIN = "main";

/** What the process serves once, for all its venues. */
const OF_THE_PROCESS = /^(venues|health|ready|metrics|docs|assets)\b/;

let name = MAIN;

/** To be called before anything is asked. */
export function settle(venue: string): void {
  name = venue;
}

export function venueName(): string {
  return name;
}

/** A path of the venue as one that is relative to the page. */
export function here(path: string): string {
  return name === MAIN || OF_THE_PROCESS.test(path) ? path : `venues/${encodeURIComponent(name)}/${path}`;
}

/** The same, whole. */
export function addressOf(path: string): string {
  return new URL(here(path), document.baseURI).href;
}

/** The same of its WebSocket. */
export function socketOf(query = ""): string {
  return addressOf(`ws${query}`).replace(/^http/, "ws");
}
