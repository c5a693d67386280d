//! What the page is made of and what is made of it, by modification time: is `dist` current, and what does cargo watch.
//!
//! The trap: cargo compares with the time at which the build script was *started*, so whatever the script writes into
//! `dist` would run it again at every build. What it wrote therefore gets the time of the newest source.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What Vite writes.
pub(crate) const DIST: &str = "dist";
const INDEX: &str = "dist/index.html";
/// What the page depends on. `public` is there in some versions of it.
const SOURCES: [&str; 8] =
    ["package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json", "build", "src", "public"];

/// How `dist` stands to its sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Current,
    Older,
    Missing,
}

/// Whether the page's sources are here at all.
pub(crate) fn exist() -> bool {
    Path::new("package.json").is_file()
}

/// When the newest source was changed.
pub(crate) fn newest() -> SystemTime {
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in SOURCES {
        visit(Path::new(source), &mut |path| newest = newest.max(changed(path).unwrap_or(newest)));
    }
    newest
}

/// Whether the page is as new as its sources.
pub(crate) fn page(newest: SystemTime) -> Page {
    match changed(Path::new(INDEX)) {
        None => Page::Missing,
        Some(built) if built < newest => Page::Older,
        Some(_) => Page::Current,
    }
}

/// Dates everything in `dist` to its newest source, or, where it is not what they make, to a time before.
pub(crate) fn date_dist(newest: SystemTime, current: bool) {
    let time = if current { newest } else { newest - Duration::from_secs(1) };
    visit(Path::new(DIST), &mut |path| {
        if changed(path).is_some_and(|changed| changed > time) {
            // Where that fails, the next build runs this script once more.
            let _ = File::open(path).and_then(|file| file.set_modified(time));
        }
    });
}

/// Has cargo watch the sources and `dist`. Never a path that is missing: cargo would run this at every build.
pub(crate) fn watch(newest: SystemTime) {
    if !Path::new(DIST).exists() && fs::create_dir(DIST).is_ok() {
        date_dist(newest, true);
    }
    for path in SOURCES.iter().chain([&DIST]).filter(|path| Path::new(path).exists()) {
        println!("cargo:rerun-if-changed={path}");
    }
}

/// When this was changed; `None` where it is missing.
pub(crate) fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// A path and everything below it; what cannot be read is passed over.
fn visit(path: &Path, see: &mut impl FnMut(&Path)) {
    see(path);
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        visit(&entry.path(), see);
    }
}
