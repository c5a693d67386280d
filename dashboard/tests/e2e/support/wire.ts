// The wire between a page and its venue: a port of its own that passes everything on, and can be cut, so that the page
// loses its connection while the venue lives on.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface Wire {
  /** Where the page finds the venue. */
  readonly origin: string;
  /** Ends all connections, and takes no new one until it is mended. */
  cut(): void;
  mend(): void;
}

export async function startWire(venue: string): Promise<Wire> {
  const { hostname, port } = new URL(venue);
  const ends = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        ends.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
    return undefined;
  });
  const cut = () => {
    whole = false;
    for (const end of ends) end.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    cut();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    cut,
    mend: () => {
      whole = true;
    },
  };
}
