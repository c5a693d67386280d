//! A script that is drawn from a seed: all that clients can ask of a venue, one request after the other, and everything
//! that they are answered and told.
//!
//! What is asked next follows from the dice and from what was answered before, and from nothing else: two venues of one
//! seed, whose clocks stand at one moment, are told apart by their names alone, and those do not stand in what is
//! returned. So whoever plays it twice compares bytes.

use serde_json::{Value, json};

use super::make;
use crate::support::rest::Kept;
use crate::support::{Dice, Recorder, Reply, Venue};

const SYMBOLS: [&str; 3] = ["EURUSD", "BTC/USD", "AAPL"];
const ACCOUNTS: [&str; 3] = ["default", "alice", "bob"];
/// A minute and a half before a session of New York ends, and with it `day` orders.
const START: &str = "2026-01-05T20:58:30Z";

/// Makes a venue, plays the script of this seed in it, so many steps long, and removes it; each request with what was
/// answered, and each change with what was told of it.
pub async fn play(server: &Venue, seed: u64, steps: usize) -> Vec<String> {
    let market = ["calm", "volatile", "frozen", "none"][(seed % 4) as usize];
    let accounts = json!([{"id": "alice", "cash": {"USD": "1000000"}}, {"id": "bob", "kind": "spot",
        "cash": {"USD": "500000", "BTC": "3"}}]);
    let hours = if seed.is_multiple_of(3) { "nyse" } else { "always" };
    let delay = if seed.is_multiple_of(5) { "none" } else { "100ms..20s" };
    let body = json!({"seed": seed, "clock": {"start": START}, "delay": delay, "market": market, "hours": hours,
        "accounts": accounts});
    let (venue, made) = make(server, body).await;
    let mut script = Script::new(&venue, seed).await;
    for _ in 0..steps {
        script.step().await;
    }
    let told = script.finish().await;
    let name = made["name"].as_str().expect("a name");
    assert_eq!(server.delete(&format!("/venues/{name}")).await.status, 204);
    told
}

/// Requires that two plays of the script of this seed were told the same.
#[track_caller]
pub fn assert_same(seed: u64, one: &[String], other: &[String]) {
    let apart = one.iter().zip(other).find(|(one, other)| one != other);
    assert_eq!(apart, None, "seed {seed}: they part here");
    assert_eq!(one.len(), other.len(), "seed {seed}: one was told more");
}

struct Script<'a> {
    venue: &'a Venue,
    dice: Dice,
    line: Kept,
    /// Hears every kept change from the first one on.
    live: Recorder,
    told: Vec<String>,
    /// All orders, in the order in which they were placed.
    ids: Vec<String>,
    /// The best bid of each symbol, as it was last looked at; a guess where there is none.
    prices: [String; 3],
    /// The newest request with a key: it may be sent again.
    keyed: Option<(String, String)>,
    /// How many keys, names and rows there were: no two are the same.
    count: usize,
}

