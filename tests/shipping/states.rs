//! The table of states in the documents is the one that the engine goes by.

use tradepit_engine::{Ending, Happens, State};

use crate::support::text;

const BEGIN: &str = "<!-- states -->\n";
const END: &str = "<!-- /states -->";

#[test]
fn the_table_of_states_is_the_engines() {
    let document = text("docs/exchange.md");
    let told = document.split(BEGIN).nth(1).and_then(|rest| rest.split(END).next()).expect("it is marked");
    let table = table();
    assert!(told == table, "docs/exchange.md should have this between its marks:\n{table}");
}

fn table() -> String {
    let kinds = [
        Happens::Arrives,
        Happens::Triggers,
        Happens::Trades,
        Happens::Fills,
        Happens::ArrivesAndFills,
        Happens::Returns,
        Happens::Amends,
        Happens::Waits,
        Happens::Reschedules,
    ];
    let head = "| state | status | arrives | is triggered | trades | fills | arrives and fills \
                | arrives again, partly filled | is amended | is amended and waits outside | is held, or let go | ends |\n";
    let mut table = head.to_owned() + &"|---".repeat(12) + "|\n";
    for state in State::ALL {
        let name = |state: Option<State>| state.map_or("–".to_owned(), |state| format!("`{state}`"));
        let status = format!("{:?}", state.status()).to_uppercase();
        let cells = kinds.map(|what| name(state.after(what))).join(" | ");
        // Whether an order can end does not depend on why it does.
        let ends = if state.after(Happens::Ends(Ending::Client)).is_some() { "by its reason" } else { "–" };
        table += &format!("| `{state}` | {status} | {cells} | {ends} |\n");
    }
    table
}
