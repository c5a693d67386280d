//! The commands that ask a server, over TLS: whom they trust, and that nobody need tell `tradepit health` how.

use std::process::Command;

use super::*;
use crate::health::copy;
use crate::support::process::Process;

#[tokio::test]
async fn the_server_that_runs_here_is_asked_over_tls_with_its_own_files() {
    let authority = Authority::new("An authority");
    let files = Files::of(&authority.sign());
    let [_, cert, _, key] = files.flags();
    let clients = files.write("clients.pem", &Authority::new("Of clients").pem);
    let folder = tempfile::tempdir().expect("room for a folder");
    let program = copy(&folder);
    let by_flags = ["serve", "--port", "0", "--tls-cert", &cert, "--tls-key", &key];
    let by_variables = [("TRADEPIT_TLS_CERT", "cert.pem"), ("TRADEPIT_TLS_KEY", "key.pem")];
    let choosy = [&by_flags[..], &["--tls-client-ca", &clients]].concat();
    let none: &[(&str, &str)] = &[];
    let cases = [(&by_flags[..], none), (&["serve", "--port", "0"], &by_variables), (&choosy, none)];
    for (args, variables) in cases {
        let mut command = Command::new(&program);
        command.current_dir(files.path("."));
        let mut server = Process::start_as(command, args, variables);
        let addr = server.address().await;
        let ended = Process::start_as(Command::new(&program), &["health"], &[]).ended().await;
        assert_eq!((ended.code, ended.stdout), (Some(0), format!("https://{addr} takes orders\n")), "{}", ended.stderr);
        server.signal("TERM");
        let log = server.ended().await.stderr;
        assert!(!log.contains("broken request"), "{log}");
    }
}

#[tokio::test]
async fn a_server_elsewhere_must_be_one_that_is_trusted() {
    let secure = Secure::start();
    let url = format!("https://{}", secure.venue.addr);
    let signed_by = secure.files.write("ca.pem", &secure.authority.pem);
    let other = secure.files.write("other.pem", &Authority::new("Another").pem);
    let itself = secure.files.path("cert.pem").into_os_string().into_string().expect("text");
    for (trusted, is_trusted) in [(&signed_by, true), (&itself, true), (&other, false), (&"none.pem".to_owned(), false)]
    {
        for command in [&["health", "--url", &url][..], &["venue", "list", "--url", &url]] {
            let ended = Process::start_with(command, &[("SSL_CERT_FILE", trusted)]).ended().await;
            assert_eq!(ended.code == Some(0), is_trusted, "{command:?}, {trusted}: {ended:?}");
            assert!(is_trusted || ended.stderr.contains("SSL_CERT_FILE"), "{command:?}, {trusted}: {ended:?}");
        }
    }
}

#[tokio::test]
async fn the_load_tool_says_that_it_does_not_speak_it() {
    let ended = Process::start(&["bench", "--host", "https://localhost"]).ended().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("does not speak https"), "{ended:?}");
}
