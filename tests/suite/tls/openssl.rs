//! What OpenSSL's own client makes of it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use super::*;
use crate::support::in_time;

/// What `openssl s_client` says of the server, with these flags, and of the answer to a request.
async fn s_client(secure: &Secure, flags: &[&str]) -> Output {
    let ca = secure.files.write("ca.pem", &secure.authority.pem);
    let mut client = Command::new("openssl");
    client.args(["s_client", "-connect", &secure.venue.addr.to_string(), "-servername", "localhost", "-CAfile", &ca]);
    client.args(["-verify_return_error", "-verify_hostname", "localhost", "-ign_eof"]).args(flags);
    client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut client = client.spawn().expect("openssl must be installed: its client is what this asks");
    let talk = move || {
        // It fails where the handshake did.
        let _ = client.stdin.take().expect("it is piped").write_all(&Request::new("GET", "/health").bytes());
        client.wait_with_output()
    };
    in_time("openssl", tokio::task::spawn_blocking(talk)).await.expect("no panic").expect("it runs")
}

fn texts(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test]
async fn it_verifies_the_server_and_is_answered_in_both_versions() {
    let secure = Secure::start();
    for (flag, spoken) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let (stdout, stderr) = texts(&s_client(&secure, &[flag, "-alpn", "h2,http/1.1"]).await);
        assert!(stdout.contains("HTTP/1.1 200 OK") && stdout.contains(spoken), "{flag}: {stdout}\n{stderr}");
        assert!(stdout.contains("Verify return code: 0 (ok)"), "{flag}: {stdout}\n{stderr}");
        assert!(stdout.contains("ALPN protocol: http/1.1"), "{flag}: {stdout}");
    }
}

#[tokio::test]
async fn what_is_weak_is_refused() {
    let secure = Secure::start();
    let weak: [&[&str]; 5] = [
        &["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
        &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        // No forward secrecy; a chain of blocks with its hash beside it; nothing but a hash.
        &["-tls1_2", "-cipher", "AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "NULL:eNULL:aNULL:@SECLEVEL=0"],
    ];
    for flags in weak {
        let output = s_client(&secure, flags).await;
        let (stdout, stderr) = texts(&output);
        assert!(!output.status.success() && !stdout.contains("HTTP/1.1"), "{flags:?}: {stdout}\n{stderr}");
        let is_refused = stderr.contains("alert protocol version") || stderr.contains("alert handshake failure");
        assert!(is_refused, "{flags:?} by the server: {stderr}");
    }
    secure.assert_lives().await;
}

#[tokio::test]
async fn a_client_that_must_show_a_certificate_reads_why_it_is_refused() {
    let (authority, clients) = (Authority::new("An authority"), Authority::new("Of clients"));
    let files = Files::of(&authority.sign());
    let client_ca = files.write("clients.pem", &clients.pem);
    let venue = own_venue(|config| {
        files.set(config);
        config.tls.client_ca = Some(client_ca.into());
    });
    let secure = Secure { venue, authority, files };
    let (right, wrong) = (clients.sign(), Authority::new("Another").sign());
    let own = |name: &str, Signed { cert, key }: &Signed| {
        let cert = secure.files.write(&format!("{name}-cert.pem"), cert);
        let key = secure.files.write(&format!("{name}-key.pem"), key);
        ["-cert".to_owned(), cert, "-key".to_owned(), key]
    };
    let (right, wrong) = (own("right", &right), own("wrong", &wrong));
    for version in ["-tls1_2", "-tls1_3"] {
        let flags = |own: &[String]| -> Vec<String> { [&[version.to_owned()], own].concat() };
        let cases = [(flags(&right), true), (flags(&wrong), false), (flags(&[]), false)];
        for (flags, is_let_in) in cases {
            let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
            let (stdout, stderr) = texts(&s_client(&secure, &flags).await);
            assert_eq!(stdout.contains("HTTP/1.1 200 OK"), is_let_in, "{flags:?}: {stdout}\n{stderr}");
            assert!(is_let_in || stderr.contains("alert"), "{flags:?}: {stderr}");
        }
    }
}
