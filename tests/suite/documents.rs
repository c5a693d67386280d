//! The documents say what the server does: parameters, limits, headers (contract, "Routes").

use serde_json::{Value, json};

use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::{id, symbol};
use crate::support::server;

async fn document(path: &str) -> Value {
    server().get(path).await.json()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of = |(path, methods): (&String, _)| {
        let methods: &serde_json::Map<String, Value> = Value::as_object(methods).expect("methods");
        let path = path.clone();
        methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation)).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(of).collect()
}

fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().into_iter().flatten()
}

/// Whether a schema of a parameter takes this text: as much of JSON Schema as the parameters use, and nothing else.
fn takes(document: &Value, schema: &Value, text: &str) -> bool {
    let schema = match schema["$ref"].as_str() {
        Some(target) => document.pointer(target.trim_start_matches('#')).expect("it leads somewhere"),
        None => schema,
    };
    for keyword in schema.as_object().expect("a schema").keys() {
        let known =
            ["type", "format", "enum", "minimum", "minLength", "maxLength", "pattern", "default", "description"];
        assert!(known.contains(&keyword.as_str()), "{keyword} is not looked at in {schema}");
    }
    let length = text.chars().count() as u64;
    let is_within = schema["minLength"].as_u64().is_none_or(|least| least <= length)
        && schema["maxLength"].as_u64().is_none_or(|most| length <= most);
    let is_one = schema["enum"].as_array().is_none_or(|all| all.contains(&json!(text)));
    let fits = schema["pattern"].as_str().is_none_or(|pattern| {
        let class =
            pattern.strip_prefix("^[").and_then(|rest| rest.strip_suffix("]+$")).expect("a class of characters");
        text.chars().all(|character| is_in(class, character))
    });
    let is_of_type = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => {
            text.parse::<u64>().is_ok_and(|number| number >= schema["minimum"].as_u64().unwrap_or_default())
        }
        (Some("string"), Some("date-time")) => text.parse::<jiff::Timestamp>().is_ok(),
        (Some("string"), Some("uuid")) => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
        (Some("string"), None) => true,
        other => panic!("{other:?} is not looked at"),
    };
    is_within && is_one && fits && is_of_type
}

/// Whether a class as in `[A-Za-z0-9._/-]` has this character.
fn is_in(class: &str, character: char) -> bool {
    let class: Vec<char> = class.chars().collect();
    match class[..] {
        [from, '-', to, ..] => (from..=to).contains(&character) || is_in(&String::from_iter(&class[3..]), character),
        [one, ..] => one == character || is_in(&String::from_iter(&class[1..]), character),
        [] => false,
    }
}

/// Values that a parameter may have, or may not.
#[rustfmt::skip]
const VALUES: [&str; 39] = [
    "", "0", "1", "1000", "1001", "-1", "1.5", "1e2", "0x1", "null", "A", "a/b.c_d-e", "A B", "±", "é", "A*", "~",
    "!", "\u{7f}", "PENDING", "EXECUTED", "CANCELLED", "pending", "DONE", "text", "json", "JSON", "xml", "1d70aeaa",
    "1d70aeaa658c4799819f79c436d2dd18", "{1d70aeaa-658c-4799-819f-79c436d2dd18}", "asc", "desc", "2026-11-22",
    "2026-11-22T08:00:00Z", "2026-11-22T08:00:00.123456+01:00", "2026-02-30T08:00:00Z", "true", "false",
];

