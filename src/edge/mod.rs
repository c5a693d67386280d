//! The edge: what every request passes, whatever surface it is for.
//!
//! Owns the sockets, the connections and what each may send, and the gate. Must never know a surface: which routes there
//! are, and who answers them, comes from above. Bytes come in from clients; requests that were let in go on to a surface.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod gate;
pub(crate) mod listen;
pub(crate) mod refusal;
