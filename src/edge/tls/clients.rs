//! Which clients are let in where they must show a certificate: whom the authority has signed, and the server itself.
//!
//! Whoever shows the server's own certificate has its key, and could be the server: there is nothing left to keep from
//! it. So `tradepit health` can ask a server beside it, with nothing but the server's own files.

use std::sync::Arc;

use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

/// Those that are let in.
#[derive(Debug)]
pub(super) struct Clients {
    own: CertificateDer<'static>,
    signed: Arc<dyn ClientCertVerifier>,
}

impl Clients {
    /// Whom this verifies, and who has the server's own certificate.
    pub(super) fn new(own: &CertificateDer<'static>, signed: Arc<dyn ClientCertVerifier>) -> Clients {
        Clients { own: own.clone(), signed }
    }
}

impl ClientCertVerifier for Clients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.signed.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        // That it has the certificate's key its signature shows, below.
        if *end_entity == self.own {
            return Ok(ClientCertVerified::assertion());
        }
        self.signed.verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signed.supported_verify_schemes()
    }
}
