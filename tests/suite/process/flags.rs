//! `--help`: every flag with its unit, default and variable; flags, variables and their precedence.

use super::*;

async fn help(command: &str) -> String {
    let ended = Process::start(&[command, "--help"]).ended().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
    ended.stdout
}

/// The flags that a help text describes: their long names and what is said of each.
fn described(help: &str) -> Vec<(String, String)> {
    let mut flags: Vec<(String, String)> = Vec::new();
    let options = help.split_once("\nOptions:\n").expect("a list of options").1;
    for line in options.lines() {
        let names = line.trim_start().starts_with('-').then(|| line.split_once("--")).flatten();
        match (names, flags.last_mut()) {
            (Some((_, long)), _) => {
                let name = long.split([' ', ',']).next().unwrap_or_default();
                flags.push((name.to_owned(), line.to_owned()));
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    flags.retain(|(name, _)| name != "help" && name != "version");
    flags
}

#[tokio::test]
async fn every_flag_is_an_environment_variable_too() {
    for (command, prefix, at_least) in [("serve", "TRADEPIT_", 11), ("bench", "TRADEPIT_BENCH_", 10)] {
        let flags = described(&help(command).await);
        assert!(flags.len() >= at_least, "{flags:?}");
        for (name, text) in flags {
            let variable = format!("[env: {prefix}{}=", name.to_uppercase().replace('-', "_"));
            assert!(text.contains(&variable), "{command} --{name}: no {variable} in {text:?}");
        }
    }
}

/// The variables that a help text names.
fn variables(help: &str) -> Vec<&str> {
    help.split("[env: ").skip(1).filter_map(|rest| rest.split('=').next()).collect()
}

#[tokio::test]
async fn an_empty_variable_is_not_set() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = taken.local_addr().expect("its address").port().to_string();
    // Each ends where it does by its defaults alone.
    let cases: [(&str, &[&str], &str, usize); 6] = [
        ("serve", &["--port", &port], &format!("127.0.0.1:{port}"), 14),
        ("serve", &["--host", "192.0.2.1"], "192.0.2.1:8000", 14),
        ("bench", &["--host", &format!("http://127.0.0.1:{port}"), "--grace", "100ms"], "127.0.0.1", 10),
        ("check", &[], "--data-dir <DIR>", 1),
        ("export", &["--format", "csv"], "--data-dir <DIR>", 1),
        ("backup", &["--to", "copy.db"], "--data-dir <DIR>", 1),
    ];
    for (command, args, part, at_least) in cases {
        let help = help(command).await;
        let variables = variables(&help);
        assert!(variables.len() >= at_least, "{command}: {variables:?}");
        let all: Vec<_> = variables.iter().map(|&name| (name, "")).collect();
        let ended = Process::start_with(&[&[command], args].concat(), &all).ended().await;
        assert_eq!(ended.code, Some(2), "{command} {args:?}: {ended:?}");
        assert!(ended.stderr.contains(part) && !ended.stderr.contains("invalid"), "{command} {args:?}: {ended:?}");
        let ended = Process::start_with(&[command, "--help"], &all).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), help.as_str()), "help tells of them all the same");
    }
}

#[tokio::test]
async fn an_empty_rust_log_is_not_set_either() {
    let (mut server, _) = Process::serve_with(&[], &[("RUST_LOG", "")]).await;
    server.complaint("serving on").await;
}

#[tokio::test]
async fn every_flag_tells_its_default() {
    for command in ["serve", "bench"] {
        for (name, text) in described(&help(command).await) {
            // What is off unless it is asked for has none.
            let off = ["rate", "strict", "html", "json"].contains(&name.as_str());
            assert!(text.contains("[default: ") || off, "{command} --{name}: {text:?}");
        }
    }
    let help = help("serve").await;
    for default in ["localhost", "127.0.0.0/8,::1", "8000", "100ms..1s", "5s", "none"] {
        assert!(help.contains(&format!("[default: {default}]")), "{default}");
    }
}

#[tokio::test]
async fn help_explains_units_and_spellings() {
    let help_of_serve = help("serve").await;
    for part in ["ms, s, m, h", "100ms..1s", "500ms", "lognormal(250ms,0.5)", "none", "RUST_LOG", "stderr"] {
        assert!(help_of_serve.contains(part), "{part}");
    }
    let help_of_bench = help("bench").await;
    for part in ["500ms", "20s", "5m", "1h", "seconds", "http://", "Exit code"] {
        assert!(help_of_bench.contains(part), "{part}");
    }
}

#[tokio::test]
async fn environment_variables_set_the_server_up_and_flags_overrule_them() {
    let env = [
        ("TRADEPIT_HOST", "127.0.0.1"),
        ("TRADEPIT_ALLOW_ORIGIN", "http://front.example, https://front.example"),
        ("TRADEPIT_ALLOW_HOST", "pit.example,other.example"),
        ("TRADEPIT_TRUSTED_PROXY", "none"),
        ("TRADEPIT_PORT", "0"),
        ("TRADEPIT_DELAY", "7s"),
        ("TRADEPIT_LONG_DELAY", "9s"),
        ("TRADEPIT_ROUTE_DELAY", "1ms..2ms"),
        ("TRADEPIT_SEED", "18446744073709551615"),
        ("TRADEPIT_WORKERS", "2"),
        ("TRADEPIT_MAX_CONNECTIONS", "100"),
        ("TRADEPIT_MAX_ORDERS", "3"),
        ("TRADEPIT_HISTORY", "0"),
        ("TRADEPIT_MAILBOX", "50"),
    ];
    let mut server = Process::start_with(&["serve"], &env);
    let addr = server.address().await;
    assert_eq!(delay_us(&place(addr).await), 7_000_000);
    let long = Request::new("POST", "/orders").header("long_pending", "yes");
    let long = long.body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
    assert_eq!(delay_us(&long.json()), 9_000_000);

    let mut server = Process::start_with(&["serve", "--delay", "8s"], &env);
    let addr = server.address().await;
    assert_eq!(delay_us(&place(addr).await), 8_000_000);
}

#[tokio::test]
async fn the_order_limit_holds_and_is_told_with_503() {
    let limits = ["--max-orders", "2", "--history", "5", "--mailbox", "20", "--max-connections", "50"];
    let (_server, addr) = Process::serve(&[&limits[..], &["--delay", "1h"]].concat()).await;
    place(addr).await;
    place(addr).await;
    let refused = Request::new("POST", "/orders").body(r#"{"stoks": "EURUSD", "quantity": 1}"#).send(addr).await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.header("retry-after").is_some(), "{refused:?}");
}

#[tokio::test]
async fn the_connection_limit_holds_and_is_told_with_503() {
    let (_server, addr) = Process::serve(&["--max-connections", "2", "--workers", "2"]).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(addr).await.expect("it accepts");
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it takes a request");
        let mut reply = [0; 12];
        in_time("a reply", stream.read_exact(&mut reply)).await.expect("a reply");
        assert_eq!(&reply, b"HTTP/1.1 200");
        held.push(stream);
    }
    let refused = get(addr, "/health").await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.json()["detail"].is_string());
}
