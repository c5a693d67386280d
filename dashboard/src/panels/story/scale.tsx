// Accepted, due and closed, drawn to scale.

import { Show } from "solid-js";
import type { Order } from "../../model/change";

export function Scale(props: { readonly order: Order }) {
  const share = () => {
    const { acceptedUs, dueUs, closedUs } = props.order;
    if (acceptedUs === null || dueUs === null) return null;
    const end = Math.max(dueUs, closedUs ?? dueUs);
    const whole = Math.max(end - acceptedUs, 1);
    return { due: (dueUs - acceptedUs) / whole, closed: closedUs === null ? null : (closedUs - acceptedUs) / whole };
  };
  return (
    <Show when={share()}>
      {(share) => (
        <div class="scale" data-status={props.order.status} aria-hidden="true">
          <span class="scale-run" style={{ width: `${(share().closed ?? 0) * 100}%` }} />
          <span class="scale-due" style={{ left: `${share().due * 100}%` }} />
        </div>
      )}
    </Show>
  );
}
