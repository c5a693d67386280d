// What the page is built from asks to be named: the licences of all packages in the bundle, as one text among the page's
// files. Vite collects them; this sees to it that none is missing, gives the file a name that follows from its content, as
// all assets have, and has the page say where it is.

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Where Vite leaves what it collected, for this plugin alone. */
export const COLLECTED = "licences.json";

/** What a package asks to be said beside its licence, and does not hold: as its repository says it. */
const NOTICES: Readonly<Record<string, string>> = {
  "lightweight-charts":
    "TradingView Lightweight Charts™\nCopyright (c) 2026 TradingView, Inc. https://www.tradingview.com/",
};

/** Whose packages say that they are under the MIT License, and leave out its text. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = { "fancy-canvas": "Copyright (c) 2019 TradingView, Inc" };

const RULE = "=".repeat(80);

/** As Vite tells it. */
interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly identifier?: string;
  readonly text?: string;
}

export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const [collected, page] = [bundle[COLLECTED], bundle["index.html"]];
        if (collected?.type !== "asset" || page?.type !== "asset")
          throw new Error(`there is no ${COLLECTED}, or no page`);
        const all = JSON.parse(String(collected.source)) as readonly Bundled[];
        delete bundle[COLLECTED];
        const file = this.emitFile({ type: "asset", name: "licences.txt", source: asText(all) });
        const link = `<link rel="license" href="./${this.getFileName(file)}">`;
        page.source = String(page.source).replace("</head>", `  ${link}\n  </head>`);
      },
    },
  };
}

function asText(all: readonly Bundled[]): string {
  const parts = all.map((one) => {
    const notice = NOTICES[one.name] === undefined ? [] : [NOTICES[one.name]];
    const title = `${one.name} ${one.version} (${one.identifier ?? "as follows"})`;
    return [RULE, title, RULE, ...notice, termsOf(one)].join("\n\n");
  });
  return `${["Tradepit's page holds parts of these packages.", ...parts].join("\n\n")}\n`;
}

function termsOf({ name, identifier, text }: Bundled): string {
  if (text !== undefined) return text;
  const holder = WITHOUT_TEXT[name];
  if (holder === undefined || identifier !== "MIT")
    throw new Error(
      `${name} would be bundled, and its package holds no licence: find it, and say it in build/licences.ts`,
    );
  // The terms are the same for all who grant them.
  const terms = readFileSync("LICENSE-MIT", "utf8").replace(/^.*?(?=Permission)/s, "");
  return `${holder}\n\n${terms.trim()}`;
}
