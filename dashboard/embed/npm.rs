//! Runs npm: installs what the page's build needs, where that is not there yet, and builds it.
//!
//! What npm prints is told only where it fails: all of it on stderr, which cargo shows with a build that fails, and the
//! first line that speaks of an error in the reason.

use std::path::Path;
use std::process::{Command, Output};

use crate::sources::changed;

/// npm writes this when it is done installing.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// What the lock names is the same wherever it comes from, so npm's cache will do. A machine without a network is not to
/// wait for npm's own patience, which is over a minute: this gives up within ten seconds.
const INSTALL: [&str; 7] = [
    "ci",
    "--omit=dev",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
];

/// Builds the page into `dist`; or why not.
pub(crate) fn build() -> Result<(), String> {
    if !run("node", &["--version"]).is_ok_and(|version| is_new_enough(&version)) {
        return Err("no Node 20.19 or newer (or 22.12 or newer) was found".to_owned());
    }
    run("npm", &["--version"]).map_err(|_| "Node was found, but no npm".to_owned())?;
    if changed(Path::new(INSTALLED)) < changed(Path::new("package-lock.json")) || !Path::new(INSTALLED).exists() {
        // What the build needs stands under "dependencies", so that tests' and checks' tools are not downloaded for it.
        run("npm", &INSTALL)?;
    }
    run("npm", &["run", "build"]).map(drop)
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

/// What a program printed; or why it failed.
fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let call = format!("`{program} {}`", arguments.join(" "));
    let mut command = Command::new(program);
    command.args(arguments);
    // Cargo's words to build scripts, which mean something else to Node's tools; and a page is built for production.
    for name in ["DEBUG", "HOST", "NODE_ENV"] {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command.output().map_err(|error| format!("{call} cannot run: {error}"))?;
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    if status.success() {
        return Ok(stdout.into_owned());
    }
    eprintln!("{call}, {status}:\n{stdout}{stderr}");
    let mut lines = stderr.lines().chain(stdout.lines()).map(str::trim);
    let reason = lines.find(|line| line.to_ascii_lowercase().contains("error")).unwrap_or("it does not say why");
    Err(format!("{call} failed: {reason}"))
}
