// Cancels many orders, a few at a time.

import { type Answer, cancel } from "../../api/rest";

/** A browser opens six connections to a server; the page needs one of them for itself. */
const AT_A_TIME = 5;

/** Cancels all of them; ends early where the venue does not answer, or is overloaded. Tells how many are done. */
export async function cancelAll(ids: readonly string[], told: (done: number) => void): Promise<Answer<null>> {
  const next = ids.values();
  let [done, failed]: [number, Answer<null> | null] = [0, null];
  const work = async () => {
    for (const id of next) {
      if (failed !== null) return;
      const answer = await cancel(id);
      // One that the venue has forgotten meanwhile needs no cancelling.
      if (!answer.ok && answer.refusal.status !== 404) failed = answer;
      done += 1;
      told(done);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return failed ?? { ok: true, value: null };
}
