//! Acts in the scripts of `door.rs`: `arrive`, `hold`, `release`, `cancel`, `expire`, `reject` with a reason if one is
//! given, `fill` with how much and, after `at`, the price: `-` is all that is left.

use tradepit_engine::{Act, Body, ReasonText};

use crate::door::number;

pub(crate) fn act(words: &[&str]) -> Act {
    match *words {
        ["arrive"] => Act::Arrive,
        ["hold"] => Act::Hold,
        ["release"] => Act::Release,
        ["cancel"] => Act::Cancel,
        ["expire"] => Act::Expire,
        ["reject", ref text @ ..] => Act::Reject { text: ReasonText::new(&text.join(" ")).ok() },
        ["fill", qty, ref rest @ ..] => {
            let price = rest.iter().skip_while(|word| **word != "at").nth(1).map(|price| number(price));
            Act::Fill { qty: (qty != "-").then(|| number(qty)), price }
        }
        _ => panic!("no such act: {words:?}"),
    }
}

pub(crate) fn told(body: &Body) -> String {
    match body {
        Body::Rescheduled(rescheduled) => match rescheduled.due_at {
            Some(due_at) => format!("arrives at {}", due_at.0),
            None => "waits for an act".to_owned(),
        },
        Body::Scripted(scripted) => {
            let text = scripted.text.as_ref().map_or(String::new(), |text| format!(": {}", text.as_str()));
            format!("ended by hand {:?}{text}", scripted.ending)
        }
        _ => unreachable!("it is one of these"),
    }
}
