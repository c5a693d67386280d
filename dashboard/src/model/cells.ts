// What a client chose, as a cell of a table.

/** Spreadsheets run what begins with one of = + - @ (OWASP, "CSV injection"): such a text gets a ' in front. */
export function guarded(text: string): string {
  return /^[=+\-@]/.test(text) ? `'${text}` : text;
}
