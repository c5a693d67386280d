//! `/openapi.json`: it describes what the server answers.

use super::*;

async fn document() -> Value {
    let reply = server().get("/openapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    reply.json()
}

/// The schema of a documented reply.
fn reply_schema<'a>(document: &'a Value, method: &str, path: &str, code: u16) -> &'a Value {
    let response = follow(document, &document["paths"][path][method]["responses"][code.to_string()]);
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} {code} has no schema: {response}");
    schema
}

fn check_reply(document: &Value, method: &str, path: &str, reply: &Reply) {
    check(document, reply_schema(document, method, path, reply.status), &reply.json());
}

#[tokio::test]
async fn it_is_openapi_3_1_and_every_reference_leads_somewhere() {
    let document = document().await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{document}");
    for field in ["title", "version", "description"] {
        assert!(document["info"][field].as_str().is_some_and(|text| !text.is_empty()), "info.{field}");
    }
    assert!(follow_all(&document, &document) >= 5);
    assert_eq!(document, server().get("/openapi.json/").await.json());
}

#[tokio::test]
async fn it_tells_of_every_route_of_the_contract_with_its_codes() {
    let document = document().await;
    let routes: [(&str, &str, &[u16]); 20] = [
        ("post", "/orders", &[200, 403, 408, 413, 415, 422, 503]),
        ("get", "/orders", &[200, 422, 503]),
        ("get", "/orders/{id}", &[200, 404, 503]),
        ("patch", "/orders/{id}", &[200, 403, 404, 408, 409, 413, 415, 422, 503]),
        ("delete", "/orders/{id}", &[204, 403, 404, 503]),
        ("post", "/orders/{id}/replace", &[200, 403, 404, 408, 409, 413, 415, 422, 503]),
        ("post", "/batch", &[207, 403, 408, 413, 415, 422, 503]),
        ("put", "/market/{symbol}", &[200, 403, 404, 408, 413, 415, 422, 503]),
        ("delete", "/market/{symbol}", &[204, 403, 404, 503]),
        ("get", "/open-orders", &[200, 422, 503]),
        ("delete", "/open-orders", &[207, 403, 422, 503]),
        ("get", "/health", &[200]),
        ("get", "/ready", &[200, 503]),
        ("get", "/metrics", &[200, 503]),
        ("get", "/ws", &[101, 400, 403, 422, 426, 503]),
        ("get", "/instruments", &[200, 422, 503]),
        ("get", "/instruments/{symbol}", &[200, 404, 503]),
        ("get", "/book/{symbol}", &[200, 404, 422, 503]),
        ("get", "/quotes", &[200, 404, 422, 503]),
        ("get", "/quotes/{symbol}", &[200, 404, 503]),
    ];
    let mut missing = Vec::new();
    for (method, path, codes) in routes {
        for code in codes {
            let response = &document["paths"][path][method]["responses"][code.to_string()];
            if !response["description"].is_string() {
                missing.push(format!("{method} {path} {code}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_and_a_summary() {
    let document = document().await;
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(names.insert(name), "{name} twice");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_path = parameters.filter(|one| one["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn its_order_has_exactly_the_fields_of_a_real_one() {
    let document = document().await;
    let schema = follow(&document, reply_schema(&document, "post", "/orders", 200));
    let order = server().place("EURUSD", 7).await;
    // Each is always there, `closed_at` too.
    assert_eq!(strings(&schema["required"]), keys(&order));
    let key = crate::support::rest::symbol();
    let body = format!(r#"{{"stoks": "EURUSD", "quantity": 7, "client_order_id": "{key}"}}"#);
    let named = Request::new("POST", "/orders").header("Idempotency-Key", &key).body(body);
    // Its names are there where it has some.
    assert_eq!(keys(&schema["properties"]), keys(&named.send(server().addr).await.json()));
}

#[tokio::test]
async fn real_orders_are_as_described() {
    let document = document().await;
    let placed = server().post("/orders", r#"{"stoks": "EURUSD", "quantity": 7}"#).await;
    check_reply(&document, "post", "/orders", &placed);
    let order = placed.json();
    let path = format!("/orders/{}", id(&order));
    assert_eq!(server().delete(&path).await.status, 204);
    check_reply(&document, "get", "/orders/{id}", &server().get(&path).await);
    check_reply(&document, "get", "/orders", &server().get("/orders?limit=3").await);
    check_reply(&document, "get", "/orders/{id}", &server().get("/orders/x").await);
    check_reply(&document, "get", "/health", &server().get("/health").await);
    check_reply(&document, "get", "/ready", &server().get("/ready").await);
}

#[tokio::test]
async fn real_flaws_are_as_described() {
    let document = document().await;
    for body in ["{}", "[]", "{", r#"{"stoks": 5, "quantity": "x"}"#, r#"{"stoks": "A", "quantity": 0}"#] {
        let reply = server().post("/orders", body).await;
        assert_eq!(reply.status, 422, "{reply:?}");
        check_reply(&document, "post", "/orders", &reply);
    }
    check_reply(&document, "get", "/orders", &server().get("/orders?limit=0&status=x").await);
    let too_large = Request::new("POST", "/orders").header("Content-Length", "70000").send(server().addr).await;
    check_reply(&document, "post", "/orders", &too_large);
}

#[tokio::test]
async fn a_body_as_described_is_accepted() {
    let document = document().await;
    let schema = &document["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let schema = follow(&document, schema);
    assert_eq!(strings(&schema["required"]), BTreeSet::from(["stoks"]), "`qty` may stand for `quantity`");
    let example = |field: &str| schema["properties"][field]["example"].clone();
    let body = serde_json::json!({"stoks": example("stoks"), "quantity": example("quantity")});
    check(&document, schema, &body);
    assert_eq!(server().post("/orders", &body.to_string()).await.status, 200);
}
