// What this browser keeps of a reader from one visit to the next; one that keeps nothing has none of it.

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`tradepit.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`tradepit.${name}`, value);
  } catch {
    // It lasts as long as the page.
  }
}
