// Time that passes before something is tried again.

export function passes(ms: number): Promise<void> {
  return new Promise((passed) => setTimeout(passed, ms));
}
