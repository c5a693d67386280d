// Times as the venue writes them, read to the microsecond since 1970: a double holds them exactly.

let secondText = "";
let secondUs = 0;

/** Reads RFC 3339 in UTC with microseconds. Most times share their second with the one read before. */
export function readTime(text: string): number {
  const second = text.slice(0, 19);
  if (second !== secondText) {
    secondUs = Date.parse(`${second}Z`) * 1000;
    secondText = second;
  }
  const fraction = text.length === 27 ? text.slice(20, 26) : text.slice(20, -1).padEnd(6, "0");
  return secondUs + Number(fraction);
}
