//! The manifests: what they ask for is what Cargo.lock holds, so that what was tested is what is asked for.

use crate::support::{manifests, text};

/// The dependencies of a manifest that say something of their own: name and the rest of the line.
fn dependencies(manifest: &str) -> Vec<(&str, &str)> {
    let mut here = false;
    let mut found = Vec::new();
    for line in manifest.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            here = line.ends_with("dependencies]");
        }
        // `NAME.workspace = true` and `NAME = { workspace = true, … }` are told in the workspace's own.
        let is_inherited = line.contains("workspace = true");
        found.extend(line.split_once(" = ").filter(|_| here && !is_inherited && !line.starts_with('[')));
    }
    found
}

/// The version that a dependency asks for.
fn version(what: &str) -> Option<&str> {
    let what = what.strip_prefix("{ version = ").unwrap_or(what);
    what.strip_prefix('"')?.split('"').next()
}

/// Whether the lock file holds exactly this; what stands after a `+` is a remark.
fn is_locked(lock: &str, name: &str, version: &str) -> bool {
    let mut versions = lock.split("[[package]]").filter_map(|package| {
        let mut lines = package.trim().lines();
        let is_it = lines.next() == Some(&format!("name = \"{name}\""));
        let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
        is_it.then_some(version.split('+').next().unwrap_or(version))
    });
    versions.any(|locked| locked == version)
}

#[test]
fn what_is_asked_for_is_what_was_tested() {
    let lock = text("Cargo.lock");
    for manifest in manifests() {
        let manifest_text = text(&manifest);
        for (name, what) in dependencies(&manifest_text) {
            let version = version(what).unwrap_or_else(|| panic!("{manifest}: {name} has no version: {what}"));
            assert!(is_locked(&lock, name, version), "{manifest}: {name} {version} is not what Cargo.lock holds");
        }
    }
}

#[test]
fn the_check_sees_all_dependencies_and_would_see_another_version() {
    let manifest = text("Cargo.toml");
    let found = dependencies(&manifest);
    for name in ["tradepit-engine", "actix", "serde_json", "clap", "tokio-util"] {
        assert!(found.iter().any(|(found, _)| *found == name), "{name} is not among {found:?}");
    }
    let lock = "[[package]]\nname = \"a\"\nversion = \"1.2.3+x\"\n\n[[package]]\nname = \"b\"\nversion = \"1.2.4\"\n";
    let held = [("a", "1.2.3"), ("a", "1.2"), ("a", "1.2.4"), ("b", "1.2.4"), ("c", "1.2.3")];
    assert_eq!(held.map(|(name, version)| is_locked(lock, name, version)), [true, false, false, true, false]);
    assert_eq!(version("{ path = \"engine\" }"), None);
}
