//! Places orders: `POST /orders/` over one kept-alive connection.
//!
//! Owns the request's bytes and the reading of the reply, of which it takes the
//! id and `due_at` only. Speaks HTTP/1.1 through hyper's connection, without a
//! pool: each connection belongs to one user or worker and carries one request.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::clock::{self, Micros};
use super::failure::Failure;
use super::frame::OrderId;
use super::target::Server;

const ORDER: &[u8] = br#"{"stoks": "EURUSD", "quantity": 123}"#;

/// What a reply told of the order that it placed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) id: OrderId,
    /// When it will execute, on the wall clock; `None` where the server keeps that to itself.
    pub(super) due: Option<Micros>,
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

    /// Places one order and reads the reply to its end.
    pub(super) async fn post(&mut self) -> Result<Placed, Failure> {
        clock::within(self.limit, self.exchange()).await.unwrap_or(Err(Failure::PostBroken("timed out")))
    }

    async fn exchange(&mut self) -> Result<Placed, Failure> {
        let mut request = Request::new(Full::new(Bytes::from_static(ORDER)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static("/orders/");
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let reply = self.sender.send_request(request).await.map_err(|_| Failure::PostBroken("connection lost"))?;
        let status = reply.status();
        let body = reply
            .into_body()
            .collect()
            .await
            .map_err(|_| Failure::PostBroken("connection lost within the reply"))?
            .to_bytes();
        if status != StatusCode::OK {
            return Err(Failure::PostStatus(status.as_u16()));
        }
        placed(&body).ok_or(Failure::BadReply)
    }
}

/// Reads what is needed from a reply's body.
fn placed(body: &[u8]) -> Option<Placed> {
    #[derive(Deserialize)]
    struct Reply<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow, default)]
        due_at: Option<Cow<'a, str>>,
    }
    let reply: Reply<'_> = serde_json::from_slice(body).ok()?;
    let due = reply.due_at.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_microsecond);
    let id = OrderId::new(reply.id.as_bytes())?;
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
