//! The surfaces, and where each is mounted.
//!
//! The only file that knows them all. What they serve becomes one route table here; gate, metrics and documents get it
//! as data, and no surface knows another.

use std::sync::LazyLock;

use actix_web::web::{Data, ServiceConfig};

use crate::edge::route::Surface;
use crate::edge::table::Table;
use crate::ops::documents::Documents;
use crate::{control, native, ops};

static NATIVE: LazyLock<Surface> = LazyLock::new(native::surface);
static CONTROL: LazyLock<Surface> = LazyLock::new(control::surface);
static CLOCK: LazyLock<Surface> = LazyLock::new(control::clock::surface);
static RULES: LazyLock<Surface> = LazyLock::new(control::rules::surface);
static FAULTS: LazyLock<Surface> = LazyLock::new(control::faults::surface);
static ACTS: LazyLock<Surface> = LazyLock::new(control::acts::surface);
static OPS: LazyLock<Surface> = LazyLock::new(ops::surface);
// What is asked most stands first.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::of([&*NATIVE, &*CLOCK, &*RULES, &*FAULTS, &*ACTS, &*OPS], [&*CONTROL]));
static DOCUMENTS: LazyLock<Data<Documents>> = LazyLock::new(|| Data::new(Documents::of(&TABLE)));

pub(crate) fn table() -> &'static Table {
    &TABLE
}

/// Sets up every route for one worker.
pub(crate) fn configure(app: &mut ServiceConfig) {
    TABLE.configure(app);
    app.app_data(Data::clone(&DOCUMENTS));
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn every_path_has_its_route_with_and_without_a_slash() {
        for (path, label) in [
            ("/orders", "/orders"),
            ("/orders/", "/orders"),
            ("/orders/1", "/orders/{id}"),
            ("/orders/1/", "/orders/{id}"),
            ("/orders//", "/orders/{id}"),
            ("/orders/1/replace", "/orders/{id}/replace"),
            ("/orders/1/replace/", "/orders/{id}/replace"),
            ("/accounts/a/activities", "/accounts/{id}/activities"),
            ("/accounts/a/history/", "/accounts/{id}/history"),
            ("/ws/", "/ws"),
            ("/rejects/", "/rejects"),
            ("/instruments/", "/instruments"),
            ("/instruments/BTC/USD", "/instruments/{symbol}"),
            ("/book/BTC%2FUSD/", "/book/{symbol}"),
            ("/bars/BTC/USD", "/bars/{symbol}"),
            ("/quotes/A", "/quotes/{symbol}"),
            ("/market/BTC/USD", "/market/{symbol}"),
            ("/replay/BTC/USD", "/replay/{symbol}"),
            ("/clock", "/clock"),
            ("/clock/advance/", "/clock/advance"),
            ("/calendar", "/calendar"),
            ("/rules", "/rules"),
            ("/faults/", "/faults"),
            ("/orders/1/acts", "/orders/{id}/acts"),
            ("/health", "/health"),
            ("/ready", "/ready"),
            ("/metrics", "/metrics"),
            ("/openapi.json", "/openapi.json"),
            ("/asyncapi.json/", "/asyncapi.json"),
            ("/docs", "/docs"),
            ("/docs/", "/docs"),
            ("/docs/a.css", "/docs"),
            ("/docs/a/b", "/docs"),
            ("/assets/a.js", "/assets/{file}"),
            ("/", "/"),
            ("", "/"),
        ] {
            let found = table().find(path).map(|found| found.route.label());
            assert_eq!(found, Some(label), "{path}");
        }
    }

    #[test]
    fn what_is_below_a_venues_name_is_that_venues_route() {
        for (path, label, prefix) in [
            ("/venues", "/venues", 0),
            ("/venues/", "/venues", 0),
            ("/venues/a", "/venues/{v}", 0),
            ("/venues/a/", "/venues/{v}", 0),
            ("/venues/a/reset", "/venues/{v}/reset", 0),
            ("/venues/a/orders", "/orders", 9),
            ("/venues/a/orders/1/acts", "/orders/{id}/acts", 9),
            ("/venues/ci-42/orders/1/", "/orders/{id}", 13),
            ("/venues/main/ws", "/ws", 12),
            ("/venues/a/book/BTC/USD", "/book/{symbol}", 9),
            ("/venues/a/health", "/health", 9),
        ] {
            let found = table().find(path).expect(path);
            assert_eq!((found.route.label(), found.prefix), (label, prefix), "{path}");
        }
        for path in ["/venues/a/venues/b/orders", "/venues/a/venues", "/venues/A/orders", "/venues//orders"] {
            assert!(table().find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn no_other_path_has_a_route() {
        for path in [
            "/orders/1/2",
            "/book",
            "//",
            "/order",
            "/orders.",
            "/assets",
            "/assets/",
            "/assets/a/b",
            "/Orders",
            "orders",
        ] {
            assert!(table().find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn each_route_has_a_place_of_its_own_and_is_found_by_its_path() {
        let mut places: Vec<usize> = Vec::new();
        let (paths, _) = table().describe(false);
        for path in paths.paths.keys() {
            let found = table().find(path).expect("it is described");
            assert_eq!(found.route.path(), path);
            assert!(found.number < table().size());
            places.push(found.number);
        }
        places.sort_unstable();
        let undescribed = 15; // /asyncapi.json, itself a description
        let page = 34..39; // Documents and files.
        let expected: Vec<usize> = (0..=41).filter(|&place| place != undescribed && !page.contains(&place)).collect();
        assert_eq!(places, expected, "each has one");
    }

    #[test]
    fn a_route_lists_its_methods_and_what_it_asks_of_the_gate() {
        for (path, allow, tells_pages, always) in [
            ("/orders", "GET, HEAD, POST", false, false),
            ("/orders/1", "GET, HEAD, PATCH, DELETE", false, false),
            ("/orders/1/acts", "POST", true, false),
            ("/ws", "GET", true, false),
            ("/venues", "GET, HEAD, POST", true, false),
            ("/venues/a", "GET, HEAD, DELETE", true, false),
            ("/health", "GET, HEAD", false, true),
            ("/ready", "GET, HEAD", false, false),
            ("/docs/a", "GET, HEAD", false, false),
        ] {
            let route = table().find(path).expect("it is there").route;
            assert_eq!(
                (route.allow(), route.tells_pages(), route.is_always_served()),
                (allow, tells_pages, always),
                "{path}"
            );
        }
    }
}
