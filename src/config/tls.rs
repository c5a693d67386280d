//! The flags of TLS, and what they come to.

use std::path::PathBuf;

use crate::edge::tls::Files;

/// The files that TLS is set up with; plain HTTP where nothing is said.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct TlsConfig {
    /// The server's certificate, and those that signed it, as a PEM file: then nothing but https is spoken. What is
    /// changed in the file counts within some seconds, for new connections [default: none, plain HTTP].
    #[arg(id = "tls_cert", long = "tls-cert", env = "TRADEPIT_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub cert: Option<PathBuf>,

    /// The certificate's private key, as a PEM file, without a password [default: none].
    #[arg(id = "tls_key", long = "tls-key", env = "TRADEPIT_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub key: Option<PathBuf>,

    /// Lets in only clients with a certificate that one of those in this PEM file has signed [default: clients need
    /// none].
    #[arg(
        id = "tls_client_ca",
        long = "tls-client-ca",
        env = "TRADEPIT_TLS_CLIENT_CA",
        value_name = "FILE",
        requires = "tls_cert"
    )]
    pub client_ca: Option<PathBuf>,
}

impl TlsConfig {
    /// The files, where TLS is asked for.
    pub(crate) fn files(&self) -> Result<Option<Files>, &'static str> {
        let TlsConfig { cert, key, client_ca } = self.clone();
        match (cert, key) {
            (Some(cert), Some(key)) => Ok(Some(Files { cert, key, client_ca })),
            (None, None) if client_ca.is_none() => Ok(None),
            // The command line has said so already; code may say anything.
            _ => Err("--tls-cert and --tls-key must both be given, and --tls-client-ca only with them"),
        }
    }
}
