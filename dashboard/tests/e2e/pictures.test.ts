// Pictures of every room, in both themes, all windows and forced colours, to be looked at. They are written to pictures/,
// under names that bring together what belongs to a room.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "./support/browser";
import { named, SIGHTS, startLife, THEMES, WINDOWS, type Window } from "./support/sights";

const browser = useBrowser();
const FOLDER = join(import.meta.dirname, "pictures");
/** In forced colours one window shows what is lost; in the dark, what lies over a room is as elsewhere. */
const DESK = { width: 1440, height: 900, scale: 1 };
const ROOMS = SIGHTS.filter(({ isRoom }) => isRoom);

test("every room is photographed with life in it", { timeout: 600_000 }, async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const life = await startLife();
  const photograph = async (window: Window, how: Visit, name: string) => {
    for (const sight of how.theme === "dark" && window.width !== DESK.width ? ROOMS : SIGHTS) {
      const { page } = await life.see(browser(), sight, { ...window, ...how });
      const picture = await page.screenshot({ path: join(FOLDER, `${sight.of}-${name}.png`) });
      expect(picture.length).toBeGreaterThan(0);
      await page.close();
    }
  };
  for (const theme of THEMES) {
    for (const window of WINDOWS) await photograph(window, { theme }, `${named(window)}-${theme}`);
    await photograph(DESK, { theme, forcedColors: true }, `${named(DESK)}-${theme}-forced`);
  }
});
