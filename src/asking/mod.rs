//! One request to a server, over a connection of its own: what the commands ask of a server that runs.
//!
//! Owns the request's bytes and the cutting of the reply, of which a bounded amount is read, whoever answers.

mod tls;

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use tradepit_load::Target;

pub(crate) use self::tls::Trust;

/// What is asked.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// With its media type; no body where that is none.
    pub(crate) body: Option<(&'a str, &'a [u8])>,
    /// More of a reply is not read.
    pub(crate) reply_bytes: u64,
}

/// Asks, and reads what is answered, whatever that is. Over https it asks only whom it may trust: whom the machine
/// trusts where nobody is named.
pub(crate) async fn exchange(whom: &Target, trust: Option<&Trust>, asked: Asked<'_>) -> io::Result<String> {
    let tcp = TcpStream::connect(whom.address()).await?;
    match (whom.is_https(), trust) {
        (false, _) => talk(tcp, whom, asked).await,
        (true, Some(trust)) => talk(trust.begin(whom, tcp).await?, whom, asked).await,
        (true, None) => talk(Trust::usual()?.begin(whom, tcp).await?, whom, asked).await,
    }
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, whom: &Target, asked: Asked<'_>) -> io::Result<String> {
    let Asked { method, path, body, reply_bytes } = asked;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", whom.authority());
    if let Some((media_type, body)) = body {
        request.push_str(&format!("Content-Type: {media_type}\r\nContent-Length: {}\r\n", body.len()));
    }
    stream.write_all((request + "\r\n").as_bytes()).await?;
    if let Some((_, body)) = body {
        stream.write_all(body).await?;
    }
    stream.flush().await?;
    let mut reply = Vec::new();
    stream.take(reply_bytes).read_to_end(&mut reply).await?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

/// The status of a reply; `None` where that is no HTTP.
pub(crate) fn status(reply: &str) -> Option<u16> {
    let (code, _) = reply.strip_prefix("HTTP/1.")?.split_once(' ')?.1.split_at_checked(3)?;
    code.parse().ok()
}

/// The body of a reply.
pub(crate) fn body(reply: &str) -> &str {
    reply.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_tells_its_status_and_its_body() {
        let reply = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n{\"detail\":\"It reads\"}";
        assert_eq!((status(reply), body(reply)), (Some(503), "{\"detail\":\"It reads\"}"));
        assert_eq!((status("HTTP/1.0 200 OK\r\n\r\n"), body("HTTP/1.0 200 OK")), (Some(200), ""));
    }

    #[test]
    fn what_is_no_reply_has_no_status() {
        for reply in ["", "SSH-2.0-OpenSSH_9.2", "HTTP/1.1 20", "HTTP/1.1 ok!", "HTTP/1.1 \u{e4}\u{e4}", "HTTP/1."] {
            assert_eq!(status(reply), None, "{reply:?}");
        }
    }
}
