//! Builds the page: looks for Node and npm, installs what the build needs where that is not there yet, and runs it.
//!
//! Knows which Node will do and what is to be run, and nothing of when: `build` and `sources` decide that.

use std::path::Path;

use crate::sources::changed;
use crate::tool::Tool;

/// npm writes this when it is done installing.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// What the lock names is the same wherever it comes from, so npm's cache will do. A machine without a network is not
/// to wait for npm's own patience, which is over a minute: this gives up within ten seconds.
const INSTALL: [&str; 7] = [
    "ci",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
];

/// What is wanted, where what was found is something else.
const WANTED: &str = "Node 20.19 or newer (or 22.12 or newer) is needed";

/// Builds the page into `dist`; or why not.
pub(crate) fn build() -> Result<(), String> {
    let node = Tool::find("node").map_err(|why| format!("{why}; {WANTED}"))?;
    let version = node.run(&["--version"]).map_err(|why| format!("{why}; {WANTED}"))?;
    if !is_new_enough(&version) {
        return Err(format!("node {} at {} is too old; {WANTED}", version.trim(), node.path()));
    }
    let npm = Tool::find("npm").map_err(|why| format!("{why}, though node is, at {}", node.path()))?;
    npm.run(&["--version"])?;
    if changed(Path::new(INSTALLED)) < changed(Path::new("package-lock.json")) || !Path::new(INSTALLED).exists() {
        // What the build needs stands under "dependencies", so that tests' and checks' tools are not downloaded for it.
        npm.run(&INSTALL)?;
    }
    npm.run(&["run", "build"]).map(drop)
}

/// What Vite needs: ^20.19 or >=22.12.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return false };
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}
