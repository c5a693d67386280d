// A venue of its own for each test of a trading client.
//
// `tradepit/vitest` and `tradepit/node` have what these two runners need; what is here is the same for any other.

export { Closed, type Fault, NoAnswer, NoServer, Refused, TradepitError } from "./errors.js";
export type { Events } from "./events.js";
export { connect, find, type Serve, Server, serve } from "./server.js";
export { type Advance, type Placing, Venue } from "./venue.js";
export type * from "./wire.js";
