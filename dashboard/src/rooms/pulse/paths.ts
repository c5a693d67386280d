// How a histogram is drawn: bars that begin at their bin's lower bound, and a line that keeps its height over the bin.

import uPlot from "uplot";

const { bars, stepped } = uPlot.paths;
if (bars === undefined || stepped === undefined) throw new Error("this build of uPlot has no bars");

export const steps = {
  bars: bars({ size: [1], align: 1, gap: 1 }),
  line: stepped({ align: 1 }),
};
