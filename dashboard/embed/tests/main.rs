//! The build script as cargo runs it: on a copy of this crate with little sources, a made-up Node and a made-up npm.

mod world;

use world::{NO_NODE, World};

/// Without the tools of tests and checks, and without npm's patience where there is no network.
const INSTALL: &str = "ci --omit=dev --no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=1000 \
--fetch-retry-maxtimeout=5000";

#[test]
fn the_page_is_built_and_embedded_and_the_next_build_compiles_nothing() {
    let world = World::new();
    let first = world.build();
    assert_eq!(first.warnings(), [""; 0], "{first:?}");
    assert_eq!(world.calls(), ["--version", INSTALL, "run build"]);
    let table = world.table();
    for part in ["\"index.html\"", "text/html; charset=utf-8", "\"main-1.js\"", "/assets/main-1.js.br", "gzip: None"] {
        assert!(table.contains(part), "{part} is not in {table}");
    }
    assert!(!table.contains(".map"), "{table}");
    assert!(world.build().is_fresh());
    assert!(world.build().is_fresh());
}

#[test]
fn a_changed_source_builds_the_page_again_and_a_page_built_by_hand_is_taken_as_it_is() {
    let world = World::new();
    world.build();
    let before = world.table();
    world.write("src/main.ts", "let changed;");
    assert!(!world.build().is_fresh());
    assert_eq!(world.calls()[3..], ["--version", "run build"], "what was installed is installed");
    let after = world.table();
    assert_ne!(before, after, "another content has another hash");
    assert!(world.build().is_fresh());

    world.write("dist/assets/main-1.js", "by hand");
    world.write("dist/index.html", "by hand");
    assert!(!world.build().is_fresh());
    assert_eq!(world.calls().len(), 5, "nothing is run");
    assert_ne!(world.table(), after);
    assert!(world.build().is_fresh());
}

#[test]
fn what_the_page_is_built_with_is_installed_again_when_its_lock_changed() {
    let world = World::new();
    world.build();
    world.write("package-lock.json", "{\"other\": 1}");
    world.build();
    assert_eq!(world.calls()[3..], ["--version", INSTALL, "run build"]);
}

#[test]
fn without_node_nothing_is_embedded_until_there_is_one() {
    let world = World::new();
    world.write_node(NO_NODE);
    let built = world.build();
    assert!(built.ok && built.warnings().len() == 2, "{built:?}");
    let refused = world.path("bin/node").display().to_string();
    for part in ["not built in: `node --version` failed", &refused, "Node 20.19 or newer"] {
        assert!(built.warnings()[0].contains(part), "{part} is not in {built:?}");
    }
    assert!(world.table().contains("INDEX: Option<File> = None"));
    // There may be no program of that name at all. Nothing is linked any more: the script is compiled.
    let built = world.build_on_path("/nowhere");
    assert!(built.ok && built.warnings()[0].contains("not built in: no node is on PATH"), "{built:?}");
    world.write_node("echo v22.12.0");
    assert_eq!(world.build().warnings(), [""; 0], "what was true once is not told for ever");
    assert!(world.table().contains("INDEX: Option<File> = Some"));
    assert!(world.build().is_fresh());
}

#[test]
fn a_program_that_may_not_be_run_is_named() {
    let world = World::new();
    // Nothing is linked any more after this: the script is compiled.
    world.build();
    let only = world.path("bin").display().to_string();
    world.forbid("npm");
    world.write("src/main.ts", "let changed;");
    let built = world.build_on_path(&only);
    let refused = format!("{only}/npm is not executable, though node is, at {only}/node");
    assert!(built.ok && built.warnings()[0].contains(&refused), "{built:?}");
    world.forbid("node");
    let built = world.build_on_path(&only);
    let refused = format!("{only}/node is not executable; Node 20.19");
    assert!(built.ok && built.warnings()[0].contains(&refused), "{built:?}");
}

#[test]
fn an_install_that_failed_is_tried_again_at_the_next_build_and_its_reason_says_most() {
    let world = World::new();
    world.write_outside("offline", "");
    let built = world.build();
    let reason = format!("failed: npm error FetchError: no network ({})", world.path("bin/npm").display());
    assert!(built.ok && built.warnings()[0].ends_with(&reason), "{built:?}");
    assert!(world.build().warnings()[0].contains("FetchError"), "it is tried again");
    world.remove("../offline");
    assert_eq!(world.build().warnings(), [""; 0]);
    assert!(world.table().contains("INDEX: Option<File> = Some"));
    assert!(world.build().is_fresh());
}

#[test]
fn without_node_a_page_that_was_built_before_is_embedded() {
    let world = World::new();
    world.build();
    world.write_node(NO_NODE);
    world.write("dist/index.html", "copied from elsewhere");
    assert_eq!(world.build().warnings(), [""; 0], "it is newer than its sources");
    world.write("src/main.ts", "let changed;");
    let built = world.build();
    assert!(built.warnings()[0].contains("is older than its sources: `node --version` failed"), "{built:?}");
    assert!(world.table().contains("INDEX: Option<File> = Some"));
}

