import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { compressed } from "./build/compressed.ts";
import { COLLECTED, licences } from "./build/licences.ts";

// `npm run dev` serves the page with hot reload and asks this venue, under the name that the browser asked: to the venue the
// page is then its own.
const venue = process.env.TRADEPIT_URL ?? "http://127.0.0.1:8000";

const PATHS = [
  ...["orders", "open-orders", "fills", "rejects", "accounts", "instruments", "quotes", "book", "trades", "bars"],
  ...[
    "venues",
    "rules",
    "faults",
    "clock",
    "calendar",
    "ready",
    "metrics",
    "health",
    "docs",
    "openapi.json",
    "asyncapi.json",
  ],
];

export default defineConfig({
  plugins: [solid(), licences(), compressed()],
  // Relative to the page: whatever prefix a proxy serves it under.
  base: "./",
  build: {
    target: "es2022",
    // With light-dark() as it stands.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Nothing inline: the page's Content-Security-Policy allows files of its own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: COLLECTED },
  },
  server: {
    proxy: {
      [`^/(${PATHS.join("|")})`]: { target: venue, changeOrigin: false },
      "/ws": { target: venue, ws: true, changeOrigin: false },
    },
  },
});
