//! The route table: what all surfaces serve, as one.
//!
//! The surfaces' routes come in as data, from whoever mounts them. The router, the gate's questions, the metrics'
//! labels and the OpenAPI document all come from here. Each path works with and without a trailing slash, and none
//! answers with a redirect (contract, "Routes").
//!
//! What is served for a venue is found below `/venues/NAME` too: the table is one, and what is found is the same route,
//! with the same label.

use std::fmt;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::Components;
use utoipa::openapi::path::Paths;

use super::here::prefix_of;
use super::refusal::Refusal;
use super::route::{Route, Surface};

/// All surfaces, in the order in which they are tried.
pub(crate) struct Table(Vec<Mounted>);

/// A surface, and how many routes stand before its own.
struct Mounted {
    first: usize,
    /// Whether it is served for each venue; else for the process alone.
    is_of_venues: bool,
    surface: &'static Surface,
}

#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    /// Its place in the table: from 0 to [`Table::size`].
    pub(crate) number: usize,
    /// How long the beginning of the path is that says which venue is meant; 0 where none is named.
    pub(crate) prefix: u16,
}

impl Table {
    /// Of surfaces that are served for each venue, and of those that are served for the process alone.
    pub(crate) fn of(
        venues: impl IntoIterator<Item = &'static Surface>,
        process: impl IntoIterator<Item = &'static Surface>,
    ) -> Table {
        let mut first = 0;
        let mount = |(surface, is_of_venues): (&'static Surface, bool)| {
            let mounted = Mounted { first, is_of_venues, surface };
            first += surface.0.len();
            mounted
        };
        let venues = venues.into_iter().map(|surface| (surface, true));
        Table(venues.chain(process.into_iter().map(|surface| (surface, false))).map(mount).collect())
    }

    pub(crate) fn size(&self) -> usize {
        self.routes().count()
    }

    /// The route that serves this path.
    ///
    /// Asked at every request: a few comparisons, of which that of the route that is asked most comes first.
    #[inline]
    pub(crate) fn find(&self, path: &str) -> Option<Found> {
        match prefix_of(path).len() {
            0 => self.find_in(|_| true, path, 0),
            // What is done with a venue stands before what it serves itself.
            prefix => self.find_in(|mounted| !mounted.is_of_venues, path, 0).or_else(|| {
                let length = u16::try_from(prefix).ok()?;
                self.find_in(|mounted| mounted.is_of_venues, &path[prefix..], length)
            }),
        }
    }

    #[inline]
    fn find_in(&self, is_asked: impl Fn(&Mounted) -> bool, path: &str, prefix: u16) -> Option<Found> {
        let path = path.strip_suffix('/').unwrap_or(path);
        self.0.iter().filter(|mounted| is_asked(mounted)).find_map(|mounted| {
            let at = mounted.surface.0.iter().position(|route| route.is_of(path))?;
            Some(Found { route: &mounted.surface.0[at], number: mounted.first + at, prefix })
        })
    }

    /// Sets up every route, for one worker.
    pub(crate) fn configure(&self, app: &mut ServiceConfig) {
        for route in self.routes() {
            for path in route.paths() {
                app.service(route.resource(&path));
            }
        }
        app.default_service(web::to(unknown_path));
    }

    /// What the documents say of all routes, or of those that are served for each venue.
    pub(crate) fn describe(&self, of_venues_only: bool) -> (Paths, Components) {
        let (mut paths, mut components) = (Paths::new(), Components::new());
        let described = self.0.iter().filter(|mounted| mounted.is_of_venues || !of_venues_only);
        for route in described.flat_map(|mounted| &mounted.surface.0) {
            for operation in route.operations() {
                if let Some(described) = (operation.describe)() {
                    described.add(route.path(), &operation.method, &mut paths, &mut components);
                }
            }
        }
        (paths, components)
    }

    /// The route of this pattern, where it is served for venues and faults may befall it.
    pub(crate) fn unsteady(&self, pattern: &str) -> Option<&'static Route> {
        let of_venues = self.0.iter().filter(|mounted| mounted.is_of_venues);
        let mut routes = of_venues.flat_map(|mounted| &mounted.surface.0);
        routes.find(|route| route.path() == pattern && !route.is_steady())
    }

    fn routes(&self) -> impl Iterator<Item = &'static Route> {
        self.0.iter().flat_map(|mounted| &mounted.surface.0)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes().map(Route::path)).finish()
    }
}

async fn unknown_path() -> Result<HttpResponse, Refusal> {
    Err(Refusal::UnknownPath)
}
