// Traffic: random orders, so that there is something to see. An ordinary client; whoever looks on sees whose they are.

import { For, Show } from "solid-js";
import { type Demo, RATES } from "../../live/demo";
import { Menu } from "../menu";

export function TrafficMenu(props: { readonly demo: Demo }) {
  const button = () => (
    <>
      <span class="traffic-mark" data-running={props.demo.running()} aria-hidden="true" />
      Traffic
      <Show when={props.demo.running()}>
        <span class="traffic-rate">{props.demo.rate()}/s</span>
      </Show>
    </>
  );
  return (
    <Menu button={button()} class="button traffic">
      {() => (
        <fieldset class="menu-body">
          <legend>Traffic</legend>
          <p class="hint">Places random orders, so that there is something to see.</p>
          <label class="check">
            <input
              type="checkbox"
              checked={props.demo.running()}
              onChange={(event) => props.demo.run(event.currentTarget.checked)}
            />
            Place orders
          </label>
          <div class="labelled">
            <label for="traffic-rate">Orders per second</label>
            <select
              id="traffic-rate"
              class="field"
              onChange={(event) => props.demo.setRate(Number(event.currentTarget.value))}
            >
              <For each={RATES}>
                {(rate) => (
                  <option value={rate} selected={props.demo.rate() === rate}>
                    {rate}
                  </option>
                )}
              </For>
            </select>
          </div>
        </fieldset>
      )}
    </Menu>
  );
}
