//! `tradepit venue`: venues for shells, whole lives of them, and what is said where something cannot be done.

use super::*;

async fn venue(url: &str, args: &[&str]) -> Ended {
    Process::start_with(&[&["venue"], args].concat(), &[("TRADEPIT_URL", url)]).ended().await
}

/// What it prints where all is well, without the end of its last line.
async fn done(url: &str, args: &[&str]) -> String {
    let ended = venue(url, args).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}: {ended:?}");
    ended.stdout.strip_suffix('\n').expect("a line").to_owned()
}

/// What it says where it is not done; stdout stays empty.
async fn refused(url: &str, args: &[&str]) -> String {
    let ended = venue(url, args).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{args:?}: {ended:?}");
    ended.stderr
}

#[tokio::test]
async fn a_venue_lives_from_a_shell_and_its_time_passes_there() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    let made = ["new", "t", "--seed", "7", "--clock", "2026-01-05T14:30:00Z", "--delay", "30m"];
    // Nobody listens where the variable says: an address has its server with it.
    let (address, elsewhere) = (done(&url, &made).await, "http://127.0.0.1:1");
    assert_eq!(address, format!("{url}/venues/t"));
    let order = |body: &'static str| Request::new("POST", "/venues/t/orders").body(body).send(addr);
    let order = order(r#"{"stoks": "EURUSD", "quantity": 1}"#).await.json();
    let status = || async {
        get(addr, &format!("/venues/t/orders/{}", id(&order))).await.json()["status"].as_str().map(str::to_owned)
    };
    let told = done(elsewhere, &["advance", &address, "--by", "1m"]).await;
    assert_eq!(told, "t is at 2026-01-05T14:31:00.000000Z (changes on the way: 0, the newest of all: 1)");
    assert_eq!(status().await.as_deref(), Some("PENDING"));
    let told = done(&url, &["advance", "t", "--events", "1"]).await;
    assert_eq!(told, "t is at 2026-01-05T15:00:00.000000Z (changes on the way: 2, the newest of all: 3)");
    assert_eq!(status().await.as_deref(), Some("EXECUTED"));
    let told = done(&url, &["advance", "t", "--to", "2026-01-05T16:00:00Z", "--json"]).await;
    assert_eq!(told, r#"{"now":"2026-01-05T16:00:00.000000Z","changes":0,"number":3}"#);
    assert_eq!(done(&url, &["reset", &address]).await, "t begins anew, with seed 7");
    assert_eq!(get(addr, "/venues/t/clock").await.json()["now"], "2026-01-05T14:30:00.000000Z");
    assert_eq!(done(&url, &["rm", &address]).await, "t is removed");
    assert_eq!(get(addr, "/venues/t").await.status, 404);
}

#[tokio::test]
async fn what_a_venue_is_made_with_reaches_the_server() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    let flags =
        "--seed 9 --clock @60 --delay none --long-delay 2s --market none --hours nyse --ttl 2d --metrics --json";
    let args: Vec<&str> = ["new"].into_iter().chain(flags.split(' ')).collect();
    let made: Value = serde_json::from_str(&done(&url, &args).await).expect("JSON");
    let expected = [
        ("seed", "9"),
        ("delay", "\"none\""),
        ("long_delay", "\"2s\""),
        ("market", "\"none\""),
        ("hours", "\"nyse\""),
        ("ttl", "\"2d\""),
        ("metrics", "true"),
    ];
    for (field, value) in expected {
        assert_eq!(made[field].to_string(), value, "{field} of {made}");
    }
    assert_eq!((&made["clock"]["mode"], made["clock"]["speed"].as_f64()), (&"running".into(), Some(60.0)));
    let name = made["name"].as_str().expect("a drawn name");
    assert_eq!(get(addr, &format!("/venues/{name}")).await.status, 200);
}

