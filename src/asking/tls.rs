//! TLS as the commands speak it to a server: whom they trust, and by what they show who they are.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tradepit_load::Target;

/// Names the file of those who are trusted, as for other programs.
const VARIABLE: &str = "SSL_CERT_FILE";
/// Where Debian and its like have it.
const USUAL: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Whom a connection is made to.
pub(crate) struct Trust(TlsConnector);

impl Trust {
    /// Whoever one of those has signed whom this machine trusts, or is one of them.
    pub(super) fn usual() -> io::Result<Trust> {
        let named = std::env::var_os(VARIABLE).filter(|named| !named.is_empty());
        let path = named.unwrap_or_else(|| USUAL.into());
        let trusted = certificates(Path::new(&path)).map_err(|why| {
            let path = Path::new(&path).display();
            io::Error::other(format!(
                "whom to trust must stand in {path}, or in the PEM file that {VARIABLE} names: {why}"
            ))
        })?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted.iter().cloned());
        let provider = Arc::new(ring::default_provider());
        let signed = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().ok();
        Trust::of(Known { trusted, signed, provider }, None)
    }

    /// The server that has these files, and nobody else; it is shown that whoever asks can read them.
    pub(crate) fn files(cert: &Path, key: &Path) -> io::Result<Trust> {
        let own = certificates(cert)?;
        let key = PrivateKeyDer::from_pem_slice(&fs::read(key)?).map_err(io::Error::other)?;
        let provider = Arc::new(ring::default_provider());
        Trust::of(Known { trusted: own[..1].to_vec(), signed: None, provider }, Some((own, key)))
    }

    fn of(known: Known, own: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>) -> io::Result<Trust> {
        let config = ClientConfig::builder_with_provider(Arc::clone(&known.provider));
        let config = config.with_safe_default_protocol_versions().map_err(io::Error::other)?;
        let config = config.dangerous().with_custom_certificate_verifier(Arc::new(known));
        let config = match own {
            None => config.with_no_client_auth(),
            Some((chain, key)) => config.with_client_auth_cert(chain, key).map_err(io::Error::other)?,
        };
        Ok(Trust(Arc::new(config).into()))
    }

    /// Takes up TLS with this server.
    pub(super) async fn begin(&self, whom: &Target, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let address = whom.address();
        let host = address.rsplit_once(':').map_or(&*address, |(host, _)| host);
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(io::Error::other)?;
        let tls = self.0.connect(name, tcp).await;
        tls.map_err(|why| match why.get_ref().and_then(|why| why.downcast_ref()) {
            Some(Error::InvalidCertificate(_)) => {
                io::Error::other(format!("{why}; name whom to trust by {VARIABLE}, a PEM file"))
            }
            _ => why,
        })
    }
}

/// The certificates in a file; there is at least one.
fn certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&fs::read(path)?).collect();
    let found = found.map_err(io::Error::other)?;
    if found.is_empty() { Err(io::Error::other("it holds no certificate")) } else { Ok(found) }
}

/// Those that are known: by themselves, or by whom they were signed.
#[derive(Debug)]
struct Known {
    trusted: Vec<CertificateDer<'static>>,
    signed: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // That it has the certificate's key its signature shows, below.
        if self.trusted.contains(end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        let signed = self.signed.as_ref().ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
        signed.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
