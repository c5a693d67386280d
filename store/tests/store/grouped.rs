//! Orders with legs: whatever befell one of a group, a crash then costs nothing, and the others know of it.

use tradepit_engine::{Body, Command, Ending, Event, Exchange, Number, Order, State, Time};
use tradepit_kit::Dice;
use tradepit_store::{Folder, Opened};

use crate::agree::{agree, check_holds, of_accounts};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::Image;
use crate::life::Life;
use crate::twin::Twin;
use crate::view;

#[test]
fn groups_come_back_after_every_turn_and_go_on_as_they_would_have() {
    let (mut met, mut twin) = (Met::default(), Twin::default());
    for seed in [51, 52] {
        let dir = tempfile::tempdir().unwrap();
        let mut life = Life::with_legs(seed);
        twin = Twin::default();
        let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
        for turn in 0..60 {
            let batch = life.batch(1 + turn % 5);
            twin.extend(&batch);
            desk.append(&batch);
            if turn % 7 == 0 {
                desk.settle();
            }
            let image = Image::of(dir.path()).lay();
            let folder = Folder::new(image.path());
            view::agrees(&folder.database(), &twin);
            let opened = Opened::open(&folder).unwrap();
            let (exchange, _) = recover(&opened).unwrap();
            is_there(&exchange, &life.exchange);
            met.note(&life.exchange);
            met.mid_cascade |= exchange.acts_now();
            goes_on(&exchange, &life.exchange, &mut life.dice, life.now);
        }
        agree(&desk.running, &twin, &mut life.dice);
        desk.close();
        check_holds(&Folder::new(dir.path()), &twin);
    }
    let ends = |event: &Event| matches!(&event.body, Body::Ended(ended) if ended.ending == Ending::Group);
    met.ended |= twin.events.iter().any(ends);
    assert!(met.held && met.acting && met.ended && met.mid_cascade, "{met:?}");
}

/// What must have come about.
#[derive(Debug, Default)]
struct Met {
    held: bool,
    acting: bool,
    ended: bool,
    /// A crash came before all had followed that was to.
    mid_cascade: bool,
}

impl Met {
    fn note(&mut self, exchange: &Exchange) {
        let legs = exchange.orders_after(Number(0)).filter(|order| is_leg(order) && !order.state.is_closed());
        legs.for_each(|leg| if leg.state == State::Held { self.held = true } else { self.acting = true });
    }
}

fn is_leg(order: &Order) -> bool {
    order.rich.as_ref().and_then(|rich| rich.kin.group).is_some_and(|group| group.is_leg())
}

/// Requires that what was recovered is what it stands for.
fn is_there(recovered: &Exchange, stands_for: &Exchange) {
    let open = |exchange: &Exchange| -> Vec<Order> {
        exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed()).collect()
    };
    assert_eq!(open(recovered), open(stands_for));
    assert_eq!(of_accounts(recovered), of_accounts(stands_for));
    assert_eq!((recovered.last_number(), recovered.last_seq()), (stands_for.last_number(), stands_for.last_seq()));
    assert_eq!(recovered.acts_now(), stands_for.acts_now());
}

/// Requires that what was recovered does the same as what it stands for: what follows at once, and where then an order
/// of a group is cancelled.
fn goes_on(recovered: &Exchange, stands_for: &Exchange, dice: &mut Dice, now: Time) {
    if recovered.acts_now() {
        let events = recovered.decide(now, &Command::ExecuteDue).unwrap();
        assert!(!events.is_empty());
        assert_eq!(events, stands_for.decide(now, &Command::ExecuteDue).unwrap());
        return;
    }
    let grouped = |order: &Order| order.rich.as_ref().is_some_and(|rich| rich.kin.group.is_some());
    let open = stands_for.orders_after(Number(0)).filter(|order| !order.state.is_closed() && grouped(order));
    let open: Vec<Number> = open.map(|order| order.accepted_number).collect();
    if open.is_empty() {
        return;
    }
    let command = Command::Cancel { accepted_number: dice.of(&open) };
    let events = recovered.decide(now, &command).unwrap();
    assert_eq!(events, stands_for.decide(now, &command).unwrap());
}
