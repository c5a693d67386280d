// Pictures of every room, in both themes, all windows and forced colours, to be looked at. They are written to pictures/,
// under names that bring together what belongs to a room.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "./support/browser";
import { named, SIGHTS, startLife, THEMES, WINDOWS, type Window } from "./support/sights";

const browser = useBrowser();
const FOLDER = join(import.meta.dirname, "pictures");
/** In forced colours one window shows what is lost; in the dark, what lies over a room is as elsewhere. */
const DESK = { width: 1440, height: 900, scale: 1 };
const ROOMS = SIGHTS.filter(({ isRoom }) => isRoom);

mkdirSync(FOLDER, { recursive: true });

for (const theme of THEMES) {
  test(`every room is photographed with life in it, ${theme}`, { timeout: 300_000 }, async () => {
    const life = await startLife();
    const photograph = async (window: Window, how: Visit, name: string) => {
      for (const sight of theme === "dark" && window.width !== DESK.width ? ROOMS : SIGHTS) {
        const { page } = await life.see(browser(), sight, { ...window, ...how, theme });
        const picture = await page.screenshot({ path: join(FOLDER, `${sight.of}-${name}.png`) });
        expect(picture.length).toBeGreaterThan(0);
        await page.close();
      }
    };
    for (const window of WINDOWS) await photograph(window, {}, `${named(window)}-${theme}`);
    await photograph(DESK, { forcedColors: true }, `${named(DESK)}-${theme}-forced`);
  });
}
