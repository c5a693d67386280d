// The page: its head, and the room that the address names.

import { createSignal, Match, Switch } from "solid-js";
import type { Venue } from "./live/venue";
import { OrdersRoom } from "./rooms/orders";
import { PulseRoom, PulseStrip } from "./rooms/pulse";
import { Header } from "./shell/header";
import { Help } from "./shell/help";
import { onKeys } from "./shell/keys";
import { type Message, MessageBar } from "./shell/messages";
import { followRoute } from "./shell/route";
import { themes } from "./shell/theme";

export function App(props: { readonly venue: Venue }) {
  const { venue } = props;
  const route = followRoute();
  const { theme, next } = themes();
  const demo = venue.traffic;
  const [fault, say] = createSignal<string | null>(null);
  let help!: HTMLDialogElement;
  const showHelp = () => help.showModal();
  onKeys({ "?": showHelp });

  const message = (): Message | null => {
    const wrong = fault() ?? demo.fault();
    return wrong === null ? venue.notice() : { kind: "fault", text: wrong };
  };
  const dismiss = () => {
    if (fault() !== null) say(null);
    else if (demo.fault() !== null) demo.run(false);
    else venue.dismiss();
  };
  const pulse = {
    pulse: venue.pulse,
    beat: venue.beat,
    nowUs: () => venue.nowUs(),
    reading: () => venue.readings().at(-1) ?? null,
    before: () => (venue.readings().length > 1 ? (venue.readings()[0] ?? null) : null),
  };

  return (
    <>
      <Header route={route()} venue={venue} demo={demo} theme={theme()} nextTheme={next} help={showHelp} />
      {/* A room that scrolls can be scrolled by keyboard. */}
      <main data-room={route().room} tabindex={route().room === "pulse" ? 0 : undefined}>
        <h1 class="unseen">Tradepit: {route().room}</h1>
        <Switch>
          <Match when={route().room === "orders"}>
            <PulseStrip {...pulse} />
            <OrdersRoom venue={venue} order={orderOf(route())} say={say} />
          </Match>
          <Match when={route().room === "pulse"}>
            <PulseRoom {...pulse} />
          </Match>
        </Switch>
      </main>
      <MessageBar message={message()} dismiss={dismiss} />
      <Help
        ref={(dialog) => {
          help = dialog;
        }}
      />
    </>
  );
}

function orderOf(route: ReturnType<ReturnType<typeof followRoute>>): string | null {
  return route.room === "orders" ? route.order : null;
}
