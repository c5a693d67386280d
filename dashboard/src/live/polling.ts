// Where the stream is refused, the page asks: once a second for what came after the orders that it holds, and for those
// that are pending here. A venue that lists the oldest first only can be asked as well.

import * as rest from "../api/rest";
import type { Order } from "../model/change";
import { age, type Orders } from "../model/orders";

const POLL_MS = 1_000;
/** The newest orders are listed again from the first of them that is pending here. */
const RECENT = 900;
const PAGE = 1_000;
/** Pages that one poll reads at most. */
const PAGES = 5;
/** Orders that are older than that and pending here are asked for one by one, so many in one poll. */
const SINGLE = 24;
const AT_A_TIME = 4;

export class Polling {
  private timer: ReturnType<typeof setInterval> | undefined;
  private polling = false;
  /** How often polling began or ended: an answer to a question from before is of no use. */
  private times = 0;
  /** Pending orders are asked for in turn: these were, in this round. */
  private readonly asked = new Set<string>();
  /** The venue has forgotten the order that was to be gone on from. */
  private lost = false;

  constructor(
    private readonly orders: Orders,
    private readonly nowUs: () => number,
    /** Orders were asked for and answered. */
    private readonly told: () => void,
  ) {}

  start(): void {
    if (this.timer !== undefined) return;
    this.times += 1;
    this.timer = setInterval(() => void this.poll(), POLL_MS);
    void this.poll();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.times += 1;
    this.asked.clear();
  }

  private async poll(): Promise<void> {
    if (this.polling || document.hidden) return;
    this.polling = true;
    const { times } = this;
    const current = () => times === this.times;
    await this.list(current);
    if (current()) await this.askSingly(current);
    this.polling = false;
  }

  private async list(current: () => boolean): Promise<void> {
    const from = this.lost ? null : this.anchor();
    this.lost = false;
    const limit = `limit=${PAGE}`;
    let next: string | null = from === null ? `order=desc&${limit}` : `after=${from.id}&${limit}`;
    for (let pages = 0; next !== null && pages < PAGES; pages += 1) {
      const page: rest.Answer<rest.Page> = await rest.list(next);
      if (!current()) return;
      if (!page.ok) {
        this.lost = page.refusal.status === 422;
        return;
      }
      const { orders } = page.value;
      this.orders.merge(orders);
      this.told();
      // The newest come first: what is older is not wanted.
      const descends = orders.length > 1 && age(orders[0] as Order) > age(orders[1] as Order);
      next = descends ? null : page.value.next;
    }
  }

  /** The order before the first that is pending, among the newest; null where there is none. */
  private anchor(): Order | null {
    const { all } = this.orders;
    const first = Math.max(0, all.length - RECENT);
    let at = all.length - 1;
    for (let place = at; place >= first; place -= 1) if (all[place]?.status === "PENDING") at = place - 1;
    // An order whose beginning was not seen stands where it ended.
    while (at >= 0 && all[at]?.acceptedSeq === null) at -= 1;
    return all[at] ?? null;
  }

  /** Asks for pending orders that the list did not tell of: those that are due first, then all in turn. */
  private async askSingly(current: () => boolean): Promise<void> {
    const [nowUs, recent] = [this.nowUs(), this.orders.all.length - RECENT];
    const pending = this.orders.all.filter(
      (order, at) => at < recent && order.status === "PENDING" && !this.orders.forgotten.has(order),
    );
    if (pending.every(({ id }) => this.asked.has(id))) this.asked.clear();
    const isDue = ({ dueUs }: Order) => dueUs !== null && dueUs <= nowUs;
    const next = pending.filter(({ id }) => !this.asked.has(id)).sort((a, b) => Number(isDue(b)) - Number(isDue(a)));
    const ids = next.slice(0, SINGLE).values();
    const found: Order[] = [];
    const ask = async () => {
      for (const { id } of ids) {
        const answer = await rest.show(id);
        this.asked.add(id);
        if (answer.ok) found.push(answer.value.order);
        else if (answer.refusal.status === 404) this.orders.forgotten.add(id);
        else return;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, ask));
    if (!current() || found.length === 0) return;
    this.orders.merge(found);
    this.told();
  }
}
