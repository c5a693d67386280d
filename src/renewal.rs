//! The files that TLS is set up with, looked at once a second: what they hold anew is what new connections get, and
//! what is wrong with it is told, while what was read before goes on.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use crate::edge::tls::{Held, Tls};
use crate::start::apart;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Goes on looking, for ever.
#[expect(clippy::disallowed_methods, reason = "the main task's own pause, in no handler")]
pub(crate) async fn keep_looking(tls: Option<&Arc<Tls>>) -> Infallible {
    let Some(tls) = tls else { return std::future::pending().await };
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let looked = Arc::clone(tls);
        // A file may lie on a disk that does not answer.
        match apart("certificates", move || looked.files().look()).await {
            Ok(held) => judge(tls, &mut seen, held),
            Err(error) => log::warn!("the files of TLS cannot be looked at now: {error}"),
        }
    }
}

/// Judges what the files hold once two looks have found the same: they are written one after the other.
fn judge(tls: &Tls, seen: &mut Option<Held>, held: Held) {
    if seen.as_ref() != Some(&held) {
        *seen = Some(held);
        return;
    }
    match tls.renew(held) {
        None => {}
        Some(Ok(())) => log::info!("the files of TLS have changed: new connections get what they hold now"),
        Some(Err(faults)) => {
            log::warn!("the files of TLS have changed, and what was read before goes on, for: {faults}");
        }
    }
}
