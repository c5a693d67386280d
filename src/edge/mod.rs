//! The edge: what every request passes, whatever surface it is for.
//!
//! Owns the sockets, TLS, the connections and what each may send, the gate, the shape of the route table, what is made
//! to go wrong on purpose, the count of what is answered and the newest of what was refused. Must never know a surface:
//! which routes there are, and who answers them, comes from above as data. Bytes come in from clients; requests that
//! were let in go on to a surface.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod described;
pub(crate) mod faults;
pub(crate) mod gate;
pub(crate) mod here;
pub(crate) mod listen;
pub(crate) mod refusal;
pub(crate) mod rejects;
pub(crate) mod route;
pub(crate) mod table;
pub(crate) mod tls;
pub(crate) mod traffic;
