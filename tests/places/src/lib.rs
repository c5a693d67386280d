//! `#[everywhere]`, in place of `#[tokio::test]`: one body, a test of it at each place where the contract holds.
//!
//! Knows the names of the places and no more: what they are is written in `tests/suite/support/places.rs`.

use proc_macro::TokenStream;

const PLACES: [&str; 3] = ["at_main", "in_a_venue", "in_a_frozen_venue"];

/// Makes tests of an `async fn` without arguments, in a module of its name: `NAME::at_main` and so on.
#[proc_macro_attribute]
pub fn everywhere(_: TokenStream, test: TokenStream) -> TokenStream {
    let words = test.clone().into_iter().map(|token| token.to_string());
    let name = words.skip_while(|word| word != "fn").nth(1).expect("it stands before a function");
    let tests = PLACES.map(|place| {
        let body = format!("crate::support::places::{place}(super::{name}()).await");
        format!("#[tokio::test] async fn {place}() {{ {body} }}")
    });
    let tests: TokenStream = format!("mod {name} {{ {} }}", tests.concat()).parse().expect("it is Rust");
    test.into_iter().chain(tests).collect()
}
