// Traffic: random orders, so that there is something to see. An ordinary client: its orders are called `demo/…`, so that
// whoever looks on sees whose they are.

import { For, Show } from "solid-js";
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
  const share = (part: number) => String(Math.round(part * 100));
  const readShare = (text: string) => Math.min(Math.max(Number(text) || 0, 0), 100) / 100;
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
            <div class="labelled">
              <label for="traffic-long">Long pending, %</label>
              <input
                id="traffic-long"
                class="field"
                type="number"
                min="0"
                max="100"
                value={share(traffic.mix().longShare)}
                onChange={(event) => traffic.setMix({ longShare: readShare(event.currentTarget.value) })}
              />
            </div>
            <div class="labelled">
              <label for="traffic-cancelled">Cancelled, %</label>
              <input
                id="traffic-cancelled"
                class="field"
                type="number"
                min="0"
                max="100"
                value={share(traffic.mix().cancelledShare)}
                onChange={(event) => traffic.setMix({ cancelledShare: readShare(event.currentTarget.value) })}
              />
            </div>
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
