// The room of rules: what is made to happen on purpose, to orders, and to requests and streams.

import { MadeList } from "./list";
import "./rules.css";

const RULES = [
  ["refuse every third", { match: { side: "buy", every: 3 }, do: { reject: "insufficient margin" } }],
  ["reject on arrival", { match: { probability: 0.1 }, do: { reject_on_arrival: "unknown reason" } }],
  ["come late", { match: { client_order_id: "slow-*" }, do: { delay: "5s" } }],
  ["hold until it is released", { match: { nth: 1 }, do: { hold: true } }],
  ["fill in parts", { match: { type: "limit" }, do: { fill: ["40%", "35%", "25%"], every: "200ms" } }],
  ["cancel late", { do: { cancel_delay: "2s" } }],
  ["the preset brutal", { preset: "brutal" }],
] as const;

const FAULTS = [
  ["answer 503", { name: "busy", match: { route: "POST /orders", every: 5 }, do: { status: 503 } }],
  ["lose a reply", { name: "lost", match: { route: "POST /orders", nth: 2 }, do: { drop: "after" } }],
  ["wait", { name: "slow", match: { route: "GET /orders" }, do: { delay: "2s" } }],
  ["limit the rate", { name: "rate", match: { route: "POST /orders" }, do: { rate_limit: "10/s" } }],
  ["close a stream", { name: "cut", match: { stream: "orders", nth: 3 }, do: { close: 1011 } }],
  ["stall a stream", { name: "stall", match: { stream: "orders", nth: 3 }, do: { stall: "10s" } }],
  ["swap frames", { name: "swap", match: { stream: "orders", probability: 0.1 }, do: { reorder: 3 } }],
] as const;

export function RulesRoom() {
  return (
    <div class="rules-room">
      <MadeList
        of="rules"
        title="Rules"
        what="What becomes of orders on purpose. The first rule that matches, and is not used up, decides."
        none="No rules: orders are what they always were."
        templates={RULES}
      />
      <MadeList
        of="faults"
        title="Faults"
        what="What goes wrong on purpose, of requests and of streams; this page's own too. All that match apply."
        none="No faults: every request is answered, and every frame comes."
        templates={FAULTS}
      />
    </div>
  );
}
