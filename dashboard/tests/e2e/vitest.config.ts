// The end-to-end tests: the built page in headless Chromium, against the real server. One file after another, since they
// share the machine's processors with the browser that they look at.

import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: join(import.meta.dirname, "../../node_modules/.vite-e2e"),
  test: {
    root: import.meta.dirname,
    // Pictures are to be looked at: they are taken when they are asked for.
    include: process.env.PICTURES ? ["pictures.test.ts"] : ["!(pictures).test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
