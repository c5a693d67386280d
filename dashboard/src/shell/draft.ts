// A ticket as it was filled in, field by field, as typed: a part of the address. What is as usual is left out of it.

export interface Draft {
  readonly symbol: string;
  readonly quantity: string;
  /** What the quantity counts: units, or money of the quote currency. */
  readonly sized: string;
  readonly side: string;
  readonly type: string;
  readonly timeInForce: string;
  readonly limitPrice: string;
  readonly stopPrice: string;
  readonly trail: string;
  /** What `trail` is: a price, or a percentage. */
  readonly trailBy: string;
  readonly orderClass: string;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly stopLossLimit: string;
  readonly account: string;
  readonly postOnly: boolean;
  readonly long: boolean;
  readonly clientOrderId: string;
  readonly idempotencyKey: string;
  readonly times: string;
}

export const EMPTY_DRAFT: Draft = {
  symbol: "EURUSD",
  quantity: "100",
  sized: "units",
  side: "buy",
  type: "market",
  timeInForce: "gtc",
  limitPrice: "",
  stopPrice: "",
  trail: "",
  trailBy: "percent",
  orderClass: "simple",
  takeProfit: "",
  stopLoss: "",
  stopLossLimit: "",
  account: "default",
  postOnly: false,
  long: false,
  clientOrderId: "",
  idempotencyKey: "",
  times: "1",
};

/** As the address calls each field, after `ticket.`. */
const NAMES: readonly (readonly [keyof Draft, string])[] = [
  ["symbol", "symbol"],
  ["side", "side"],
  ["quantity", "quantity"],
  ["sized", "sized"],
  ["type", "type"],
  ["limitPrice", "limit_price"],
  ["stopPrice", "stop_price"],
  ["trail", "trail"],
  ["trailBy", "trail_by"],
  ["timeInForce", "time_in_force"],
  ["postOnly", "post_only"],
  ["orderClass", "order_class"],
  ["takeProfit", "take_profit"],
  ["stopLoss", "stop_loss"],
  ["stopLossLimit", "stop_loss_limit"],
  ["account", "account"],
  ["long", "long"],
  ["clientOrderId", "client_order_id"],
  ["idempotencyKey", "idempotency_key"],
  ["times", "times"],
];

export function readDraft(told: URLSearchParams): Draft {
  const read = NAMES.map(([field, name]) => {
    const [value, usual] = [told.get(`ticket.${name}`), EMPTY_DRAFT[field]];
    return [field, typeof usual === "boolean" ? value === "true" : (value ?? usual)];
  });
  return Object.fromEntries(read) as unknown as Draft;
}

/** What of it is not as usual. An emptied field that is not empty as a rule is told as empty. */
export function writeDraft(draft: Draft): readonly (readonly [string, string])[] {
  return NAMES.filter(([field]) => draft[field] !== EMPTY_DRAFT[field]).map(([field, name]) => [
    `ticket.${name}`,
    String(draft[field]),
  ]);
}
