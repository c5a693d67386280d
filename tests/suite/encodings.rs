//! How a body is encoded: as it is, in UTF-8, with or without a byte order mark (contract, "Routes").

use serde_json::json;
use tradepit_places::everywhere;

use crate::support::rest::{Kept, assert_some_detail, flaws, symbol};
use crate::support::{Reply, Request, venue};

fn order(stoks: &str) -> String {
    json!({"stoks": stoks, "quantity": 3}).to_string()
}

#[track_caller]
fn assert_refused(reply: &Reply, what: &str) {
    assert_eq!((reply.status, reply.header("accept-encoding")), (415, Some("identity")), "{what}: {reply:?}");
    assert_some_detail(reply, 415);
}

mod content_codings {
    use super::*;

    #[everywhere]
    async fn any_other_than_identity_is_415_and_says_which_is_taken() {
        let codings = [
            "gzip",
            "GZIP",
            "x-gzip",
            "br",
            "deflate",
            "zstd",
            "compress",
            "aws-chunked",
            "utf-8",
            "foo",
            "gzip, br",
            "identity, gzip",
            "gzip,identity",
            "identity;q=1",
            "identity gzip",
            "*",
            "\"identity\"",
            "é",
        ];
        let stoks = symbol();
        for coding in codings {
            // Also where the body is plain JSON under a wrong label.
            for body in [order(&stoks), "\u{1f}8b no JSON".to_owned(), "{".to_owned()] {
                let request = Request::new("POST", "/orders").header("Content-Encoding", coding).body(body);
                assert_refused(&request.send(venue()).await, coding);
            }
        }
        let twice = Request::new("POST", "/orders/").header("Content-Encoding", "identity");
        let twice = twice.header("content-encoding", "gzip").body(order(&stoks));
        assert_refused(&twice.send(venue()).await, "two headers");
        assert_eq!(venue().get(&format!("/orders?stoks={stoks}")).await.body, "{}");
    }

    #[everywhere]
    async fn identity_and_none_at_all_are_taken() {
        for coding in
            ["identity", "Identity", "IDENTITY", " identity ", "", " ", ",", "identity, identity", "identity,"]
        {
            let request = Request::new("POST", "/orders").header("Content-Encoding", coding).body(order("CODING"));
            let reply = request.send(venue()).await;
            assert_eq!(reply.status, 200, "{coding:?}: {reply:?}");
        }
    }

    #[everywhere]
    async fn every_route_refuses_such_a_body_and_does_nothing() {
        let long = venue().place_long(&symbol(), 1).await;
        let path = crate::support::rest::path(&long);
        let routes = [
            ("POST", "/orders"),
            ("POST", "/orders/"),
            ("GET", "/orders"),
            ("DELETE", &path),
            ("GET", &path),
            ("PUT", "/orders"),
            ("POST", "/nowhere"),
            ("GET", "/health"),
            ("GET", "/ws"),
        ];
        for (method, path) in routes {
            let request = Request::new(method, path).header("Content-Encoding", "gzip");
            let reply = request.clone().body("{}").send(venue()).await;
            assert_refused(&reply, &format!("{method} {path}"));
            let chunked = request.header("Transfer-Encoding", "chunked").body("2\r\n{}\r\n0\r\n\r\n");
            assert_refused(&chunked.send(venue()).await, &format!("{method} {path} in chunks"));
        }
        assert_ne!(venue().get(&path).await.json()["status"], "CANCELLED", "a refused DELETE cancelled it");
    }

    #[everywhere]
    async fn a_request_without_a_body_may_be_labelled_as_it_likes() {
        for (method, path, status) in [("GET", "/orders?limit=1", 200), ("GET", "/nowhere", 404), ("GET", "/ws", 426)] {
            let request = Request::new(method, path).header("Content-Encoding", "gzip");
            assert_eq!(request.clone().send(venue()).await.status, status, "{method} {path}");
            let empty = request.header("Content-Length", "0").send(venue()).await;
            assert_eq!(empty.status, status, "{method} {path} with a length of 0");
        }
    }

    #[everywhere]
    async fn the_answer_comes_before_the_body_and_ends_the_connection() {
        for head in ["Content-Length: 60000", "Transfer-Encoding: chunked"] {
            let (mut connection, path) = (Kept::open(venue()).await, venue().path("/orders"));
            let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: br\r\n{head}\r\n\r\n");
            connection.write(head.as_bytes()).await;
            let reply = connection.reply("POST").await.expect("a reply");
            assert_refused(&reply, &head);
            assert_eq!(reply.header("connection"), Some("close"));
            assert!(connection.is_closed().await);
        }
    }
}

mod characters {
    use super::*;

    async fn post(body: &[u8]) -> Reply {
        Request::new("POST", "/orders").body(body).send(venue()).await
    }

    const MARK: &str = "\u{feff}";

    #[everywhere]
    async fn a_utf_8_mark_before_the_json_is_passed_over() {
        for body in [format!("{MARK}{}", order("MARK")), format!("{MARK}\r\n {}", order("MARK"))] {
            let reply = post(body.as_bytes()).await;
            assert_eq!((reply.status, &reply.json()["stoks"]), (200, &json!("MARK")), "{reply:?}");
        }
        // What follows counts as without it.
        assert_eq!(flaws(&post(MARK.as_bytes()).await)[0].kind, flaws(&post(b"").await)[0].kind);
        for broken in ["{\"stoks\": nope}", "{\"é\": 1,\n \"stoks\" 7}"] {
            let (plain, marked) = (post(broken.as_bytes()).await, post(format!("{MARK}{broken}").as_bytes()).await);
            assert_eq!((marked.status, marked.body), (422, plain.body));
        }
    }

    #[everywhere]
    async fn a_mark_anywhere_else_is_a_flaw() {
        let bodies =
            [format!("{MARK}{MARK}{}", order("A")), format!(" {MARK}{}", order("A")), format!("{}{MARK}", order("A"))];
        for body in bodies {
            assert_eq!(flaws(&post(body.as_bytes()).await)[0].kind, "json_invalid", "{body:?}");
        }
    }

    fn utf_16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn utf_32(text: &str, big: bool) -> Vec<u8> {
        let of = |c: char| if big { u32::from(c).to_be_bytes() } else { u32::from(c).to_le_bytes() };
        text.chars().flat_map(of).collect()
    }

    #[everywhere]
    async fn another_encoding_is_named_with_or_without_its_mark() {
        for text in [order("A"), format!("{MARK}{}", order("A")), format!("{MARK}\"é€💶\""), "[]".to_owned()] {
            for big in [true, false] {
                for (body, name) in [(utf_16(&text, big), "UTF-16"), (utf_32(&text, big), "UTF-32")] {
                    let flaws = flaws(&post(&body).await);
                    assert_eq!((flaws.len(), flaws[0].kind.as_str()), (1, "json_invalid"), "{text} {name}");
                    assert_eq!(flaws[0].loc, [json!("body"), json!(0)], "{text} {name}");
                    assert!(flaws[0].msg.contains(name) && flaws[0].msg.contains("UTF-8"), "{name}: {flaws:?}");
                }
            }
        }
    }

    #[everywhere]
    async fn what_is_in_no_encoding_is_not_named_one() {
        for body in [&b"\x00\x00\x00"[..], b"\x00", b"\x1f\x8b\x08\x00", b"{\"a\x00\": 1}", b"\xef\xbb", b"\xff"] {
            let flaws = flaws(&post(body).await);
            assert!(!flaws[0].msg.contains("UTF-"), "{body:?}: {flaws:?}");
        }
    }
}
