//! Embeds the dashboard: sees to it that `dist` is what `src` makes, and writes the table of its files.
//!
//! `TRADEPIT_DASHBOARD` says how hard it tries:
//! - `auto`: builds what is missing or older than its sources, where Node and npm are found. What goes wrong is a
//!   warning, and what there is is embedded: an older page, or none. So `cargo build` needs nothing but Rust.
//! - `require`: anything but a current page fails the build.
//! - `skip`: runs nothing and embeds nothing, as on a machine without Node.
//!
//! Cargo runs this again when a source changes, or `dist`: so that `npm run build` by hand is noticed too. Where no
//! current page could be had it runs this again at every build: what was missed may lie outside of all that can be
//! watched (a program installed, a network that is back), and a warning that was true once is not to be told for ever.

mod npm;
mod sources;
mod table;
mod tool;

use std::env;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use sources::Page;

/// What to do where the page could not be built.
const ADVICE: &str = "with Node, `npm --prefix dashboard ci && npm --prefix dashboard run build` builds it, or says \
what is wrong; the next cargo build takes it in";

/// A file that there never is: cargo runs this script at every build while it is told to watch it.
const NEVER: &str = "embed/tried-again-at-each-build";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Auto,
    Require,
    Skip,
}

fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed=TRADEPIT_DASHBOARD");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("the dashboard cannot be embedded: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mode = mode()?;
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let without = || table::write(false, &out_dir).map_err(|error| format!("its table cannot be written: {error}"));
    if mode == Mode::Skip {
        return without();
    }
    // Cargo may build for several target directories at once; `dist` and node_modules are one for all. Where this
    // cannot be locked, two builds at once are the caller's risk.
    let lock = File::open("package-lock.json");
    let _locked = lock.as_ref().map(|file| file.lock());
    if !prepare(mode)? {
        return without();
    }
    table::write(true, &out_dir).or_else(|error| {
        forgive(mode, Page::Missing, format!("dist cannot be read: {error}"))?;
        without()
    })
}

fn mode() -> Result<Mode, String> {
    let said = env::var_os("TRADEPIT_DASHBOARD").unwrap_or_default();
    match said.to_string_lossy().as_ref() {
        "auto" | "" => Ok(Mode::Auto),
        "require" => Ok(Mode::Require),
        "skip" => Ok(Mode::Skip),
        other => Err(format!(
            "TRADEPIT_DASHBOARD is `{other}`, which means nothing: set it to auto (builds the page where Node is), \
             require (fails without it) or skip (leaves it out), or unset it"
        )),
    }
}

/// Makes `dist` as current as it can be; whether there is a page in it to embed.
fn prepare(mode: Mode) -> Result<bool, String> {
    if !sources::exist() {
        // A package: it holds the page as it was built, or none. Should one come, this directory changes.
        println!("cargo:rerun-if-changed=.");
        return match sources::page(SystemTime::UNIX_EPOCH) {
            Page::Missing if mode == Mode::Require => Err("there is no dashboard/package.json, and no page".to_owned()),
            page => Ok(page != Page::Missing),
        };
    }
    let newest = sources::newest();
    let mut failed = None;
    if sources::page(newest) != Page::Current {
        failed = npm::build().err();
        // What a failed build left counts as older, so that nobody takes it for whole.
        sources::date_dist(newest, failed.is_none());
        if failed.is_none() && sources::page(newest) != Page::Current {
            failed = Some("`npm run build` left no dist/index.html".to_owned());
        }
    }
    sources::watch(newest);
    let page = sources::page(newest);
    if let Some(why) = failed {
        forgive(mode, page, why)?;
    }
    Ok(page != Page::Missing)
}

/// Warns of what went wrong, where something else than a current page will do.
fn forgive(mode: Mode, page: Page, why: String) -> Result<(), String> {
    if mode == Mode::Require {
        return Err(format!("{why}; {ADVICE}"));
    }
    let state = if page == Page::Missing { "is not built in" } else { "is older than its sources" };
    println!("cargo:warning=the dashboard {state}: {why}");
    println!("cargo:warning={ADVICE}; TRADEPIT_DASHBOARD=skip leaves it out without a word");
    println!("cargo:rerun-if-changed={NEVER}");
    Ok(())
}