#[tokio::test]
async fn a_venue_is_made_with_the_rules_and_faults_of_files() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    let dir = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a path").to_owned()
    };
    let rules = file("rules", r#"[{"name": "no", "do": {"reject": "by rule"}}]"#);
    let faults = file("faults", r#"[{"match": {"route": "GET /orders", "nth": 1}, "do": {"status": 503}}]"#);
    done(&url, &["new", "t", "--rules", &rules, "--faults", &faults]).await;
    assert_eq!(get(addr, "/venues/t/orders").await.status, 503);
    assert_eq!(get(addr, "/venues/t/orders").await.status, 200);
    assert_eq!(get(addr, "/venues/t/rules").await.json()[0]["name"], "no");
    let wrong = file("wrong", r#"[{"do": "something"}]"#);
    let said = refused(&url, &["new", "u", "--rules", &wrong]).await;
    assert!(said.contains("--rules"), "{said}");
    for (flag, path, part) in
        [("--rules", file("half", "[{"), "it is no JSON"), ("--faults", "nowhere/at/all".to_owned(), "cannot be read")]
    {
        let ended = venue(&url, &["new", "u", flag, &path]).await;
        assert!(ended.code == Some(2) && ended.stderr.contains(part), "{ended:?}");
    }
}

#[tokio::test]
async fn a_venue_is_copied_from_a_shell_and_goes_on_as_it_is_told() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    let parent = done(&url, &["new", "p", "--clock", "frozen", "--delay", "1h"]).await;
    let order = r#"{"stoks": "EURUSD", "quantity": 1}"#;
    let placed = Request::new("POST", "/venues/p/orders").body(order).send(addr).await;
    let copy = done("http://127.0.0.1:1", &["copy", &parent, "q", "--ttl", "5m"]).await;
    assert_eq!(copy, format!("{url}/venues/q"));
    assert_eq!(get(addr, &format!("/venues/q/orders/{}", id(&placed.json()))).await.body, placed.body);
    let of_copy = done(&url, &["copy", "q", "--delay", "none", "--json"]).await;
    let shown: Value = serde_json::from_str(&of_copy).expect("JSON");
    assert_eq!((&shown["delay"], &shown["ttl"], &shown["counts"]["open"]), (&"none".into(), &"5m".into(), &1.into()));
    for (args, part) in
        [(&["nobody"][..], "VENUE: Input should be the name"), (&["p", "--market", "none"], "--market: ")]
    {
        let said = refused(&url, &[&["copy"], args].concat()).await;
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn a_reset_takes_a_seed_and_keeps_what_it_is_told_to() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    done(&url, &["new", "t", "--seed", "1"]).await;
    let listing = r#"{"symbol": "NEWCO", "class": "equity", "quote": "USD", "tick": "0.01", "lot": 1,
        "reference_price": "2"}"#;
    let listed = Request::new("POST", "/venues/t/instruments").body(listing).send(addr).await;
    assert_eq!(listed.status, 201, "{listed:?}");
    let args = ["reset", "t", "--seed", "2", "--keep", "accounts,instruments"];
    assert_eq!(done(&url, &args).await, "t begins anew, with seed 2");
    assert_eq!(get(addr, "/venues/t/instruments/NEWCO").await.status, 200);
    let reset: Value = serde_json::from_str(&done(&url, &["reset", "t", "--json"]).await).expect("JSON");
    assert_eq!((&reset["name"], &reset["counts"]["orders"]), (&"t".into(), &0.into()));
    assert_eq!(get(addr, "/venues/t/instruments/NEWCO").await.status, 404);
}

#[tokio::test]
async fn the_list_is_a_table_of_all_however_many_there_are() {
    let (_server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    done(&url, &["new", "slow", "--clock", "frozen", "--delay", "1h", "--ttl", "10m"]).await;
    let order = r#"{"stoks": "EURUSD", "quantity": 1}"#;
    assert_eq!(Request::new("POST", "/venues/slow/orders").body(order).send(addr).await.status, 200);
    done(&url, &["new", "fast", "--clock", "@60"]).await;
    let table = [
        "NAME  CLOCK   ORDERS  OPEN  SUBSCRIBERS  TTL",
        "main  real    0       0     0            stays",
        "slow  frozen  1       1     0            10m",
        "fast  @60     0       0     0            1h",
    ];
    assert_eq!(done(&url, &["list"]).await, table.join("\n"));
    for number in 0..99 {
        let body = format!(r#"{{"name": "v-{number}"}}"#);
        assert_eq!(Request::new("POST", "/venues").body(&body).send(addr).await.status, 201);
    }
    let all = done(&url, &["list"]).await;
    let names: Vec<&str> = all.lines().skip(3).filter_map(|row| row.split(' ').next()).collect();
    let made: Vec<String> =
        ["fast".to_owned()].into_iter().chain((0..99).map(|number| format!("v-{number}"))).collect();
    assert_eq!(names, made, "two pages of them");
    let json: Value = serde_json::from_str(&done(&url, &["list", "--json"]).await).expect("one array");
    assert_eq!((json.as_array().map(Vec::len), json), (Some(102), get(addr, "/venues").await.json()));
}

#[tokio::test]
async fn what_cannot_be_done_with_a_venue_is_told_with_what_to_do() {
    let (server, addr) = Process::serve(&[]).await;
    let url = format!("http://{addr}");
    done(&url, &["new", "t"]).await;
    let cases: [(&[&str], &[&str]); 8] = [
        (&["new", "t"], &["/venues answers 409: There is a venue of this name: give another NAME"]),
        (&["new", "Bad"], &["tradepit venue: NAME: Input should be 1 to 64", "not \"Bad\""]),
        (
            &["new", "--delay", "5", "--long-delay", "x", "--clock", "noon"],
            &["\ntradepit venue: --long-delay: ", "--delay: '5' needs a unit", "--clock: Input should be a "],
        ),
        (&["reset", "t", "--keep", "orders"], &["--keep: Input should be 'accounts'", "not \"orders\""]),
        (
            &["advance", "t", "--by", "1h"],
            &["answers 409: The clock is real", "curl -X PUT -d '{\"mode\": \"frozen\"}'"],
        ),
        (
            &["advance", "u", "--by", "1h"],
            &["/venues/u/clock/advance answers 404: Venue not found: tradepit venue list"],
        ),
        (&["reset", "main"], &["/venues/main/reset answers 409: main is there as long as the server"]),
        (&["rm", &url], &["/venues/main answers 409: main is there as long as the server"]),
    ];
    for (args, parts) in cases {
        let said = refused(&url, args).await;
        assert!(said.starts_with("tradepit venue: "), "{args:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: no {part:?} in {said}");
        }
    }
    // One that is not there does not keep the others.
    let ended = venue(&url, &["rm", "u", "t"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "t is removed\n"), "{ended:?}");
    assert!(ended.stderr.contains("/venues/u answers 404"), "{ended:?}");
    server.killed().await;
    let said = refused(&url, &["list"]).await;
    assert!(said.contains("cannot be reached") && said.contains("tradepit serve"), "{said}");
}

#[tokio::test]
async fn bad_flags_of_venues_are_told_before_anybody_is_asked() {
    let cases: [(&[&str], &str); 6] = [
        (&["advance", "t"], "--by <TIME>|--to <TIME>|--events <N>"),
        (&["advance", "t", "--by", "1h", "--events", "1"], "cannot be used with"),
        (&["advance", "http://127.0.0.1:1/venues/a/orders", "--by", "1h"], "http://name:port/venues/ci-42"),
        (&["new", "--clock", "frozen@fast"], "as in @60"),
        (&["new", "--url", "127.0.0.1:1"], "must begin with http://"),
        (&["rm"], "<VENUE>..."),
    ];
    for (args, part) in cases {
        let ended = venue("http://127.0.0.1:1", args).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains(part), "{args:?}: {ended:?}");
    }
}

/// Answers one request after another with these, and returns what was asked.
async fn answer(listener: TcpListener, replies: Vec<(&'static str, String)>) -> Vec<String> {
    let mut asked = Vec::new();
    for (status, body) in replies {
        let (mut stream, _) = in_time("a connection", listener.accept()).await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        asked.push(String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned());
        let reply = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(reply.as_bytes()).await.expect("it reads");
    }
    asked
}

#[tokio::test]
async fn a_venue_that_goes_while_all_are_listed_is_left_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let shown = |name: &str| {
        let counts = r#"{"orders":0,"open":0,"subscribers":0}"#;
        format!(r#"{{"name":"{name}","seed":1,"clock":{{"mode":"real","speed":1}},"counts":{counts},"ttl":"1h"}}"#)
    };
    let page: Vec<String> = (0..100).map(|number| shown(&format!("v-{number}"))).collect();
    let gone = r#"{"detail":[{"type":"unknown_venue","loc":["query","after"],"msg":"…","input":"v-99"}]}"#.to_owned();
    let replies = vec![
        ("200 OK", format!("[{}]", page.join(","))),
        ("422 Unprocessable Entity", gone),
        ("200 OK", format!("[{}]", shown("new"))),
    ];
    let answered = tokio::spawn(answer(listener, replies));
    let all = done(&url, &["list"]).await;
    let names: Vec<&str> = all.lines().skip(99).filter_map(|row| row.split(' ').next()).collect();
    assert_eq!((names, all.lines().count()), (vec!["v-98", "new"], 101));
    let asked = answered.await.expect("it does not panic");
    let expected = ["", "&after=v-99", "&after=v-98"].map(|after| format!("GET /venues?limit=100{after} HTTP/1.1"));
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn a_server_of_another_kind_is_told_as_one() {
    for (reply, part) in [
        (("200 OK", "<html>".to_owned()), "not as a server of Tradepit does"),
        (("404 Not Found", "nothing".to_owned()), "/venues?limit=100 answers 404: it does not say why"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let answered = tokio::spawn(answer(listener, vec![reply]));
        let said = refused(&url, &["list"]).await;
        assert!(said.contains(part), "{said}");
        answered.await.expect("it does not panic");
    }
}
