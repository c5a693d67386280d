//! Books as clients keep them: whole at first, then as they change. What is told of them, and that a client that
//! follows has the server's own book after every change.

mod client;
mod following;
mod told;
