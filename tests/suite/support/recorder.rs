//! A subscriber that reads all the time, and what it was told.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;

use super::server::Base;
use super::{Subscriber, in_its_time, in_time};

/// A subscriber in a task of its own: it never falls behind, whatever the test does meanwhile.
pub struct Recorder {
    told: mpsc::UnboundedReceiver<Result<String, String>>,
    task: JoinHandle<()>,
}

impl Recorder {
    pub async fn subscribe(at: impl Into<Base>, query: &str) -> Recorder {
        let Subscriber { mut socket } = Subscriber::connect(at, query).await;
        let (tell, told) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Some(message) = socket.next().await {
                let news = match message {
                    Ok(Message::Text(text)) => Ok(text.to_string()),
                    Ok(Message::Ping(_) | Message::Pong(_)) => continue,
                    other => Err(format!("{other:?}")),
                };
                if tell.send(news).is_err() {
                    return;
                }
            }
        });
        Recorder { told, task }
    }

    /// The next text; the end of the connection is a failure.
    pub async fn text(&mut self) -> String {
        match in_its_time("an announcement", self.told.recv()).await {
            Some(Ok(text)) => text,
            end => panic!("expected a text, got {end:?}"),
        }
    }

    /// The next text that speaks of this order.
    pub async fn text_of(&mut self, id: &str) -> String {
        loop {
            let text = self.text().await;
            if text.contains(id) {
                return text;
            }
        }
    }

    /// Everything told up to the last end of these orders.
    pub async fn until_closed<'a>(&mut self, ids: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let mut open: BTreeSet<String> = ids.into_iter().cloned().collect();
        let mut told = Vec::new();
        while !open.is_empty() {
            let text = self.text().await;
            let (id, status) = change(&text);
            if status != "PENDING" {
                open.remove(&id);
            }
            told.push(text);
        }
        told
    }

    /// Everything told until the connection ends, in whatever way.
    pub async fn until_it_ends(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        while let Some(Ok(text)) = in_time("the end of the connection", self.told.recv()).await {
            told.push(text);
        }
        told
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an announcement tells, in either form: the order and its status.
pub fn change(told: &str) -> (String, String) {
    if told.starts_with('{') {
        let json: Value = serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"));
        return (text_at(&json, "id"), text_at(&json, "status"));
    }
    let (id, status) = told.split_once(" is ").unwrap_or_else(|| panic!("no announcement: {told:?}"));
    (id.to_owned(), status.to_owned())
}

/// The text form of an announcement in either form.
pub fn as_text(told: &str) -> String {
    let (id, status) = change(told);
    format!("{id} is {status}")
}

/// A JSON announcement's number.
pub fn seq_of(told: &str) -> u64 {
    let json: Value = serde_json::from_str(told).unwrap_or_else(|error| panic!("{error} in {told}"));
    json["seq"].as_u64().unwrap_or_else(|| panic!("no number in {told}"))
}

/// The string at this key.
pub fn text_at(json: &Value, key: &str) -> String {
    json[key].as_str().unwrap_or_else(|| panic!("no {key} in {json}")).to_owned()
}

pub fn id_of(order: &Value) -> String {
    text_at(order, "id")
}
