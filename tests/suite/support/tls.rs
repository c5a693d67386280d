//! TLS for tests: authorities and what they sign, made at run time, and clients that speak it.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tradepit::config::Config;

use super::{Reply, Request, in_time};

/// Every version that is spoken.
pub const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// Who signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

/// A certificate with its key, in PEM.
#[derive(Clone)]
pub struct Signed {
    pub cert: String,
    pub key: String,
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for whoever is on this machine.
    pub fn sign(&self) -> Signed {
        let names = ["localhost", "127.0.0.1"].map(str::to_owned).to_vec();
        let params = CertificateParams::new(names).expect("sound names");
        let key = KeyPair::generate().expect("a key");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        Signed { cert, key: key.serialize_pem() }
    }
}

/// The files that a server is started with.
pub struct Files {
    folder: TempDir,
}

impl Files {
    pub fn of(signed: &Signed) -> Files {
        let files = Files { folder: tempfile::tempdir().expect("room for a folder") };
        files.replace(signed);
        files
    }

    pub fn replace(&self, signed: &Signed) {
        self.write("cert.pem", &signed.cert);
        self.write("key.pem", &signed.key);
    }

    /// Writes a file; tells where it is.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).expect("room for a file");
        path.into_os_string().into_string().expect("its path is text")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The flags that name them.
    pub fn flags(&self) -> [String; 4] {
        let path = |name| self.path(name).into_os_string().into_string().expect("its path is text");
        ["--tls-cert".to_owned(), path("cert.pem"), "--tls-key".to_owned(), path("key.pem")]
    }

    /// The same in code.
    pub fn set(&self, config: &mut Config) {
        config.tls.cert = Some(self.path("cert.pem"));
        config.tls.key = Some(self.path("key.pem"));
    }
}

/// A client that trusts this authority, speaks these versions, and may have a certificate of its own.
pub fn client(authority: &str, versions: &[&'static SupportedProtocolVersion], own: Option<&Signed>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate");
    roots.add(root).expect("a sound certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config =
        config.with_protocol_versions(versions).expect("versions that are there").with_root_certificates(roots);
    let mut config = match own {
        None => config.with_no_client_auth(),
        Some(Signed { cert, key }) => {
            let cert = CertificateDer::from_pem_slice(cert.as_bytes()).expect("a certificate");
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
            config.with_client_auth_cert(vec![cert], key).expect("they belong together")
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config).into()
}

/// Opens a connection; the server is asked for as localhost.
pub async fn connect(client: &TlsConnector, addr: SocketAddr) -> io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(addr).await.expect("the server accepts");
    tcp.set_nodelay(true).expect("the socket takes the option");
    let name = ServerName::try_from("localhost").expect("a name");
    in_time("a handshake", client.connect(name, tcp)).await
}

/// Sends a request on a connection of its own; or why that could not be.
pub async fn ask(client: &TlsConnector, addr: SocketAddr, request: Request) -> io::Result<Reply> {
    let mut stream = connect(client, addr).await?;
    stream.write_all(&request.bytes()).await?;
    let mut answer = Vec::new();
    in_time("a reply", stream.read_to_end(&mut answer)).await?;
    Ok(Reply::parse(&answer))
}