impl Script<'_> {
    async fn new(venue: &Venue, seed: u64) -> Script<'_> {
        let line = Kept::open(venue).await;
        let live = Recorder::subscribe(venue, KEPT).await;
        let prices = ["1.08500", "60000.00", "200.00"].map(str::to_owned);
        let (dice, told, ids) = (Dice::seeded(seed), Vec::new(), Vec::new());
        Script { venue, dice, line, live, told, ids, prices, keyed: None, count: 0 }
    }

    /// Asks for something, and notes what was answered.
    async fn ask(&mut self, method: &str, path: &str, header: &str, body: &str) -> Reply {
        let (whole, length) = (self.venue.path(path), body.len());
        let head = format!("{method} {whole} HTTP/1.1\r\nHost: localhost\r\n{header}Content-Length: {length}\r\n\r\n");
        self.line.write((head + body).as_bytes()).await;
        let reply = self.line.reply(method).await;
        let reply = reply.unwrap_or_else(|| panic!("no reply to {method} {path} {body}"));
        if reply.header("connection") == Some("close") {
            // Answered before the body was read.
            self.line = Kept::open(self.venue).await;
        }
        let named = ["link", "allow", "retry-after", "connection", "idempotent-replayed", "tradepit-fault"];
        let headers = named.iter().filter_map(|name| Some(format!("{name}: {} ", reply.header(name)?)));
        // Links are the one thing that tells of the venue's name.
        let headers = headers.collect::<String>().replace(&self.venue.path("/"), "/");
        self.told.push(format!("{method} {path} {header}{body} -> {} {headers}{}", reply.status, reply.body));
        reply
    }

    async fn step(&mut self) {
        match self.dice.below(30) {
            0..=9 => self.place().await,
            10 => self.place_again().await,
            11 | 12 => drop(self.ask_of_one("DELETE", "", "").await),
            13 | 14 => self.change().await,
            15 | 16 => {
                let acts = ["arrive", "hold", "hold", "release", "release", "fill", "reject", "cancel", "expire"];
                let act = json!({"act": self.dice.of(&acts), "reason_text": null}).to_string();
                self.ask_of_one("POST", "/acts", &act).await;
            }
            17 => self.batch().await,
            18 => self.sweep().await,
            19 => self.set_rules().await,
            20 => self.set_faults().await,
            21 | 22 => self.move_the_market().await,
            23 => self.move_money().await,
            24 => self.ask_nonsense().await,
            25 | 26 => self.look().await,
            _ => self.advance().await,
        }
    }

    async fn place(&mut self) {
        let (mut body, mut header) = (self.order(), String::new());
        self.count += 1;
        if self.dice.once_in(4) {
            body["client_order_id"] = json!(format!("c{}", self.count));
        }
        if self.dice.once_in(6) {
            header.push_str("long-pending: 1\r\n");
        }
        if self.dice.once_in(5) {
            header.push_str(&format!("Idempotency-Key: k{}\r\n", self.count));
            self.keyed = Some((header.clone(), body.to_string()));
        }
        let reply = self.ask("POST", "/orders", &header, &body.to_string()).await;
        self.know(&reply.json());
    }

    async fn place_again(&mut self) {
        if let Some((header, body)) = self.keyed.clone() {
            self.ask("POST", "/orders", &header, &body).await;
        }
    }

    /// Remembers the order of a reply, if it tells of one.
    fn know(&mut self, order: &Value) {
        self.ids.extend(order["id"].as_str().map(str::to_owned));
    }

    /// An order of any kind; some of them make no sense.
    fn order(&mut self) -> Value {
        let (at, side) = (self.dice.below(3), self.dice.of(&["buy", "sell"]));
        let (symbol, price) = (SYMBOLS[at], self.near(at));
        let qty = self.qty(at);
        let rich = json!({"symbol": symbol, "side": side, "qty": qty, "account": self.dice.of(&ACCOUNTS)});
        let force = self.dice.of(&["gtc", "gtc", "gtc", "day", "ioc", "fok"]);
        let more = match self.dice.below(12) {
            0..=2 => {
                let symbol = self.dice.of(&["EURUSD", "AAPL", "GOLD"]);
                return json!({"stoks": symbol, "quantity": 1 + self.dice.below(500)});
            }
            3 => json!({}),
            4..=6 => json!({"type": "limit", "limit_price": price, "time_in_force": force}),
            7 => json!({"type": "limit", "limit_price": price, "post_only": true}),
            8 => self.dice.of(&[
                json!({"type": "stop", "stop_price": price}),
                json!({"type": "stop_limit", "stop_price": price, "limit_price": price, "time_in_force": "day"}),
                json!({"type": "trailing_stop", "trail_percent": "0.1"}),
            ]),
            9 => {
                let (profit, loss) = (self.near(at), self.near(at));
                json!({"type": "limit", "limit_price": price, "order_class": "bracket",
                    "take_profit": {"limit_price": profit}, "stop_loss": {"stop_price": loss}})
            }
            10 => {
                let loss = self.near(at);
                json!({"order_class": "oco", "take_profit": {"limit_price": price}, "stop_loss": {"stop_price": loss}})
            }
            _ => json!({"qty": null, "notional": (100 + self.dice.below(10_000)).to_string()}),
        };
        merged(rich, more)
    }

    /// A quantity of the symbol at this place.
    fn qty(&mut self, at: usize) -> String {
        match SYMBOLS[at] {
            "BTC/USD" => format!("0.{:02}", 1 + self.dice.below(99)),
            _ => (1 + self.dice.below(900)).to_string(),
        }
    }

    /// A price of the symbol at this place, some ticks beside the one that is known.
    fn near(&mut self, at: usize) -> String {
        let known = &self.prices[at];
        let decimals = known.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let ticks: u64 = known.replace('.', "").parse().expect("a price");
        let ticks = (ticks + self.dice.below(41_u64)).saturating_sub(20).to_string();
        let ticks = format!("{ticks:0>width$}", width = decimals + 1);
        let (whole, part) = ticks.split_at(ticks.len() - decimals);
        if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
    }

    /// One of the orders, mostly a young one; one that there is not where there is none.
    fn one(&mut self) -> String {
        let young = self.ids.len().saturating_sub(8);
        let from = if self.dice.once_in(4) { 0 } else { young };
        match self.ids.len() - from {
            0 => "1d70aeaa-658c-4799-819f-79c436d2dd18".to_owned(),
            among => self.ids[from + self.dice.below(among)].clone(),
        }
    }

    async fn ask_of_one(&mut self, method: &str, below: &str, body: &str) -> Reply {
        let path = format!("/orders/{}{below}", self.one());
        self.ask(method, &path, "", body).await
    }

    /// Amends or replaces an order.
    async fn change(&mut self) {
        let at = self.dice.below(3);
        let (price, qty) = (self.near(at), self.qty(at));
        let change = self.dice.of(&[
            json!({"limit_price": price}),
            json!({"qty": qty}),
            json!({"qty": qty, "limit_price": price}),
            json!({"stop_price": price}),
        ]);
        let (method, below) = self.dice.of(&[("PATCH", ""), ("POST", "/replace")]);
        let reply = self.ask_of_one(method, below, &change.to_string()).await;
        self.know(&reply.json());
    }

    async fn batch(&mut self) {
        let (first, second, price) = (self.order(), self.order(), self.near(0));
        let rows = json!([{"place": first}, {"cancel": {"id": self.one()}},
            {"amend": {"id": self.one(), "limit_price": price}}, {"place": second}]);
        self.count += 1;
        let header = format!("Idempotency-Key: b{}\r\n", self.count);
        let reply = self.ask("POST", "/batch", &header, &rows.to_string()).await.json();
        for place in [0, 3] {
            self.know(&reply[place]["body"]);
        }
    }

    /// Cancels what is open of a symbol, or closes what an account holds.
    async fn sweep(&mut self) {
        let (symbol, account) = (self.dice.of(&SYMBOLS), self.dice.of(&ACCOUNTS));
        let path = self.dice.of(&[format!("/open-orders?symbol={symbol}"), format!("/accounts/{account}/positions")]);
        self.ask("DELETE", &path, "", "").await;
    }

    /// Nothing that makes a cancellation wait: its reply would come with the next advance.
    async fn set_rules(&mut self) {
        let all = [
            json!({"match": {"side": "buy", "probability": 0.3}, "do": {"reject": "insufficient margin"}}),
            json!({"match": {"type": "limit", "every": 3}, "do": {"fill": ["40%", "35%", "25%"], "every": "200ms"}}),
            json!({"match": {"symbol": "AAPL"}, "do": {"hold": true}, "times": 2}),
            json!({"match": {"client_order_id": "c*", "nth": 2}, "do": {"delay": "5s..1m"}}),
            json!({"match": {"quantity": ">400", "probability": 0.5}, "do": {"reject_on_arrival": "too much"}}),
            json!({"match": {"account": "alice", "every": 4}, "do": {"expire": true}}),
            json!({"preset": "realistic"}),
        ];
        let rules: Vec<Value> = (0..self.dice.below(4)).map(|_| self.dice.of(&all)).collect();
        self.ask("PUT", "/rules", "", &json!(rules).to_string()).await;
    }

    /// Nothing that cuts a connection, or that is counted in real time.
    async fn set_faults(&mut self) {
        let all = [
            json!({"match": {"route": "POST /orders", "probability": 0.2}, "do": {"status": 503}}),
            json!({"name": "later", "match": {"account": "bob", "every": 2}, "do": {"status": 429}, "times": 3}),
        ];
        let faults: Vec<Value> = (0..self.dice.below(3)).map(|_| self.dice.of(&all)).collect();
        self.ask("PUT", "/faults", "", &json!(faults).to_string()).await;
    }

    /// Quotes by hand, halts, or has rows replayed; mostly it is taken back at once.
    async fn move_the_market(&mut self) {
        let at = self.dice.below(3);
        let symbol = SYMBOLS[at];
        match self.dice.below(6) {
            0 => {
                let (bid, ask) = (self.near(at), self.near(at));
                self.ask("PUT", &format!("/market/{symbol}"), "", &json!({"bid": bid, "ask": ask}).to_string()).await;
            }
            1 => drop(self.ask("DELETE", &format!("/market/{symbol}"), "", "").await),
            2 => {
                let (bid, ask) = (self.near(at), self.near(at));
                self.count += 1;
                let at = format!("2026-01-05T20:{:02}:{:02}Z", 58 + self.count / 60, self.count % 60);
                let row = json!({"at": at, "bid": bid, "ask": ask}).to_string();
                self.ask("POST", &format!("/replay/{symbol}"), "", &row).await;
            }
            _ => {
                let status = json!({"status": self.dice.of(&["open", "open", "halted"])}).to_string();
                self.ask("PATCH", &format!("/instruments/{symbol}"), "", &status).await;
            }
        }
    }

    async fn move_money(&mut self) {
        let account = self.dice.of(&ACCOUNTS);
        if self.dice.once_in(3) {
            self.count += 1;
            let body = json!({"id": format!("more-{}", self.count), "cash": {"USD": self.dice.below(9_000)}});
            self.ask("POST", "/accounts", "", &body.to_string()).await;
        } else {
            let amount = self.dice.of(&["1000", "-250", "0.01"]);
            let body = json!({"currency": "USD", "amount": amount}).to_string();
            self.ask("POST", &format!("/accounts/{account}/transfers"), "", &body).await;
        }
    }

    async fn ask_nonsense(&mut self) {
        let (method, path, body) = self.dice.of(&[
            ("POST", "/orders", "{"),
            ("POST", "/orders", r#"{"stoks": "a b", "quantity": 0}"#),
            ("PUT", "/orders", ""),
            ("GET", "/nowhere", ""),
            ("GET", "/orders?limit=0&status=x", ""),
            ("PUT", "/rules", r#"[{"do": {"flly": true}}]"#),
            ("POST", "/clock/advance", r#"{"to": "2020-01-01T00:00:00Z"}"#),
        ]);
        self.ask(method, path, "", body).await;
    }

    /// Looks at an order, and where a symbol stands.
    async fn look(&mut self) {
        self.ask_of_one("GET", "", "").await;
        let at = self.dice.below(3);
        let quote = self.ask("GET", &format!("/quotes/{}", SYMBOLS[at]), "", "").await;
        if let Some(bid) = quote.json()["bid"].as_str() {
            self.prices[at] = bid.to_owned();
        }
        self.ask("GET", &format!("/book/{}?depth=5", SYMBOLS[at]), "", "").await;
    }

    async fn advance(&mut self) {
        let by = self.dice.of(&["1ms", "70ms", "1s", "3s", "7s", "20s"]);
        let body = if self.dice.once_in(3) { json!({"events": 1 + self.dice.below(5)}) } else { json!({"by": by}) };
        self.ask("POST", "/clock/advance", "", &body.to_string()).await;
    }

    /// Lets the session end, reads all that can be read, and all that was told and is told again.
    async fn finish(mut self) -> Vec<String> {
        // Also where a fault or a rule would have refused all that was placed.
        self.ask("POST", "/accounts", "", r#"{"id": "last"}"#).await;
        let end = self.ask("POST", "/clock/advance", "", r#"{"by": "2m"}"#).await.json();
        let newest = end["number"].as_u64().expect("a number");
        for path in ["/accounts", "/instruments", "/quotes", "/rules", "/faults", "/clock", "/calendar", "/rejects"] {
            self.ask("GET", path, "", "").await;
        }
        for path in ["/orders", "/orders?limit=20&order=desc", "/open-orders", "/fills?limit=1000"] {
            self.ask("GET", path, "", "").await;
        }
        for account in ACCOUNTS {
            for below in ["activities?limit=1000", "positions", "history?timeframe=1m&start=2026-01-05T20:58:00Z"] {
                self.ask("GET", &format!("/accounts/{account}/{below}"), "", "").await;
            }
        }
        for symbol in SYMBOLS {
            // A whole page of what a market prints takes its time.
            for (path, query) in [
                ("book", ""),
                ("trades", "?limit=9"),
                ("bars", "?limit=5&timeframe=1s"),
                ("replay", ""),
                ("instruments", ""),
            ] {
                self.ask("GET", &format!("/{path}/{symbol}{query}"), "", "").await;
            }
        }
        let mut again = Recorder::subscribe(self.venue, &format!("{KEPT}&after=0")).await;
        for heard in [&mut self.live, &mut again] {
            self.told.extend(up_to(heard, newest).await);
        }
        self.told
    }
}

/// Every kept change, of whatever it is.
const KEPT: &str = "?format=json&channels=orders,accounts,instruments";

/// What is told up to the change of this number.
async fn up_to(heard: &mut Recorder, newest: u64) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let text = heard.text().await;
        let frame: Value = serde_json::from_str(&text).expect("JSON");
        told.push(text);
        if frame["number"].as_u64().expect("each has one") >= newest {
            return told;
        }
    }
}

/// One object with the fields of both; the second one's count.
fn merged(mut one: Value, other: Value) -> Value {
    let fields = other.as_object().expect("an object").clone();
    one.as_object_mut().expect("an object").extend(fields);
    one
}
