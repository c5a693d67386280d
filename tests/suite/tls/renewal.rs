//! The files: wrong ones at the start, and new ones while the server runs.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::*;
use crate::support::in_time;
use crate::support::process::Process;

/// Starts a server with these files, on a free port.
async fn serve(files: &Files) -> (Process, std::net::SocketAddr) {
    let flags = files.flags();
    Process::serve(&flags.each_ref().map(String::as_str)).await
}

/// The certificate that new connections are shown, to a client that trusts these two authorities.
async fn shown(authority: &Authority, addr: std::net::SocketAddr) -> Option<CertificateDer<'static>> {
    let stream = connect(&client(&authority.pem, &VERSIONS, None), addr).await.ok()?;
    stream.get_ref().1.peer_certificates().map(|chain| chain[0].clone().into_owned())
}

#[tokio::test]
async fn new_files_count_for_new_connections_and_old_connections_live_on() {
    let (old, new) = (Authority::new("The old one"), Authority::new("The new one"));
    let files = Files::of(&old.sign());
    let (mut server, addr) = serve(&files).await;
    let mut kept = connect(&client(&old.pem, &VERSIONS, None), addr).await.expect("a handshake");
    files.replace(&new.sign());
    server.complaint("new connections get what they hold now").await;
    assert!(shown(&new, addr).await.is_some() && shown(&old, addr).await.is_none());
    kept.write_all(&Request::new("GET", "/health").bytes()).await.expect("it is there");
    let mut answer = Vec::new();
    in_time("a reply", kept.read_to_end(&mut answer)).await.expect("a reply");
    assert_eq!(Reply::parse(&answer).status, 200);
}

#[tokio::test]
async fn a_broken_file_is_told_and_the_one_before_goes_on_until_there_is_a_sound_one() {
    let authority = Authority::new("An authority");
    let (first, second) = (authority.sign(), authority.sign());
    let files = Files::of(&first);
    let (mut server, addr) = serve(&files).await;
    let before = shown(&authority, addr).await.expect("a certificate");
    for (name, text, why) in [
        ("cert.pem", "nonsense", "holds no certificate"),
        ("cert.pem", &second.cert[..second.cert.len() / 2], "cut short or damaged"),
        ("cert.pem", &second.cert, "is not the key of the first certificate"),
    ] {
        files.write(name, text);
        let told = server.complaint("what was read before goes on").await;
        assert!(told.contains("WARN") && told.contains(why), "{told}");
        assert_eq!(shown(&authority, addr).await.as_ref(), Some(&before), "{why}");
    }
    files.replace(&second);
    server.complaint("new connections get what they hold now").await;
    assert_ne!(shown(&authority, addr).await.expect("a certificate"), before);
}

#[tokio::test]
async fn a_server_does_not_start_with_wrong_files_and_says_all_that_is_wrong() {
    let authority = Authority::new("An authority");
    let files = Files::of(&authority.sign());
    files.write("cert.pem", "nonsense");
    std::fs::remove_file(files.path("key.pem")).expect("it is there");
    let flags = files.flags();
    let ended =
        Process::start(&[&["serve", "--port", "0"], &flags.each_ref().map(String::as_str)[..]].concat()).ended();
    let ended = ended.await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    for part in ["--tls-cert", "holds no certificate", "BEGIN CERTIFICATE", "--tls-key", "cannot be read"] {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
}

#[tokio::test]
async fn one_flag_without_the_other_is_refused() {
    let files = Files::of(&Authority::new("An authority").sign());
    let [cert_flag, cert, key_flag, key] = &files.flags();
    for (flags, lacking) in [
        (vec![cert_flag, cert], "--tls-key"),
        (vec![key_flag, key], "--tls-cert"),
        (vec![&"--tls-client-ca".to_owned(), cert], "--tls-cert"),
    ] {
        let flags: Vec<&str> = flags.into_iter().map(String::as_str).collect();
        let ended = Process::start(&[&["serve", "--port", "0"], &flags[..]].concat()).ended().await;
        assert_eq!(ended.code, Some(2), "{flags:?}: {ended:?}");
        assert!(ended.stderr.contains(lacking), "{flags:?}: {ended:?}");
    }
}
