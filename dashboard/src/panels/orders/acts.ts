// What a room that lists orders can be told to do, by a key or a command.

export type OrdersAct =
  | "ticket"
  | "buy"
  | "sell"
  | "search"
  | "up"
  | "down"
  | "amend"
  | "cancel"
  | "cancel symbol"
  | "cancel shown"
  | "pause"
  | "escape"
  | { readonly find: string };

/** Says whether there was something to do. */
export type Ear = (what: OrdersAct) => boolean;
