//! The documents, as routes: the interface described for programs and for people.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::edge::refusal::Refusal;
use crate::ops::papers;

pub(crate) async fn openapi() -> HttpResponse {
    json(papers::openapi())
}

pub(crate) async fn asyncapi() -> HttpResponse {
    json(papers::asyncapi())
}

pub(crate) async fn docs_page(request: HttpRequest) -> HttpResponse {
    html(if request.path().ends_with('/') { papers::swagger_page_below() } else { papers::SWAGGER_PAGE })
}

pub(crate) async fn docs_file(file: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let (content_type, bytes) = papers::swagger_file(&file).ok_or(Refusal::UnknownPath)?;
    Ok(HttpResponse::Ok().content_type(content_type).insert_header((header::CACHE_CONTROL, "max-age=3600")).body(bytes))
}

fn json(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text)
}

fn html(text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(text)
}
