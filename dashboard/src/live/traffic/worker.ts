// Where traffic runs: a worker, which a browser lets run though nobody sees the page.

import type { ToWorker } from "./messages";
import { Placing } from "./placing";

let placing: Placing | null = null;
let run = "";

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "run" && placing !== null && data.run === run) return placing.change(data.settings);
  placing?.stop();
  placing = null;
  if (data.type === "stop") return;
  run = data.run;
  placing = new Placing(data.orders, data.run, data.settings, (message) => postMessage(message));
});
