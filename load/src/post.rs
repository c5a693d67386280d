//! Requests over one kept-alive connection, `POST /orders/` above all.
//!
//! Owns the native order's bytes and the reading of the reply, of which it takes
//! the id and `due_at` only. Speaks HTTP/1.1 through hyper's connection, without a
//! pool: each connection belongs to one user or worker and carries one request.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, LINK};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::clock::{self, Micros};
use super::failure::Failure;
use super::frame::OrderId;
use super::kind::Kind;
use super::target::Server;

const ORDER: &[u8] = br#"{"stoks": "EURUSD", "quantity": 123}"#;

/// What a reply told of the order that it placed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) id: OrderId,
    /// When it will execute, on the wall clock; `None` where the server keeps that to itself.
    pub(super) due: Option<Micros>,
}

/// What a request was answered with.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Where a list goes on.
    pub(super) link: Option<HeaderValue>,
    pub(super) body: Bytes,
}

/// One connection that places orders.
pub(super) struct Poster {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    limit: Duration,
}

impl Poster {
    /// Connects; `limit` is how long each later reply may take.
    pub(super) async fn connect(server: &Server, limit: Duration) -> Result<Self, Failure> {
        let host = HeaderValue::from_str(&server.authority)
            .map_err(|_| Failure::NoConnection("the name does not fit a header".to_owned()))?;
        let stream = server.connect().await?;
        let (sender, connection) = http1::Builder::new()
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Failure::NoConnection(error.to_string()))?;
        // Its errors come out of `send_request` as well; here they would be told twice.
        tokio::task::spawn_local(async move { drop(connection.await) });
        Ok(Self { sender, host, limit })
    }

    /// Whether the connection can carry another order; a server may close an idle one.
    pub(super) async fn usable(&mut self) -> bool {
        self.sender.ready().await.is_ok()
    }

    /// Places one native order and reads the reply to its end.
    pub(super) async fn post(&mut self) -> Result<Placed, Failure> {
        let path = Uri::from_static("/orders/");
        let reply = self.ask(Kind::Post, path, Bytes::from_static(ORDER)).await?;
        if reply.status != Kind::Post.success() {
            return Err(Failure::Status(Kind::Post, reply.status.as_u16()));
        }
        placed(&reply.body).ok_or(Failure::BadReply(Kind::Post))
    }

    /// Sends one request and reads the reply to its end, whatever it says.
    pub(super) async fn ask(&mut self, kind: Kind, path: Uri, body: Bytes) -> Result<Reply, Failure> {
        self.send(kind.method(), path, body).await.map_err(|broken| Failure::Broken(kind, broken))
    }

    /// Asks for what stands at `path`; else why it was not answered.
    pub(super) async fn get(&mut self, path: Uri) -> Result<Reply, &'static str> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    async fn send(&mut self, method: Method, path: Uri, body: Bytes) -> Result<Reply, &'static str> {
        clock::within(self.limit, self.exchange(method, path, body)).await.unwrap_or(Err("timed out"))
    }

    async fn exchange(&mut self, method: Method, path: Uri, body: Bytes) -> Result<Reply, &'static str> {
        let has_body = !body.is_empty();
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = path;
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let reply = self.sender.send_request(request).await.map_err(|_| "connection lost")?;
        let (head, body) = reply.into_parts();
        let body = body.collect().await.map_err(|_| "connection lost within the reply")?.to_bytes();
        Ok(Reply { status: head.status, link: head.headers.get(LINK).cloned(), body })
    }
}

/// Reads what is needed from a reply's body.
pub(super) fn placed(body: &[u8]) -> Option<Placed> {
    #[derive(Deserialize)]
    struct Order<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow, default)]
        due_at: Option<Cow<'a, str>>,
    }
    let order: Order<'_> = serde_json::from_slice(body).ok()?;
    let due = order.due_at.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_microsecond);
    let id = OrderId::new(order.id.as_bytes())?;
    Some(Placed { id, due })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1d70aeaa-658c-4799-819f-79c436d2dd18";

    #[test]
    fn a_reply_tells_the_id_and_when_it_is_due() {
        let body = format!(r#"{{"id": "{ID}", "due_at": "1970-01-01T00:00:02.000003Z"}}"#);
        let placed = placed(body.as_bytes()).unwrap();
        assert_eq!(placed.id.to_string(), ID);
        assert_eq!(placed.due, Some(2_000_003));
    }

    #[test]
    fn a_server_need_not_announce_when_an_order_is_due() {
        for field in ["", r#", "due_at": null"#, r#", "due_at": "soon""#] {
            let body = format!(r#"{{"id": "{ID}", "stoks": "EURUSD"{field}}}"#);
            assert_eq!(placed(body.as_bytes()).unwrap().due, None, "{field}");
        }
    }

    #[test]
    fn what_has_no_id_is_no_order() {
        for body in ["", "[]", "{}", r#"{"id": 7}"#, r#"{"id": "7"}"#] {
            assert_eq!(placed(body.as_bytes()), None, "{body}");
        }
    }
}
