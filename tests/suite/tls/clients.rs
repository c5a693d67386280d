//! Clients that must show a certificate.

use super::*;

/// A server that lets in only whom `clients` has signed.
fn choosy(authority: &Authority, clients: &Authority) -> (Venue, Files) {
    let files = Files::of(&authority.sign());
    let client_ca = files.write("clients.pem", &clients.pem);
    let venue = own_venue(|config| {
        files.set(config);
        config.tls.client_ca = Some(client_ca.into());
    });
    (venue, files)
}

#[tokio::test]
async fn only_a_client_with_a_certificate_of_that_authority_is_let_in() {
    let (authority, clients, other) =
        (Authority::new("An authority"), Authority::new("Of clients"), Authority::new("Another"));
    let (venue, _files) = choosy(&authority, &clients);
    let (right, wrong) = (clients.sign(), other.sign());
    // The server's own authority is not that of clients.
    let cases = [(None, false), (Some(&wrong), false), (Some(&authority.sign()), false), (Some(&right), true)];
    for version in VERSIONS {
        for (number, (own, is_let_in)) in cases.iter().enumerate() {
            let client = client(&authority.pem, &[version], *own);
            let reply = ask(&client, venue.addr, Request::new("GET", "/health")).await;
            match reply {
                Ok(reply) => assert!(*is_let_in && reply.status == 200, "{version:?}, {number}: {reply:?}"),
                Err(error) => assert!(!is_let_in, "{version:?}, {number}: {error}"),
            }
        }
    }
}

#[tokio::test]
async fn where_none_is_asked_for_one_changes_nothing() {
    let secure = Secure::start();
    let own: Signed = Authority::new("Anybody").sign();
    let client = client(&secure.authority.pem, &VERSIONS, Some(&own));
    assert_eq!(ask(&client, secure.venue.addr, Request::new("GET", "/health")).await.expect("a reply").status, 200);
}
