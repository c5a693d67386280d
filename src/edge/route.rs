//! A route, said once: its path, its methods, who handles them, and what the documents say of it.
//!
//! Each surface declares its routes beside its handlers. What is asked of one stands here: whether a path is its own,
//! which methods it knows, how it is served. Knows no surface, and nothing of what is handled.

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};

use super::described::Describe;
use super::refusal::Refusal;

/// The routes of a surface, in the order in which they are tried: what is asked most stands first.
pub(crate) struct Surface(pub(super) Vec<Route>);

impl Surface {
    pub(crate) fn new(routes: impl IntoIterator<Item = Route>) -> Surface {
        Surface(routes.into_iter().collect())
    }
}

/// A path, or all that differ in some of their segments.
pub(crate) struct Route {
    path: &'static str,
    label: &'static str,
    shape: Shape,
    /// How the router spells the path, where it must be told more.
    pattern: Option<String>,
    operations: Vec<Operation>,
    /// Its methods, as `Allow` lists them.
    allow: String,
    tells_pages: bool,
    is_websocket: bool,
    is_control: bool,
    is_always_served: bool,
    tells_refusals: bool,
    is_steady: bool,
}

/// Which paths are a route's own; none has a slash at its end.
enum Shape {
    /// This one.
    Whole(&'static str),
    /// This beginning, and one segment.
    Segment(&'static str),
    /// This beginning, and whatever follows.
    Below(&'static str),
    /// These parts, and a segment between each two; the last one may be whatever follows.
    Parts { parts: Vec<&'static str>, has_slashes: bool },
}

/// What is asked with one method; `GET` means `HEAD` too where it only reads.
pub(super) struct Operation {
    pub(super) method: Method,
    is_read: bool,
    handle: Handle,
    pub(super) describe: Describe,
}

/// Makes what one worker handles an operation with.
pub(crate) type Handle = Box<dyn Fn() -> actix_web::Route + Send + Sync>;

/// Handles it with this.
pub(crate) fn to<F, Args>(handler: F) -> Handle
where
    F: Handler<Args> + Send + Sync,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Box::new(move || web::route().to(handler.clone()))
}

impl Route {
    /// The route of this path, of which segments may be parameters: `/orders/{id}`.
    pub(crate) fn at(path: &'static str) -> Route {
        let parts: Vec<&'static str> = path.split(['{', '}']).step_by(2).collect();
        let shape = match parts[..] {
            [_] => Shape::Whole(path.trim_end_matches('/')),
            [beginning, ""] => Shape::Segment(beginning),
            _ => Shape::Parts { parts, has_slashes: false },
        };
        Route {
            path,
            label: path,
            shape,
            pattern: None,
            operations: Vec::new(),
            allow: String::new(),
            tells_pages: false,
            is_websocket: false,
            is_control: false,
            is_always_served: false,
            tells_refusals: true,
            is_steady: false,
        }
    }

    /// Is read with `GET` and `HEAD`.
    pub(crate) fn read(self, handle: Handle, describe: Describe) -> Route {
        self.operation(Method::GET, true, handle, describe)
    }

    pub(crate) fn post(self, handle: Handle, describe: Describe) -> Route {
        self.operation(Method::POST, false, handle, describe)
    }

    pub(crate) fn put(self, handle: Handle, describe: Describe) -> Route {
        self.operation(Method::PUT, false, handle, describe)
    }

    pub(crate) fn patch(self, handle: Handle, describe: Describe) -> Route {
        self.operation(Method::PATCH, false, handle, describe)
    }

    pub(crate) fn delete(self, handle: Handle, describe: Describe) -> Route {
        self.operation(Method::DELETE, false, handle, describe)
    }

    /// Is a WebSocket. A browser shows what one tells to any page, so a page of elsewhere needs leave to open it.
    pub(crate) fn websocket(mut self, handle: Handle, describe: Describe) -> Route {
        self.is_websocket = true;
        self.tells_pages = true;
        self.operation(Method::GET, false, handle, describe)
    }

    /// Is for this server's own pages only, also where it is merely read, and whatever else pages of elsewhere may do.
    pub(crate) fn control(mut self) -> Route {
        self.tells_pages = true;
        self.is_control = true;
        self.steady()
    }

    /// No fault ever befalls it.
    pub(crate) fn steady(mut self) -> Route {
        self.is_steady = true;
        self
    }

    /// Is answered at every moment, also while the server starts.
    pub(crate) fn always(mut self) -> Route {
        self.is_always_served = true;
        self
    }

    /// What is refused here is no reject: it is asked for by probes, or by the page.
    pub(crate) fn quiet(mut self) -> Route {
        self.tells_refusals = false;
        self
    }

    /// Its parameter may have slashes: whatever lies below it is its own.
    pub(crate) fn with_slashes(mut self) -> Route {
        match &mut self.shape {
            Shape::Segment(beginning) => self.shape = Shape::Below(beginning),
            Shape::Parts { has_slashes, .. } => *has_slashes = true,
            Shape::Whole(_) | Shape::Below(_) => {}
        }
        self.pattern = self.path.strip_suffix('}').map(|path| format!("{path}:.+}}"));
        self
    }

    /// Is counted as this path, and so is whatever else lies below it.
    pub(crate) fn counted_as(mut self, path: &'static str) -> Route {
        if let Shape::Segment(beginning) = self.shape {
            self.shape = Shape::Below(beginning);
        }
        self.label = path;
        self
    }

    fn operation(mut self, method: Method, is_read: bool, handle: Handle, describe: Describe) -> Route {
        self.operations.push(Operation { method, is_read, handle, describe });
        self.allow = self.list_methods();
        self
    }

    fn list_methods(&self) -> String {
        const LISTED: [Method; 6] =
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let knows = |method: &Method| {
            let is_head = *method == Method::HEAD;
            self.operations.iter().any(|operation| operation.method == *method || (is_head && operation.is_read))
        };
        let known: Vec<&str> = LISTED.iter().filter(|method| knows(method)).map(Method::as_str).collect();
        known.join(", ")
    }

    /// The path's pattern.
    pub(crate) fn path(&self) -> &'static str {
        self.path
    }

    /// What the metrics call it.
    pub(crate) fn label(&self) -> &'static str {
        self.label
    }

    /// The methods that it knows, as `Allow` lists them.
    pub(crate) fn allow(&self) -> &str {
        &self.allow
    }

    /// Whether what it tells must be kept from pages of elsewhere by us, because browsers do not.
    pub(crate) fn tells_pages(&self) -> bool {
        self.tells_pages
    }

    /// Whether it is for this server's own pages only.
    pub(crate) fn is_control(&self) -> bool {
        self.is_control
    }

    /// Whether it is a WebSocket.
    pub(crate) fn is_websocket(&self) -> bool {
        self.is_websocket
    }

    /// Whether it is answered while the server starts.
    pub(crate) fn is_always_served(&self) -> bool {
        self.is_always_served
    }

    /// Whether what is refused here is told as a reject.
    pub(crate) fn tells_refusals(&self) -> bool {
        self.tells_refusals
    }

    /// Whether no fault ever befalls it.
    pub(crate) fn is_steady(&self) -> bool {
        self.is_steady
    }

    pub(super) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Whether this path, without the slash that may stand at its end, is this route's.
    pub(super) fn is_of(&self, path: &str) -> bool {
        match self.shape {
            Shape::Whole(own) => path == own,
            Shape::Segment(beginning) => path.strip_prefix(beginning).is_some_and(|segment| !segment.contains('/')),
            Shape::Below(beginning) => path.starts_with(beginning),
            Shape::Parts { ref parts, has_slashes } => is_of_parts(path, parts, has_slashes),
        }
    }

    /// The paths at which it is to be served: its own, and the same with a slash at the end. Two, and not one with two
    /// patterns: that would be matched by a regular expression, at every request.
    pub(super) fn paths(&self) -> Vec<String> {
        match &self.pattern {
            Some(pattern) => vec![pattern.clone()],
            None if self.path.ends_with('/') => vec![self.path.to_owned()],
            None => vec![self.path.to_owned(), format!("{}/", self.path)],
        }
    }

    /// How a worker serves it at one of its paths: a method that it does not know is 405.
    pub(super) fn resource(&'static self, path: &str) -> Resource {
        let wrong_method = move || async move { Err::<HttpResponse, _>(Refusal::WrongMethod(&self.allow)) };
        let mut resource = web::resource(path).default_service(web::to(wrong_method));
        for operation in &self.operations {
            resource = resource.route(on(&operation.method, (operation.handle)()));
            if operation.is_read {
                resource = resource.route(on(&Method::HEAD, (operation.handle)()));
            }
        }
        resource
    }
}

/// What is asked with this method.
///
/// actix's own guards note the methods of a path in each request, for a 405 of its own: three allocations.
fn on(method: &Method, route: actix_web::Route) -> actix_web::Route {
    let method = method.clone();
    route.guard(fn_guard(move |request| request.head().method == method))
}

/// Whether a path has these parts, and a segment between each two.
fn is_of_parts(path: &str, parts: &[&'static str], has_slashes: bool) -> bool {
    let [first, between @ .., last] = parts else { return false };
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    for part in between {
        let next = rest.find('/').and_then(|end| rest[end..].strip_prefix(part));
        let Some(next) = next else { return false };
        rest = next;
    }
    match (rest.find('/'), last.is_empty()) {
        (end, true) => end.is_none() || has_slashes,
        (end, false) => end.is_some_and(|end| rest[end..] == **last),
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn segments_anywhere_in_a_path_may_be_parameters() {
        let inner = Route::at("/a/{id}/end");
        let both = Route::at("/a/{id}/b/{symbol}");
        let below = Route::at("/a/{id}/b/{symbol}").with_slashes();
        for (path, is_inner, is_both, is_below) in [
            ("/a/1/end", true, false, false),
            ("/a//end", true, false, false),
            ("/a/1/2/end", false, false, false),
            ("/a/1/ends", false, false, false),
            ("/a/1", false, false, false),
            ("/a/1/b/2", false, true, true),
            ("/a/1/b/2/3", false, false, true),
            ("/a/1/2/b/3", false, false, false),
            ("/a/1/b", false, false, false),
            ("/b/1/end", false, false, false),
        ] {
            assert_eq!([&inner, &both, &below].map(|route| route.is_of(path)), [is_inner, is_both, is_below], "{path}");
        }
        assert_eq!(below.paths(), ["/a/{id}/b/{symbol:.+}"]);
        assert_eq!(inner.paths(), ["/a/{id}/end", "/a/{id}/end/"]);
    }
}
