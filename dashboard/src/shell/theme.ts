// Light or dark: as the machine has it, unless the reader chose. The choice is kept in this browser.

import { createSignal } from "solid-js";

export type Theme = "auto" | "light" | "dark";

const KEY = "tradepit.theme";
const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

export function themes() {
  const [theme, setTheme] = createSignal<Theme>(kept());
  const show = (theme: Theme) => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  show(theme());
  const next = () => {
    const chosen = setTheme(NEXT[theme()]);
    show(chosen);
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // A browser that keeps nothing: the choice lasts as long as the page.
    }
  };
  return { theme, next };
}

function kept(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : "auto";
  } catch {
    return "auto";
  }
}
