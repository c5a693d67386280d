//! TLS: by what the server proves who it is, as its files hold it.
//!
//! Owns the reading of the files, what is wrong with them in words, and which of what they held is in force. Knows no
//! connection: one that begins takes what is in force then, and keeps it. When to look at the files again comes from
//! above.

mod clients;
mod files;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

pub(crate) use self::files::{Faults, Files, Held};

/// What new connections get.
pub(crate) struct Tls {
    files: Files,
    /// What the files held when that was judged last, for good or for bad.
    judged: Mutex<Held>,
    in_force: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads the files; they must be right.
    pub(crate) fn read(files: Files) -> Result<Tls, Faults> {
        let held = files.look();
        let config = files.config(&held)?;
        Ok(Tls { files, judged: Mutex::new(held), in_force: RwLock::new(Arc::new(config)) })
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// Puts in force what the files hold now; what is wrong stays out. Tells what came of it, where it is news.
    pub(crate) fn renew(&self, held: Held) -> Option<Result<(), Faults>> {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if *judged == held {
            return None;
        }
        let renewed = self.files.config(&held).map(|config| {
            *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        });
        *judged = held;
        Some(renewed)
    }

    /// What takes a handshake now.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}
