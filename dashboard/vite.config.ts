import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { compressed } from "./build/compressed.ts";

// `npm run dev` serves the page with hot reload and asks this venue.
const venue = process.env.TRADEPIT_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [solid(), compressed()],
  build: {
    target: "es2022",
    // With light-dark() as it stands.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Nothing inline: the page's Content-Security-Policy allows files of its own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "^/(orders|ready|metrics|health|docs|openapi.json|asyncapi.json)": venue,
      "/ws": { target: venue, ws: true },
    },
  },
});
