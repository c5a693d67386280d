//! Requests that do not come to an end: ten seconds each, also behind others.

use super::*;

/// What is answered to a request of which these pieces are sent, one each second; after how long; and whether the
/// connection is then closed.
async fn trickle(pieces: impl Iterator<Item = String>) -> (Option<Reply>, Duration, bool) {
    let started = now();
    let mut stream = TcpStream::connect(server().addr).await.expect("the server accepts");
    let (mut reader, mut writer) = stream.split();
    let write = async {
        for piece in pieces {
            if writer.write_all(piece.as_bytes()).await.is_err() {
                break;
            }
            wait(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = vec![0; 10_000];
    let length = tokio::select! {
        () = write => 0,
        read = in_time("an answer to a slow request", reader.read(&mut answer)) => read.unwrap_or(0),
    };
    let passed = started.elapsed();
    let rest = tokio::time::timeout(CLOSED_WITHIN, reader.read_to_end(&mut Vec::new())).await;
    ((length > 0).then(|| Reply::parse(&answer[..length])), passed, rest.is_ok())
}

/// One test, so that the ten seconds pass once for all of them.
#[tokio::test]
async fn what_is_not_complete_in_ten_seconds_is_408() {
    let post = "POST /orders HTTP/1.1\r\nHost: localhost\r\n";
    let declared = format!("{post}Content-Length: 1000\r\n\r\n{{\"stoks\": ");
    let in_chunks = format!("{post}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"sto\r\n");
    let once = |text: &str| std::iter::once(text.to_owned());
    let silent_body = trickle(once(&declared));
    let silent_chunks = trickle(once(&in_chunks));
    let no_body = trickle(once(&format!("{post}Content-Length: 5\r\n\r\n")));
    let slow_body = trickle(once(&declared).chain(std::iter::repeat_n(" ".to_owned(), 30)));
    let slow_chunks = trickle(once(&in_chunks).chain(std::iter::repeat_n("1\r\n \r\n".to_owned(), 30)));
    let silent_head = trickle(once(post));
    let slow_head = trickle(once(post).chain(std::iter::repeat_n("X: y\r\n".to_owned(), 30)));
    let in_time_body = async {
        let pieces =
            ["Content-Length: 29\r\n\r\n", "{\"stoks\": \"A\"", ", \"quantity\"", ": 1", "}"].map(str::to_owned);
        let mut connection = Kept::open(server().addr).await;
        connection.write(post.as_bytes()).await;
        for piece in pieces {
            connection.write(piece.as_bytes()).await;
            wait(Duration::from_secs(2)).await;
        }
        connection.reply("POST").await.expect("a reply")
    };
    let bodies = join_all([
        Box::pin(silent_body) as std::pin::Pin<Box<dyn Future<Output = _>>>,
        Box::pin(silent_chunks),
        Box::pin(no_body),
        Box::pin(slow_body),
        Box::pin(slow_chunks),
    ]);
    let heads = join_all([Box::pin(silent_head) as std::pin::Pin<Box<dyn Future<Output = _>>>, Box::pin(slow_head)]);
    let (bodies, heads, complete) = tokio::join!(bodies, heads, in_time_body);
    assert_eq!(complete.status, 200, "slow, but in time: {complete:?}");
    for (case, (reply, passed, closed)) in bodies.into_iter().enumerate() {
        let reply = reply.unwrap_or_else(|| panic!("body {case}: closed without a word"));
        assert_eq!(reply.status, 408, "body {case}: {reply:?}");
        if !reply.body.is_empty() {
            assert_some_detail(&reply, 408);
        }
        assert!((9_900..13_500).contains(&passed.as_millis()), "body {case}: after {passed:?}");
        assert!(closed, "body {case}: the connection is held after the 408");
    }
    for (case, (reply, passed, closed)) in heads.into_iter().enumerate() {
        assert!(reply.as_ref().is_none_or(|reply| reply.status == 408), "head {case}: {reply:?}");
        assert!((5_000..13_500).contains(&passed.as_millis()), "head {case}: after {passed:?}");
        assert!(closed, "head {case}: the connection is held after the 408");
    }
}

#[tokio::test]
async fn a_later_head_on_a_kept_connection_has_ten_seconds_too() {
    let mut connection = Kept::open(server().addr).await;
    connection.write(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(connection.reply("GET").await.expect("a reply").status, 200);
    let started = clock();
    connection.write(b"GET /health HTTP/1.1\r\nHost: a\r\n").await;
    assert_eq!(connection.reply("GET").await.expect("a reply").status, 408);
    let passed = started.elapsed().as_millis();
    assert!((9_900..13_500).contains(&passed), "after {passed} ms");
}

/// Nobody asks a handler a second time that waited: for the requests before it, or for the sleep on all routes.
#[tokio::test]
async fn a_body_of_a_request_that_waited_has_ten_seconds_too() {
    let post = "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"stoks\": ";
    let behind = |before: &'static str, venue_addr| async move {
        let mut connection = Kept::open(venue_addr).await;
        let started = clock();
        connection.write(format!("{before}{post}").as_bytes()).await;
        if !before.is_empty() {
            assert_eq!(connection.reply("GET").await.expect("a reply").status, 200);
        }
        assert_eq!(connection.reply("POST").await.expect("a reply").status, 408, "behind {before:?}");
        let passed = started.elapsed().as_millis();
        assert!((9_900..13_500).contains(&passed), "behind {before:?}: after {passed} ms");
    };
    let sleepy = own_venue(|config| config.route_delay = DelayModel::Fixed { us: 20_000 });
    tokio::join!(
        behind("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", server().addr),
        behind("GET /health HTTP/1.1\r\nHost: a\r\n\r\n", sleepy.addr),
        behind("", sleepy.addr),
    );
}
