//! The surface that makes venues, shows them and removes them, for tests that each want one of their own.
//!
//! Owns its routes, who of the venues is there ([`roster::Roster`]), and what each was made with. It goes on with the
//! native contract: it reads accounts and instruments as that does, and tells faults in its form. Must never know how a
//! venue works inside, nor what is asked of one.

pub(crate) mod acts;
pub(crate) mod clock;
mod copying;
mod entry;
mod error;
mod expiry;
pub(crate) mod faults;
mod fields;
mod lasting;
mod new_venue;
mod opening;
mod requests;
pub(crate) mod roster;
pub(crate) mod rules;
mod settings;
mod shown;
mod venues;

use crate::edge::described::described;
use crate::edge::route::{Route, Surface, to};

pub(crate) fn surface() -> Surface {
    Surface::new([
        Route::at(venues::VENUES)
            .control()
            .post(to(venues::make), described::<venues::__path_make>)
            .read(to(venues::list_venues), described::<venues::__path_list_venues>),
        Route::at(venues::VENUE)
            .control()
            .read(to(venues::show_venue), described::<venues::__path_show_venue>)
            .delete(to(venues::remove), described::<venues::__path_remove>),
        Route::at(venues::RESET).control().post(to(venues::reset), described::<venues::__path_reset>),
    ])
}
