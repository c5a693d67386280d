// The pulse room: how the venue fares, on six cards.

import { DelayCard } from "./delay_card";
import { LatenessCard } from "./lateness_card";
import { OrdersCard } from "./orders_card";
import type { PulseProps } from "./props";
import "./pulse.css";
import { RequestsCard } from "./requests_card";
import { OrderBookCard, SubscribersCard } from "./venue_cards";

export function PulseRoom(props: PulseProps) {
  return (
    <div class="pulse-room">
      <div class="pulse-grid">
        <OrdersCard {...props} />
        <DelayCard {...props} />
        <LatenessCard {...props} />
        <SubscribersCard {...props} />
        <OrderBookCard {...props} />
        <RequestsCard {...props} />
      </div>
    </div>
  );
}