#[tokio::test]
async fn a_query_parameter_is_taken_where_its_schema_takes_it_and_422_elsewhere() {
    let document = document("/openapi.json").await;
    let order = server().place(&symbol(), 1).await;
    let order = id(&order);
    let lengths = [32, 33, 255, 256].map(|length| "A".repeat(length));
    let values = VALUES.iter().copied().chain(lengths.iter().map(String::as_str)).chain([order]);
    let (mut taken, mut refused) = (0, 0);
    let paths = [("/orders", 200), ("/rejects", 200), ("/ws", 101), ("/instruments", 200), ("/quotes", 200)];
    for (path, code) in paths.into_iter().chain([("/book/{symbol}", 200), ("/bars/{symbol}", 200)]) {
        for parameter in parameters(&document["paths"][path]["get"]) {
            let name = parameter["name"].as_str().expect("a name");
            let is_of_instrument = path != "/orders" && ["after", "symbol", "symbols"].contains(&name);
            let is_of_channels = path == "/ws" && name == "channels";
            if ["venue", "account"].contains(&name) || is_of_channels || (path != "/rejects" && is_of_instrument) {
                // Which venue is the right one, which symbols and accounts there are, no schema can tell.
                continue;
            }
            let path = path.replace("{symbol}", "EURUSD");
            for value in values.clone() {
                let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                let status = if code == 101 {
                    // These mean something in JSON only, and nothing has come so far that 1000 would be beyond.
                    let json = match name {
                        "since" | "last" | "rejects" => "format=json&",
                        "depth" => "format=json&channels=book&symbols=EURUSD&",
                        _ => "",
                    };
                    if name == "since" && value.len() > 1 && value.parse::<u64>().is_ok() {
                        continue;
                    }
                    ask(server().addr, &handshake(&format!("?{json}{name}={encoded}"))).await.status
                } else {
                    server().get(&format!("{path}?{name}={encoded}")).await.status
                };
                let is_taken = takes(&document, &parameter["schema"], value);
                assert_eq!(status, if is_taken { code } else { 422 }, "{path} {name}={value:.40}");
                *(if is_taken { &mut taken } else { &mut refused }) += 1;
            }
        }
    }
    assert!(taken > 40 && refused > 200, "{taken} taken, {refused} refused");
}

#[tokio::test]
async fn both_documents_say_the_same_of_the_websocket() {
    let (openapi, asyncapi) = (document("/openapi.json").await, document("/asyncapi.json").await);
    let query = &asyncapi["channels"]["announcements"]["bindings"]["ws"]["query"]["properties"];
    let parameters: Vec<&Value> = parameters(&openapi["paths"]["/ws"]["get"]).collect();
    assert_eq!(parameters.len(), query.as_object().map_or(0, serde_json::Map::len));
    for parameter in parameters {
        let schema = &query[parameter["name"].as_str().expect("a name")];
        for rule in ["type", "enum", "minimum", "minLength", "maxLength", "pattern"] {
            assert_eq!(parameter["schema"][rule], schema[rule], "{rule} of {}", parameter["name"]);
        }
    }
}

#[tokio::test]
async fn a_parameter_is_there_or_not_but_never_null() {
    let document = document("/openapi.json").await;
    let mut names = Vec::new();
    for (operation, said) in operations(&document) {
        for parameter in parameters(said) {
            let schema = &parameter["schema"];
            let schema =
                schema["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#'))).unwrap_or(schema);
            assert!(schema["type"].is_string(), "{operation}: {parameter}");
            assert_eq!(parameter["required"], json!(parameter["in"] == "path"), "{operation}: {parameter}");
            assert!(parameter["description"].is_string(), "{operation}: {parameter}");
            names.push(parameter["name"].as_str().expect("a name"));
        }
    }
    assert!(names.contains(&"Idempotency-Key") && names.contains(&"long_pending"), "{names:?}");
    let key = parameters(&document["paths"]["/orders"]["post"]).find(|one| one["name"] == "Idempotency-Key");
    let limits = key.map(|key| (&key["schema"]["minLength"], &key["schema"]["maxLength"]));
    assert_eq!(limits, Some((&json!(1), &json!(255))));
}

#[tokio::test]
async fn replies_are_described_with_the_headers_that_they_have() {
    let document = document("/openapi.json").await;
    let mut overloaded = 0;
    for (operation, said) in operations(&document) {
        if let Some(reply) = said["responses"].get("503") {
            assert_eq!(reply["headers"]["Retry-After"]["schema"]["type"], "integer", "{operation}");
            overloaded += 1;
        }
    }
    assert_eq!(overloaded, 52, "all but /health");
    let headers =
        |path: &str, method: &str, code: &str| document["paths"][path][method]["responses"][code]["headers"].clone();
    assert!(headers("/orders", "post", "415")["Accept-Encoding"].is_object());
    assert!(headers("/orders", "post", "200")["Idempotent-Replayed"].is_object());
    assert!(headers("/orders", "get", "200")["Link"].is_object());
    assert!(headers("/ws", "get", "426")["Upgrade"].is_object());
}

#[tokio::test]
async fn the_openapi_document_says_where_the_server_is_and_under_which_licence() {
    let document = document("/openapi.json").await;
    // Beside the document, whatever stands before it.
    assert_eq!(document["servers"], json!([{"url": "."}]));
    assert_eq!(document["info"]["license"], json!({"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}));
    let body = &document["paths"]["/orders"]["post"]["requestBody"];
    assert_eq!(body["content"]["application/json"]["schema"], json!({"$ref": "#/components/schemas/NewOrder"}));
    assert_eq!(body["required"], true);
}