#[test]
fn only_a_node_that_vite_works_with_is_taken() {
    let world = World::new();
    for (version, taken) in
        [("v18.20.8", false), ("v20.18.3", false), ("v21.7.3", false), ("v22.11.0", false), ("nonsense", false)]
            .into_iter()
            .chain([("v20.19.0", true), ("v22.12.0", true), ("v23.0.0", true), ("v24.1.0", true)])
    {
        world.write_node(&format!("echo {version}"));
        world.write("src/main.ts", version);
        let built = world.build();
        assert_eq!(built.warnings().is_empty(), taken, "{version}: {built:?}");
        let found = format!("node {version} at {} is too old", world.path("bin/node").display());
        assert!(taken || built.warnings()[0].contains(&found), "{version}: {built:?}");
    }
}

#[test]
fn a_page_that_does_not_build_is_a_warning_with_its_reason_and_the_older_one_stays() {
    let world = World::new();
    world.build();
    world.write_outside("broken", "");
    world.write("src/main.ts", "let broken");
    let built = world.build();
    let reason = "is older than its sources: `npm run build` failed: error: the page is broken";
    assert!(built.ok && built.warnings()[0].contains(reason), "{built:?}");
    assert!(built.warnings()[1].contains("npm --prefix dashboard ci"), "{built:?}");
    assert!(world.table().contains("INDEX: Option<File> = Some"));
    assert!(world.build().warnings()[0].contains("the page is broken"), "it is tried again");
    // What it left behind is not taken for a whole page, even by another target directory.
    assert!(world.build_into("other").warnings()[0].contains("the page is broken"));
    world.remove("../broken");
    assert_eq!(world.build().warnings(), [""; 0]);
    assert!(world.build().is_fresh());
}

#[test]
fn require_fails_where_no_current_page_can_be_had_and_tells_all_that_npm_said() {
    let world = World::new();
    world.write_outside("broken", "");
    let built = world.build_as("require");
    assert!(!built.ok, "{built:?}");
    for part in ["cannot be embedded: `npm run build` failed", "before: what led there", "error: the page is broken"] {
        assert!(built.stderr.contains(part), "{part} is not in {built:?}");
    }
    world.write_node(NO_NODE);
    assert!(world.build_as("require").stderr.contains("Node 20.19 or newer"));
    world.remove("package.json");
    world.remove("dist/index.html");
    assert!(world.build_as("require").stderr.contains("there is no dashboard/package.json, and no page"));
}

#[test]
fn require_needs_no_node_where_the_page_is_current() {
    let world = World::new();
    world.build();
    world.write_node(NO_NODE);
    assert!(world.build_as("require").ok);
    assert!(world.table().contains("INDEX: Option<File> = Some"));
}

#[test]
fn a_word_that_means_nothing_is_told_with_those_that_do() {
    let world = World::new();
    let built = world.build_as("yes");
    assert!(!built.ok, "{}", built.stderr);
    for part in ["TRADEPIT_DASHBOARD is `yes`", "auto", "require", "skip", "unset"] {
        assert!(built.stderr.contains(part), "{part:?} is missing: {}", built.stderr);
    }
    assert!(!built.stderr.contains("Ok("), "{}", built.stderr);
}

#[test]
fn skip_runs_nothing_and_embeds_nothing_though_there_is_a_page() {
    let world = World::new();
    world.build();
    let calls = world.calls().len();
    let built = world.build_as("skip");
    assert_eq!((built.ok, built.warnings().len(), world.calls().len()), (true, 0, calls), "{built:?}");
    assert!(world.table().contains("INDEX: Option<File> = None"));
    world.write("src/main.ts", "let changed;");
    assert!(world.build_as("skip").is_fresh());
    assert!(!world.build_as("sometimes").ok);
}

#[test]
fn a_page_without_its_sources_is_taken_as_it_is_and_nothing_is_written_beside_it() {
    let world = World::new();
    world.build();
    let calls = world.calls().len();
    world.remove("package.json");
    // As in a package: what unpacks it makes the folders last.
    world.write("src/other.ts", "let changed;");
    assert!(world.build_as("require").ok);
    assert!(world.table().contains("INDEX: Option<File> = Some"));
    assert_eq!(world.calls().len(), calls, "nothing is run");
    assert!(world.build_as("require").is_fresh());
}

#[test]
fn where_no_page_lives_nothing_is_embedded_without_a_word_until_one_does() {
    let world = World::new();
    world.remove("package.json");
    let built = world.build();
    assert_eq!((built.ok, built.warnings().len(), world.calls().len()), (true, 0, 0), "{built:?}");
    assert!(world.build().is_fresh());
    world.write("package.json", "{}");
    world.build();
    assert!(world.table().contains("INDEX: Option<File> = Some"));
    assert!(world.build().is_fresh());
}

#[test]
fn two_builds_at_once_build_the_page_once() {
    let world = World::new();
    std::thread::scope(|scope| {
        for target in ["one", "other"] {
            let world = &world;
            scope.spawn(move || assert!(world.build_into(target).ok));
        }
    });
    assert_eq!(world.calls().iter().filter(|call| *call == "run build").count(), 1, "{:?}", world.calls());
    for target in ["one", "other"] {
        assert!(world.build_into(target).is_fresh(), "{target}");
    }
}
