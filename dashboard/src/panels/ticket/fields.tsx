// The ticket's fields: which side, how much, of what type and at which prices, and what follows the order. A field is
// there where the type or the class has a use for it; what is wrong in it is for the venue to say.

import { For, Show } from "solid-js";
import { classTakes, typeTakes } from "./requests";
import { Choice, type Form, Text } from "./text";

const SIDES = [
  ["buy", "Buy", "b"],
  ["sell", "Sell", "s"],
] as const;

const TYPES = [
  ["market", "Market"],
  ["limit", "Limit"],
  ["stop", "Stop"],
  ["stop_limit", "Stop limit"],
  ["trailing_stop", "Trailing stop"],
] as const;

const TIMES_IN_FORCE = [
  ["gtc", "GTC"],
  ["day", "Day"],
  ["ioc", "IOC"],
  ["fok", "FOK"],
] as const;

const CLASSES = [
  ["simple", "Nothing"],
  ["bracket", "Bracket"],
  ["oco", "OCO"],
  ["oto", "OTO"],
] as const;

export function Sides(props: Form) {
  return (
    <fieldset class="sides">
      <legend class="unseen">Side</legend>
      <For each={SIDES}>
        {([side, word, key]) => (
          <label class="side" data-side={side}>
            <input
              type="radio"
              class="unseen"
              name="side"
              value={side}
              checked={props.draft().side === side}
              onChange={() => props.fill({ side })}
            />
            {word} <kbd aria-hidden="true">{key}</kbd>
          </label>
        )}
      </For>
    </fieldset>
  );
}

/** How much: in units, or of a market order for a sum of money. */
export function Size(props: Form) {
  const money = () => props.draft().sized === "money" && props.draft().type === "market";
  return (
    <div class="sized">
      <Text
        {...props}
        field="quantity"
        label={money() ? "Amount" : "Quantity"}
        faults={money() ? ["notional"] : ["quantity", "qty"]}
        numeric
      />
      <Show when={props.draft().type === "market"}>
        <button
          type="button"
          class="sized-by"
          title={money() ? "Say how many units instead" : "Say for how much money instead"}
          onClick={() => props.fill({ sized: money() ? "units" : "money" })}
        >
          {money() ? "money" : "units"} ⇄
        </button>
      </Show>
    </div>
  );
}

export function Kind(props: Form) {
  return (
    <>
      <Choice {...props} field="type" label="Type" faults={["type"]} of={TYPES} />
      <Choice {...props} field="timeInForce" label="In force" faults={["time_in_force"]} of={TIMES_IN_FORCE} />
    </>
  );
}

export function Prices(props: Form) {
  const takes = () => typeTakes(props.draft().type);
  return (
    <>
      <Show when={takes().stop}>
        <Text {...props} field="stopPrice" label="Stop price" faults={["stop_price"]} numeric />
      </Show>
      <Show when={takes().limit}>
        <Text {...props} field="limitPrice" label="Limit price" faults={["limit_price"]} numeric />
      </Show>
      <Show when={takes().trail}>
        <Text {...props} field="trail" label="Trails by" faults={["trail_price", "trail_percent"]} numeric />
        <Choice
          {...props}
          field="trailBy"
          label="Which is"
          faults={[]}
          of={[
            ["percent", "Percent"],
            ["price", "A price"],
          ]}
        />
      </Show>
      <Show when={props.draft().type === "limit"}>
        <label class="check ticket-wide">
          <input
            type="checkbox"
            name="post-only"
            checked={props.draft().postOnly}
            onChange={(event) => props.fill({ postOnly: event.currentTarget.checked })}
          />
          Post only
          <span class="hint">rejected rather than trade at once</span>
        </label>
      </Show>
    </>
  );
}

/** Whose order it is, and the legs that come with it. */
export function Legs(props: Form) {
  const takes = () => classTakes(props.draft().orderClass);
  return (
    <>
      <Text {...props} field="account" label="Account" faults={["account"]} />
      <Choice {...props} field="orderClass" label="Followed by" faults={["order_class"]} of={CLASSES} />
      <Show when={takes().profit}>
        <Text
          {...props}
          field="takeProfit"
          label="Take profit at"
          faults={["take_profit.limit_price", "take_profit"]}
          numeric
        />
      </Show>
      <Show when={takes().loss}>
        <Text {...props} field="stopLoss" label="Stop loss at" faults={["stop_loss.stop_price", "stop_loss"]} numeric />
        <Text {...props} field="stopLossLimit" label="Its limit, if any" faults={["stop_loss.limit_price"]} numeric />
      </Show>
    </>
  );
}
