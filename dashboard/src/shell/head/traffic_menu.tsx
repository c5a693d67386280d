// Traffic: random orders, so that there is something to see. An ordinary client: its orders are called `demo/…`, so that
// whoever looks on sees whose they are.

import { createUniqueId, For, Show } from "solid-js";
import { rate as perSecond } from "../../figures/format";
import { RATES, type Traffic } from "../../live/traffic/traffic";
import { whole } from "../../model/format";
import { Menu } from "../menu";

export function TrafficMenu(props: { readonly traffic: Traffic }) {
  const { traffic } = props;
  const button = () => (
    <>
      <span class="traffic-mark" data-running={traffic.running()} aria-hidden="true" />
      Traffic
      <Show when={traffic.running()}>
        <span class="traffic-rate">
          {traffic.waiting() ? "waits" : `${perSecond(traffic.achieved() ?? traffic.rate())}/s`}
        </span>
      </Show>
    </>
  );
  return (
    <Menu button={button()} class="button traffic">
      {() => (
        <fieldset class="menu-body">
          <legend>Traffic</legend>
          <p class="hint">Random orders, so that there is something to see. They are called demo/….</p>
          <label class="check">
            <input
              type="checkbox"
              checked={traffic.running()}
              onChange={(event) => traffic.run(event.currentTarget.checked)}
            />
            Place orders
          </label>
          <div class="labelled">
            <label for="traffic-rate">Orders per second</label>
            <select
              id="traffic-rate"
              class="field"
              onChange={(event) => traffic.setRate(Number(event.currentTarget.value))}
            >
              <For each={RATES}>
                {(rate) => (
                  <option value={rate} selected={traffic.rate() === rate}>
                    {rate}
                  </option>
                )}
              </For>
            </select>
          </div>
          <div class="menu-pair">
            <Share
              name="Long pending, %"
              share={traffic.mix().longShare}
              set={(longShare) => traffic.setMix({ longShare })}
            />
            <Share
              name="Cancelled, %"
              share={traffic.mix().cancelledShare}
              set={(cancelledShare) => traffic.setMix({ cancelledShare })}
            />
          </div>
          <Show when={traffic.running()}>
            <p class="hint">
              <Show when={!traffic.waiting()} fallback="The venue does not answer: none are placed until it does.">
                {whole(traffic.placed())} placed
              </Show>
            </p>
          </Show>
        </fieldset>
      )}
    </Menu>
  );
}

/** A share, 0 to 1, typed as a percentage. */
function Share(props: { readonly name: string; readonly share: number; set(share: number): void }) {
  const id = createUniqueId();
  return (
    <div class="labelled">
      <label for={id}>{props.name}</label>
      <input
        id={id}
        class="field"
        type="number"
        min="0"
        max="100"
        value={Math.round(props.share * 100)}
        onChange={(event) => props.set(Math.min(Math.max(Number(event.currentTarget.value) || 0, 0), 100) / 100)}
      />
    </div>
  );
}
