// Every room in every window: nothing is out of reach, no number is cut, and the document does not scroll sideways.

import { expect, test } from "vitest";
import { useBrowser } from "./support/browser";
import { faultsOfLayout } from "./support/reach";
import { named, SIGHTS, startLife, WINDOWS } from "./support/sights";

const browser = useBrowser();

for (const window of WINDOWS) {
  test(`all is in reach and no number cut in a window of ${named(window)}`, async () => {
    const life = await startLife();
    const faults: string[] = [];
    for (const sight of SIGHTS) {
      const { page } = await life.see(browser(), sight, window);
      faults.push(...(await faultsOfLayout(page, sight.within)).map((fault) => `${sight.of}: ${fault}`));
      await page.close();
    }
    expect(faults).toEqual([]);
  });
}
