// The keyboard in a list of rows: one of them can be reached by Tab, and the arrows go on from it.

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 20,
  PageUp: (at) => at - 20,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Moves the keyboard among the elements that `rows` selects within the one that has this as its listener. */
export function listKeys(rows: string): (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => void {
  return (event) => {
    const step = STEPS[event.key];
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(rows)];
    const at = all.indexOf(event.target as HTMLElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const next = all[Math.min(Math.max(step(at, all.length), 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
}
