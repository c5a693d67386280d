// What is looked for, of what was typed or pasted: a link's order, an id without its dashes, or a name as it is.

const ID = "[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}";
const WHOLE = new RegExp(`^${ID}$`, "i");
const LINKED = new RegExp(`(?:[?&#]order=|/orders/)(${ID})`, "i");

/** The id that the text is or leads to, as the venue writes it; null where it is none. */
export function orderId(text: string): string | null {
  const trimmed = text.trim();
  const id = WHOLE.test(trimmed) ? trimmed : trimmed.match(LINKED)?.[1];
  if (id === undefined) return null;
  const plain = id.replaceAll("-", "").toLowerCase();
  return [plain.slice(0, 8), plain.slice(8, 12), plain.slice(12, 16), plain.slice(16, 20), plain.slice(20)].join("-");
}

/** What an order that is looked for has in one of its names. */
export function orderText(text: string): string {
  return orderId(text) ?? text.trim();
}
