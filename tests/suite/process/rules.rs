//! `tradepit rules`: the lists that have names, printed.

use super::*;

#[tokio::test]
async fn what_is_printed_of_a_preset_is_a_file_that_stands_for_it() {
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["instant", "realistic", "brutal"] {
        let ended = Process::start(&["rules", name]).ended().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
        let printed: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        assert!(printed.as_array().is_some_and(|rules| !rules.is_empty()), "{printed}");
        assert!(ended.stdout.lines().all(|line| line.len() < 200), "a rule a line: {}", ended.stdout);
        let path = dir.path().join(name);
        std::fs::write(&path, &ended.stdout).expect("a file");
        let (server, addr) = Process::serve(&["--rules", path.to_str().expect("UTF-8")]).await;
        let of_file = get(addr, "/rules").await.json();
        let preset = format!(r#"{{"preset": "{name}"}}"#);
        let set = Request::new("PUT", "/rules").body(preset).send(addr).await;
        assert_eq!((set.status, set.json()), (200, of_file), "{name}");
        server.killed().await;
    }
}

#[tokio::test]
async fn a_preset_that_there_is_not_is_a_bad_flag() {
    let ended = Process::start(&["rules", "gentle"]).ended().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.stderr.contains("instant, realistic, brutal"), "{}", ended.stderr);
}
