// How long the venue lets an order wait, as it was configured (`--delay`, the same spellings as there): what share of
// orders is expected between two delays, and what their mean and spread are. Microseconds throughout.

/** The longest delay that is drawn: one hour. */
const CAP_US = 3_600_000_000;

export type DelayModel =
  | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly us: number }
  | { readonly kind: "uniform"; readonly minUs: number; readonly maxUs: number }
  /** Of a median and the standard deviation of the delay's natural logarithm; neither is 0. */
  | { readonly kind: "log-normal"; readonly medianUs: number; readonly sigma: number };

/** Reads `none`, `500ms`, `100ms..1s` or `lognormal(250ms,0.5)`; null for anything else. */
export function readDelayModel(text: string): DelayModel | null {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "none") return { kind: "none" };
  const logNormal = /^lognormal\(([^,]*),([^,]*)\)$/.exec(trimmed);
  if (logNormal !== null) return readLogNormal(logNormal[1] ?? "", logNormal[2] ?? "");
  const [min, max, ...rest] = trimmed.split("..").map(readUs);
  if (min === undefined || min === null || rest.length > 0) return null;
  if (max === undefined || max === min) return { kind: "fixed", us: min };
  return max === null || max < min ? null : { kind: "uniform", minUs: min, maxUs: max };
}

function readLogNormal(median: string, sigmaText: string): DelayModel | null {
  const medianUs = readUs(median);
  const sigma = sigmaText.trim() === "" ? Number.NaN : Number(sigmaText);
  if (medianUs === null || !(sigma >= 0 && sigma <= 10)) return null;
  return sigma === 0 || medianUs === 0 ? { kind: "fixed", us: medianUs } : { kind: "log-normal", medianUs, sigma };
}

const UNIT_US: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

function readUs(text: string): number | null {
  const [, number, unit] = /^\s*(\d+\.?\d*|\.\d+)(ms|s|m|h)\s*$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) return null;
  const us = Math.round(Number(number) * (UNIT_US[unit] ?? Number.NaN));
  return us <= CAP_US ? us : null;
}

/** The share of orders, 0 to 1, whose delay is expected to be at least `fromUs` and less than `toUs`. */
export function expectedShare(model: DelayModel, fromUs: number, toUs: number): number {
  return Math.max(0, shareBelow(model, toUs) - shareBelow(model, fromUs));
}

function shareBelow(model: DelayModel, us: number): number {
  switch (model.kind) {
    case "none":
      return us > 0 ? 1 : 0;
    case "fixed":
      return us > model.us ? 1 : 0;
    case "uniform":
      return Math.min(1, Math.max(0, (us - model.minUs) / (model.maxUs - model.minUs)));
    case "log-normal":
      if (us <= 0) return 0;
      return us > CAP_US ? 1 : normalBelow(Math.log(us / model.medianUs) / model.sigma);
  }
}

export function meanUs(model: DelayModel): number {
  return moment(model, 1);
}

/** The standard deviation. */
export function deviationUs(model: DelayModel): number {
  switch (model.kind) {
    case "none":
    case "fixed":
      return 0;
    case "uniform":
      return (model.maxUs - model.minUs) / Math.sqrt(12);
    case "log-normal":
      return Math.sqrt(Math.max(0, moment(model, 2) - moment(model, 1) ** 2));
  }
}

/** How far a plot of delays goes for nearly all of them to be seen: at least 10 ms. */
export function plotRangeUs(model: DelayModel): number {
  return Math.max(10_000, farUs(model));
}

function farUs(model: DelayModel): number {
  switch (model.kind) {
    case "none":
      return 0;
    case "fixed":
      return model.us * 2;
    case "uniform":
      return model.maxUs * 1.1;
    case "log-normal":
      // 2.6 standard deviations of the logarithm: one order in two hundred is slower.
      return Math.min(CAP_US * 1.1, model.medianUs * Math.exp(2.6 * model.sigma));
  }
}

/** The expected value of the delay, or of its square. */
function moment(model: DelayModel, power: 1 | 2): number {
  switch (model.kind) {
    case "none":
      return 0;
    case "fixed":
      return model.us ** power;
    case "uniform":
      return power === 1
        ? (model.minUs + model.maxUs) / 2
        : (model.minUs ** 2 + model.minUs * model.maxUs + model.maxUs ** 2) / 3;
    case "log-normal": {
      // What lies below the cap, from the partial moments of the distribution, and the rest at the cap.
      const { medianUs, sigma } = model;
      const cap = Math.log(CAP_US / medianUs) / sigma;
      const below = medianUs ** power * Math.exp((power * sigma) ** 2 / 2) * normalBelow(cap - power * sigma);
      return below + CAP_US ** power * normalBelow(-cap);
    }
  }
}

/** The standard normal distribution. */
function normalBelow(z: number): number {
  const outside = complementaryError(Math.abs(z) / Math.SQRT2) / 2;
  return z < 0 ? outside : 1 - outside;
}

/** erfc(x) of x >= 0, nearly to the last digit: the series DLMF 7.6.2, and far out the continued fraction 7.9.1. */
function complementaryError(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - scale * sum;
  }
  let tail = x;
  for (let k = 80; k > 0; k--) tail = x + k / 2 / tail;
  return scale / tail;
}
