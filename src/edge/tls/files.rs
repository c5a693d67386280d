//! The files that TLS is set up with: looked at, and made into what handshakes are taken with.
//!
//! What is wrong is told with the flag that named the file and with what to do, all of it at once. Of a key nothing is
//! ever told.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{Error, RootCertStore, ServerConfig};

use super::clients::Clients;

/// A larger file holds no certificates.
const FILE_BYTES: u64 = 1024 * 1024;
/// The protocol that is spoken within (RFC 7301).
const HTTP: &[u8] = b"http/1.1";

/// Where everything lies, in PEM.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// The server's own certificate first, then those that signed it.
    pub(crate) cert: PathBuf,
    /// The first one's private key.
    pub(crate) key: PathBuf,
    /// By whom clients' certificates must be signed, where clients must have one.
    pub(crate) client_ca: Option<PathBuf>,
}

/// What the files held at a moment. It is never shown: there is a key in it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Held {
    cert: Content,
    key: Content,
    client_ca: Option<Content>,
}

/// What one file held, or why it could not be read.
type Content = Result<Vec<u8>, String>;

/// What is wrong with the files: a sentence each.
#[derive(Debug)]
pub(crate) struct Faults(Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Files {
    /// Reads them all.
    pub(crate) fn look(&self) -> Held {
        Held { cert: read(&self.cert), key: read(&self.key), client_ca: self.client_ca.as_deref().map(read) }
    }

    /// What handshakes are taken with where the files hold this.
    pub(super) fn config(&self, held: &Held) -> Result<ServerConfig, Faults> {
        let provider = Arc::new(ring::default_provider());
        let (certs, key) = (certificates("--tls-cert", &self.cert, &held.cert), self.private_key(&held.key));
        let clients = self.client_ca.as_deref().zip(held.client_ca.as_ref());
        let clients = clients.map(|(path, content)| verifier(path, content, &provider)).transpose();
        match (certs, key, clients) {
            (Ok(certs), Ok(key), Ok(clients)) => {
                self.join(certs, key, clients, provider).map_err(|why| Faults(vec![why]))
            }
            (certs, key, clients) => {
                Err(Faults([certs.err(), key.err(), clients.err()].into_iter().flatten().collect()))
            }
        }
    }

    fn private_key(&self, content: &Content) -> Result<PrivateKeyDer<'static>, String> {
        let named = format!("--tls-key {}", self.key.display());
        let content = content.as_ref().map_err(|why| format!("{named} cannot be read: {why}"))?;
        PrivateKeyDer::from_pem_slice(content).map_err(|why| match why {
            pem::Error::NoItemsFound if holds(content, "ENCRYPTED PRIVATE KEY") => {
                format!("{named} has a password, which nobody could be asked for: take it off (openssl pkey)")
            }
            pem::Error::NoItemsFound => {
                format!("{named} holds no private key: it must be a PEM file, with -----BEGIN PRIVATE KEY-----")
            }
            // Not what there is instead: it may be a part of the key.
            _ => format!("{named} is a PEM file that is cut short or damaged"),
        })
    }

    fn join(
        &self,
        certs: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        clients: Option<Arc<dyn ClientCertVerifier>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<ServerConfig, String> {
        let versions = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13, &TLS12]);
        let builder = versions.map_err(|why| format!("TLS cannot be set up: {why}"))?;
        let builder = match clients {
            Some(clients) => builder.with_client_cert_verifier(Arc::new(Clients::new(&certs[0], clients))),
            None => builder.with_no_client_auth(),
        };
        let (cert, key_file) = (self.cert.display(), self.key.display());
        let mut config = builder.with_single_cert(certs, key).map_err(|why| match why {
            Error::InconsistentKeys(_) => format!(
                "--tls-key {key_file} is not the key of the first certificate in --tls-cert {cert}: the server's own \
                 must come first there, then those that signed it"
            ),
            Error::InvalidCertificate(why) => {
                format!("--tls-cert {cert} begins with a certificate that is none: {why:?}")
            }
            _ => format!(
                "--tls-key {key_file} is of no kind that can be used: RSA of 2048 to 8192 bits, P-256, P-384, Ed25519"
            ),
        })?;
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(config)
    }
}

/// What a file holds, which must be small.
fn read(path: &Path) -> Content {
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES + 1).read_to_end(&mut content));
    match read {
        Ok(length) if length as u64 > FILE_BYTES => Err("it is larger than 1 MiB".to_owned()),
        Ok(_) => Ok(content),
        Err(error) => Err(error.to_string()),
    }
}

fn holds(content: &[u8], label: &str) -> bool {
    memchr::memmem::find(content, format!("-----BEGIN {label}-----").as_bytes()).is_some()
}

/// The certificates in a file; there is at least one.
fn certificates(flag: &str, path: &Path, content: &Content) -> Result<Vec<CertificateDer<'static>>, String> {
    let named = format!("{flag} {}", path.display());
    let content = content.as_ref().map_err(|why| format!("{named} cannot be read: {why}"))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(content).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => {
            Err(format!("{named} holds no certificate: it must be a PEM file, with -----BEGIN CERTIFICATE-----"))
        }
        Ok(certificates) => Ok(certificates),
        Err(_) => Err(format!("{named} is a PEM file that is cut short or damaged")),
    }
}

/// Who asks clients for a certificate that one of these has signed.
fn verifier(
    path: &Path,
    content: &Content,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("--tls-client-ca", path, content)? {
        let added = roots.add(certificate);
        added.map_err(|why| format!("--tls-client-ca {} holds a certificate that is none: {why}", path.display()))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier.map(|verifier| verifier as _).map_err(|why| format!("--tls-client-ca {}: {why}", path.display()))
}

#[cfg(test)]
mod tests;
