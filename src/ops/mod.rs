//! The surface for operators: health, figures, documents, the first page.
//!
//! Owns its routes and what they answer. Must never know another surface, nor ask for orders: it tells what the
//! server counts and says of itself.

pub(crate) mod documents;
pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod page;

use crate::edge::described::{described, undescribed};
use crate::edge::route::{Route, Surface, to};

pub(crate) fn surface() -> Surface {
    let routes = [
        Route::at(health::HEALTH).read(to(health::health), described::<health::__path_health>).always().quiet(),
        Route::at(health::READY).read(to(health::ready), described::<health::__path_ready>).quiet(),
        Route::at(metrics::METRICS).read(to(metrics::metrics), described::<metrics::__path_metrics>),
        Route::at("/openapi.json").read(to(documents::openapi), undescribed),
        Route::at("/docs").read(to(documents::docs_page), undescribed).quiet(),
        Route::at("/docs/{file}").read(to(documents::docs_file), undescribed).counted_as("/docs").quiet(),
        Route::at("/assets/{file}").read(to(page::asset), undescribed).quiet(),
        Route::at("/").read(to(page::home), undescribed).quiet(),
    ];
    Surface::new(routes.map(Route::steady))
}
