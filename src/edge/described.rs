//! What the documents say of an operation: what `#[utoipa::path]` made of its handler's comment.
//!
//! Path and method come from the route table; what the attribute must say of them is held against it.

use actix_web::http::Method;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::{Components, RefOr, Schema};

/// Tells what there is to say of an operation.
pub(crate) type Describe = fn() -> Option<Described>;

pub(crate) struct Described {
    operation: Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
    /// What the attribute says of the path and the methods.
    said: (String, Vec<HttpMethod>),
}

/// By its handler's attribute, of which `P` was made.
pub(crate) fn described<P: Path + SchemaReferences + for<'t> Tags<'t>>() -> Option<Described> {
    let (mut operation, mut schemas) = (P::operation(), Vec::new());
    P::schemas(&mut schemas);
    operation.tags.get_or_insert_default().extend(P::tags().into_iter().map(str::to_owned));
    Some(Described { operation, schemas, said: (P::path(), P::methods()) })
}

/// Not at all: it is for people, who see what it is.
pub(crate) fn undescribed() -> Option<Described> {
    None
}

impl Described {
    /// Adds it to what is said of this path.
    pub(super) fn add(self, path: &str, method: &Method, paths: &mut Paths, components: &mut Components) {
        let methods = match *method {
            Method::POST => vec![HttpMethod::Post],
            Method::PUT => vec![HttpMethod::Put],
            Method::PATCH => vec![HttpMethod::Patch],
            Method::DELETE => vec![HttpMethod::Delete],
            _ => vec![HttpMethod::Get],
        };
        let (said_path, said_methods) = self.said;
        debug_assert!(said_path == path && said_methods == methods, "{path} is described as another operation");
        paths.add_path_operation(path, methods, self.operation);
        components.schemas.extend(self.schemas);
    }
}
