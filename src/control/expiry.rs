//! The end of venues that nobody uses any more: one timer for all of them.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use super::roster::Roster;

/// How often all venues are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Roster {
    /// Goes on looking, for ever: removes those that nobody has used for as long as they were to be kept.
    #[expect(clippy::disallowed_methods, reason = "the main task's own pause, in no handler")]
    pub(crate) async fn keep_looking(self: &Arc<Roster>) -> Infallible {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            for entry in self.look() {
                let roster = Arc::clone(self);
                actix_web::rt::spawn(async move {
                    if roster.remove(&entry).await.is_ok() {
                        log::info!("the venue {} was removed: nobody has used it for its ttl", entry.name);
                    }
                });
            }
        }
    }
}
