//! .gitignore and .dockerignore: what is no part of the repository is no part of an image's context either.

use std::collections::BTreeSet;

use crate::support::text;

fn patterns(file: &str) -> BTreeSet<String> {
    let lines = text(file);
    lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn an_image_takes_nothing_that_git_ignores() {
    let docker = patterns(".dockerignore");
    for pattern in patterns(".gitignore") {
        // Without a slash git means every folder, Docker only the first.
        let written = if pattern.contains('/') { pattern } else { format!("**/{pattern}") };
        assert!(docker.contains(&written), "{written} is not in .dockerignore");
    }
}
