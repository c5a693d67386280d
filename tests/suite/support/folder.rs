//! A data folder that goes with its test, the servers on it, and the tools.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tradepit::config::Config;

use super::process::{Ended, Process};
use super::{Venue, own_venue};

pub struct DataFolder {
    dir: TempDir,
}

impl DataFolder {
    pub fn new() -> DataFolder {
        DataFolder { dir: tempfile::tempdir().expect("room for a folder") }
    }

    pub fn path(&self) -> &str {
        self.dir.path().to_str().expect("a plain path")
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.file("tradepit.db")
    }

    /// A server on it in this process.
    pub fn venue(&self, adjust: impl FnOnce(&mut Config)) -> Venue {
        own_venue(|config| {
            config.data_dir = Some(self.dir.path().to_owned());
            adjust(config);
        })
    }

    /// A server on it in a process of its own.
    pub async fn serve(&self, args: &[&str]) -> (Process, SocketAddr) {
        Process::serve(&[&["--data-dir", self.path()], args].concat()).await
    }

    /// A server on it that does not start; how it ended.
    pub async fn refused(&self) -> Ended {
        Process::start(&["serve", "--port", "0", "--data-dir", self.path()]).ended().await
    }

    /// `tradepit COMMAND …` on it.
    pub async fn tool(&self, command: &str, args: &[&str]) -> Ended {
        Process::start(&[&[command, "--data-dir", self.path()], args].concat()).ended().await
    }

    /// Requires that `tradepit check` finds nothing; what it printed.
    pub async fn check(&self) -> String {
        let ended = self.tool("check", &[]).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
        ended.stdout
    }

    pub fn is_empty(&self) -> bool {
        std::fs::read_dir(&self.dir).expect("it is there").next().is_none()
    }
}

/// What a file holds.
pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Replaces what a file holds.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
