//! The route table: what all surfaces serve, as one.
//!
//! The surfaces' routes come in as data, from whoever mounts them. The router, the gate's questions, the metrics'
//! labels and the OpenAPI document all come from here. Each path works with and without a trailing slash, and none
//! answers with a redirect (contract, "Routes").

use std::fmt;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::Components;
use utoipa::openapi::path::Paths;

use super::refusal::Refusal;
use super::route::{Route, Surface};

/// All surfaces, in the order in which they are tried.
pub(crate) struct Table(Vec<Mounted>);

/// A surface, and how many routes stand before its own.
struct Mounted {
    first: usize,
    surface: &'static Surface,
}

#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    /// Its place in the table: from 0 to [`Table::size`].
    pub(crate) number: usize,
}

impl Table {
    pub(crate) fn of(surfaces: impl IntoIterator<Item = &'static Surface>) -> Table {
        let mut first = 0;
        let mount = |surface: &'static Surface| {
            let mounted = Mounted { first, surface };
            first += surface.0.len();
            mounted
        };
        Table(surfaces.into_iter().map(mount).collect())
    }

    pub(crate) fn size(&self) -> usize {
        self.routes().count()
    }

    /// The route that serves this path.
    ///
    /// Asked at every request: a few comparisons, of which that of the route that is asked most comes first.
    #[inline]
    pub(crate) fn find(&self, path: &str) -> Option<Found> {
        let path = path.strip_suffix('/').unwrap_or(path);
        self.0.iter().find_map(|mounted| {
            let at = mounted.surface.0.iter().position(|route| route.is_of(path))?;
            Some(Found { route: &mounted.surface.0[at], number: mounted.first + at })
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

    /// What the documents say of all routes.
    pub(crate) fn describe(&self) -> (Paths, Components) {
        let (mut paths, mut components) = (Paths::new(), Components::new());
        for route in self.routes() {
            for operation in route.operations() {
                if let Some(described) = (operation.describe)() {
                    described.add(route.path(), &operation.method, &mut paths, &mut components);
                }
            }
        }
        (paths, components)
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
