//! A start that is refused: one line that says what to do, exit code 2.

use super::*;

#[tokio::test]
async fn a_taken_port_is_told_in_one_line_with_exit_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let ended = Process::start(&["serve", "--port", &port]).ended().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    for part in ["tradepit: ", &format!("127.0.0.1:{port}"), "in use", "--port"] {
        assert!(ended.stderr.contains(part), "{part:?} is missing: {ended:?}");
    }
}

#[tokio::test]
async fn a_second_server_does_not_share_the_port_of_the_first() {
    let (first, addr) = Process::serve(&[]).await;
    let ended = Process::start(&["serve", "--port", &addr.port().to_string()]).ended().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(get(addr, "/health").await.status, 200);
    drop(first);
}

#[tokio::test]
async fn a_bad_flag_is_refused_with_exit_code_2_and_what_helps() {
    let cases: [(&[&str], &[&str]); 25] = [
        (&["serve", "--delay", "1s..100ms"], &["--delay", "reversed", "100ms..1s"]),
        (&["serve", "--route-delay", "2s..1s"], &["--route-delay", "reversed"]),
        (&["serve", "--long-delay", "5"], &["--long-delay", "unit", "ms, s, m or h"]),
        (&["serve", "--delay", "500us"], &["us", "ms, s, m or h"]),
        (&["serve", "--delay", "2h"], &["1h"]),
        (&["serve", "--delay", "lognormal(1s)"], &["sigma"]),
        (&["serve", "--dealy", "1s"], &["--dealy", "--delay"]),
        (&["serve", "--workers", "0"], &["--workers", "from 1 to 512"]),
        (&["serve", "--workers", "513"], &["--workers", "from 1 to 512"]),
        (&["serve", "--max-connections", "18446744073709551615"], &["--max-connections", "from 1 to 10000000"]),
        (&["serve", "--max-orders", "0"], &["--max-orders", "from 1 to 1000000000"]),
        (&["serve", "--history", "18446744073709551615"], &["--history", "from 0 to 1000000000"]),
        (&["serve", "--mailbox", "18446744073709551616"], &["--mailbox", "from 1 to 1000000000"]),
        (&["serve", "--port", "70000"], &["--port", "65535"]),
        (&["serve", "--port", "http"], &["--port", "http"]),
        (&["serve", "--host", "nowhere"], &["--host", "nowhere"]),
        (&["serve", "--allow-origin", "http://front.example/"], &["--allow-origin", "without a path"]),
        (&["serve", "--allow-origin", "*,null"], &["--allow-origin", "null"]),
        (&["serve", "--allow-host", "http://pit.example"], &["--allow-host", "without scheme"]),
        (&["serve", "--trusted-proxy", "10.0.0.0/33"], &["--trusted-proxy", "10.0.0.0/8"]),
        (&["serve", "--seed", "-1"], &["-1"]),
        (&["bench", "-u", "0"], &["--users"]),
        (&["bench", "--rate", "5", "-u", "3"], &["--rate", "--users"]),
        (&["bench", "--host", "https://127.0.0.1"], &["does not speak https"]),
        (&["trade"], &["trade"]),
    ];
    for (args, parts) in cases {
        let ended = Process::start(args).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
        for part in parts {
            assert!(ended.stderr.contains(part), "{args:?}: {part:?} is missing in {}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn a_bad_environment_variable_is_refused_as_its_flag_is() {
    for (name, value, part) in [
        ("TRADEPIT_DELAY", "1s..1ms", "reversed"),
        ("TRADEPIT_PORT", "x", "--port"),
        ("TRADEPIT_WORKERS", "0", "from 1 to 512"),
    ] {
        let ended = Process::start_with(&["serve"], &[(name, value)]).ended().await;
        assert_eq!(ended.code, Some(2), "{name}={value}: {ended:?}");
        assert!(ended.stderr.contains(part), "{name}={value}: {ended:?}");
    }
}
