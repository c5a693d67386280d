//! `/health` and `/ready`.

use super::*;

#[tokio::test]
async fn it_lives_and_is_ready() {
    for (path, status) in [("/health", "ok"), ("/ready", "ready")] {
        for path in [path.to_owned(), format!("{path}/")] {
            let reply = server().get(&path).await;
            assert_eq!((reply.status, reply.json()), (200, serde_json::json!({"status": status})), "{path}");
        }
        let wrong = Request::new("POST", path).send(server().addr).await;
        assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD")), "{path}");
    }
}
