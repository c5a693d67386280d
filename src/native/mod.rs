//! The native surface: orders over REST, changes over WebSocket, as `docs/contract.md` promises them; what can be
//! traded, and at which prices; and what was refused.
//!
//! Owns its routes, the shapes on its wire, its errors and its stream. Must never know another surface, nor a business
//! rule: what came is read into the engine's words, asked of the order book, and the answer written.

pub(crate) mod accounts;
pub(crate) mod bars;
mod batch;
pub(crate) mod fills;
mod listing;
pub(crate) mod market;
pub(crate) mod open_orders;
pub(crate) mod orders;
pub(crate) mod past;
pub(crate) mod positions;
pub(crate) mod refused;
pub(crate) mod rejects;
pub(crate) mod replace;
pub(crate) mod reply;
pub(crate) mod requests;
mod rows;
mod undecided;
pub(crate) mod wire;
pub(crate) mod ws;

use crate::edge::described::{described, undescribed};
use crate::edge::route::{Route, Surface, to};

pub(crate) fn surface() -> Surface {
    Surface::new([
        Route::at(orders::ORDERS)
            .post(to(orders::place), described::<orders::__path_place>)
            .read(to(orders::list), described::<orders::__path_list>),
        Route::at(orders::ORDER)
            .read(to(orders::show), described::<orders::__path_show>)
            .patch(to(orders::amend), described::<orders::__path_amend>)
            .delete(to(orders::cancel), described::<orders::__path_cancel>),
        Route::at(replace::REPLACEMENT).post(to(replace::replace), described::<replace::__path_replace>),
        Route::at(open_orders::OPEN_ORDERS)
            .read(to(open_orders::list_open), described::<open_orders::__path_list_open>)
            .delete(to(open_orders::cancel_open), described::<open_orders::__path_cancel_open>),
        Route::at(accounts::ACCOUNTS)
            .post(to(accounts::open_account), described::<accounts::__path_open_account>)
            .read(to(accounts::list_accounts), described::<accounts::__path_list_accounts>),
        Route::at(accounts::ACCOUNT).read(to(accounts::show_account), described::<accounts::__path_show_account>),
        Route::at(accounts::TRANSFERS).post(to(accounts::transfer), described::<accounts::__path_transfer>),
        Route::at(past::ACTIVITIES).read(to(past::list_activities), described::<past::__path_list_activities>),
        Route::at(past::HISTORY).read(to(past::show_history), described::<past::__path_show_history>),
        Route::at(positions::POSITIONS)
            .read(to(positions::list_positions), described::<positions::__path_list_positions>)
            .delete(to(positions::close_positions), described::<positions::__path_close_positions>),
        Route::at(positions::POSITION)
            .with_slashes()
            .read(to(positions::show_position), described::<positions::__path_show_position>)
            .delete(to(positions::close_position), described::<positions::__path_close_position>),
        Route::at(batch::BATCH).post(to(batch::batch), described::<batch::__path_batch>),
        Route::at(fills::FILLS).read(to(fills::list_fills), described::<fills::__path_list_fills>),
        Route::at(ws::WS).websocket(to(ws::subscribe), described::<ws::__path_subscribe>),
        Route::at(rejects::REJECTS).read(to(rejects::list_rejects), described::<rejects::__path_list_rejects>),
        Route::at("/asyncapi.json").read(to(ws::asyncapi), undescribed),
        Route::at(market::INSTRUMENTS)
            .post(to(listing::list_instrument), described::<listing::__path_list_instrument>)
            .read(to(market::list_instruments), described::<market::__path_list_instruments>),
        Route::at(market::INSTRUMENT)
            .with_slashes()
            .read(to(market::show_instrument), described::<market::__path_show_instrument>)
            .patch(to(listing::change_instrument), described::<listing::__path_change_instrument>),
        Route::at(market::MARKET)
            .with_slashes()
            .put(to(market::set_quote), described::<market::__path_set_quote>)
            .delete(to(market::take_quote_back), described::<market::__path_take_quote_back>),
        Route::at(rows::REPLAY)
            .with_slashes()
            .post(to(rows::append_rows), described::<rows::__path_append_rows>)
            .read(to(rows::show_rows), described::<rows::__path_show_rows>)
            .delete(to(rows::drop_rows), described::<rows::__path_drop_rows>),
        Route::at(market::BOOK).with_slashes().read(to(market::show_book), described::<market::__path_show_book>),
        Route::at(fills::TRADES).with_slashes().read(to(fills::list_trades), described::<fills::__path_list_trades>),
        Route::at(bars::BARS).with_slashes().read(to(bars::list_bars), described::<bars::__path_list_bars>),
        Route::at(market::QUOTES).read(to(market::list_quotes), described::<market::__path_list_quotes>),
        Route::at(market::QUOTE).with_slashes().read(to(market::show_quote), described::<market::__path_show_quote>),
    ])
}
