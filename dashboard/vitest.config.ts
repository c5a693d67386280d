import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [solid()],
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
  // Solid's build for browsers: that for servers has signals that never change.
  resolve: { conditions: ["browser"] },
});
