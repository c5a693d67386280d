// A proxy before a venue that serves it below a prefix, and takes that off before it passes a request on, WebSockets too.

import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** Starts it; returns where the page is found. With `sockets: false` it refuses WebSockets for as long as that stands. */
export async function startPrefix(venue: string, prefix: string, lets = { sockets: true }): Promise<string> {
  const { hostname, port } = new URL(venue);
  const passOn = (near: IncomingMessage) => {
    const path = near.url?.startsWith(`${prefix}/`) ? near.url.slice(prefix.length) : undefined;
    return path === undefined ? null : request({ hostname, port, path, method: near.method, headers: near.headers });
  };
  const server = createServer((near, reply) => {
    const far = passOn(near);
    if (far === null) return reply.writeHead(404).end("nothing of the venue is here");
    far.on("error", () => reply.destroy());
    far.on("response", (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    return near.pipe(far);
  });
  const ends = new Set<Duplex>();
  server.on("upgrade", (near, socket, head) => {
    if (!lets.sockets) return socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const far = passOn(near);
    if (far === null) return socket.destroy();
    far.on("error", () => socket.destroy());
    far.on("response", (answer) => socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\n\r\n`));
    far.on("upgrade", (answer, upstream, rest) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      socket.write(rest);
      upstream.write(head);
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        ends.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
        from.pipe(to);
      }
    });
    return far.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const end of ends) end.destroy();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
}
