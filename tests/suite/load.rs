//! The load tool where it cannot do what was asked of it: it says so, and who held it up.

use serde_json::Value;
use tradepit_actors::DelayModel;

use crate::support::process::{Ended, Process};
use crate::support::{Venue, own_venue};

/// A server that answers every request after a tenth of a second: 2 connections carry 20 orders a second.
fn slow() -> Venue {
    own_venue(|config| {
        config.venue.delay = DelayModel::None;
        config.route_delay = DelayModel::Fixed { us: 100_000 };
    })
}

/// Runs `tradepit bench` against it; how it ended, and its figures.
async fn bench(venue: &Venue, args: &[&str]) -> (Ended, Value) {
    let json = tempfile::NamedTempFile::new().expect("room for a file");
    let (host, file) = (format!("http://{}", venue.addr), json.path().to_str().expect("a plain path"));
    let ended = Process::start(&[&["bench", "--host", &host, "--json", file], args].concat()).ended().await;
    let figures = std::fs::read_to_string(json.path()).expect("it is written");
    (ended, serde_json::from_str(&figures).expect("JSON"))
}

#[tokio::test]
async fn a_schedule_that_the_server_holds_up_is_told_and_fails_where_that_was_asked_for() {
    let flags = ["--rate", "60", "--connections", "2", "-t", "1s"];
    let (one, other) = (slow(), slow());
    let strict = [&flags[..], &["--strict"]].concat();
    let ((lenient, figures), (strict, _)) = tokio::join!(bench(&one, &flags), bench(&other, &strict));
    assert_eq!((lenient.code, strict.code), (Some(0), Some(1)), "{lenient:?} {strict:?}");
    for ended in [&lenient, &strict] {
        let lines: Vec<&str> = ended.stdout.lines().collect();
        assert!(lines[0].starts_with("60 orders placed"), "{ended:?}");
        assert!(lines[1].starts_with("Fell behind: ") && lines[1].contains(" of 60 orders/s were sent"), "{ended:?}");
        assert!(lines[2].starts_with("The limit was the server: "), "{ended:?}");
        assert_eq!(lines[3], "No failures.", "{ended:?}");
    }
    let schedule = &figures["schedule"];
    assert_eq!((&schedule["limit"], &schedule["asked_per_s"]), (&"server".into(), &60.0.into()));
    // The first 2 leave at once, and then 2 every 100 ms at most.
    let (sent, behind) = (schedule["sent_per_s"].as_f64(), schedule["behind_s"].as_f64());
    assert!(sent.is_some_and(|sent| sent <= 22.0) && behind.is_some_and(|late| late >= 0.6), "{schedule}");
    assert!(figures["shortfall"].as_str().is_some_and(|text| text.starts_with("Fell behind")), "{figures}");
}

#[tokio::test]
async fn a_schedule_that_is_kept_is_no_shortfall() {
    let venue = own_venue(|config| config.venue.delay = DelayModel::None);
    let (ended, figures) = bench(&venue, &["--rate", "4", "-t", "1s", "--strict"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout.lines().nth(1), Some("No failures."));
    assert_eq!((&figures["schedule"]["limit"], &figures["shortfall"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn orders_and_users_that_the_time_did_not_suffice_for_are_a_shortfall_too() {
    let venue = slow();
    let (orders, _) = bench(&venue, &["-u", "1", "-i", "1000", "-t", "500ms", "--strict"]).await;
    let line = orders.stdout.lines().nth(1).unwrap_or_default();
    assert!(
        line.starts_with("Fell short: the time was over after ") && line.ends_with(" of 1000 orders."),
        "{orders:?}"
    );
    let (users, figures) = bench(&venue, &["-u", "100", "-r", "1", "-t", "500ms", "--strict"]).await;
    assert_eq!(users.stdout.lines().nth(1), Some("Fell short: the time was over when 1 of 100 users had started."));
    assert_eq!((orders.code, users.code), (Some(1), Some(1)), "{orders:?} {users:?}");
    assert_eq!(figures["schedule"], Value::Null);
}
