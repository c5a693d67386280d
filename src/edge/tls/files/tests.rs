//! What is wrong with files is told, whatever it is; and nothing of a key.

use rcgen::{CertificateParams, KeyPair};

use super::*;

/// A certificate and its key.
fn signed() -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a sound name");
    (params.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

/// What is said of files that hold this.
fn said(cert: &str, key: &str, client_ca: Option<&str>) -> Result<(), String> {
    let content = |text: &str| Ok(text.as_bytes().to_vec());
    let files = Files { cert: "c.pem".into(), key: "k.pem".into(), client_ca: client_ca.map(|_| "a.pem".into()) };
    let held = Held { cert: content(cert), key: content(key), client_ca: client_ca.map(content) };
    files.config(&held).map(drop).map_err(|faults| faults.to_string())
}

#[test]
fn files_that_belong_together_are_taken() {
    let (cert, key) = signed();
    assert_eq!(said(&cert, &key, None), Ok(()));
    assert_eq!(said(&cert, &key, Some(&signed().0)), Ok(()));
    assert_eq!(said(&format!("Of Pit\n{cert}{}", signed().0), &key, None), Ok(()), "a chain, and words");
    assert_eq!(said(&format!("{key}{cert}"), &format!("{cert}{key}"), None), Ok(()), "all in one file");
}

#[test]
fn each_fault_is_told_with_its_flag() {
    let (cert, key) = signed();
    let cut = |text: &str| text[..text.len() / 2].to_owned();
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let no_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let cases: [(&str, &str, Option<&str>, &str); 12] = [
        ("", &key, None, "--tls-cert c.pem holds no certificate"),
        (&key, &key, None, "--tls-cert c.pem holds no certificate"),
        (&cut(&cert), &key, None, "--tls-cert c.pem is a PEM file that is cut short"),
        (hollow, &key, None, "--tls-cert c.pem begins with a certificate that is none"),
        (&cert, "", None, "--tls-key k.pem holds no private key"),
        (&cert, &cert, None, "--tls-key k.pem holds no private key"),
        (&cert, &cut(&key), None, "--tls-key k.pem is a PEM file that is cut short"),
        (&cert, &encrypted, None, "--tls-key k.pem has a password"),
        (&cert, no_key, None, "--tls-key k.pem is of no kind that can be used"),
        (&cert, &signed().1, None, "--tls-key k.pem is not the key of the first certificate in --tls-cert c.pem"),
        (&cert, &key, Some(""), "--tls-client-ca a.pem holds no certificate"),
        (&cert, &key, Some(hollow), "--tls-client-ca a.pem holds a certificate that is none"),
    ];
    for (cert, key, client_ca, expected) in cases {
        let said = said(cert, key, client_ca).expect_err(expected);
        assert!(said.starts_with(expected), "{said}");
    }
    let all = said("", "", Some("")).expect_err("all");
    assert_eq!(all.split("; ").count(), 3, "{all}");
}

#[test]
fn a_file_that_is_not_there_or_too_large_is_told() {
    let folder = tempfile::tempdir().expect("room for a folder");
    let large = folder.path().join("large.pem");
    std::fs::write(&large, vec![b' '; FILE_BYTES as usize + 1]).expect("room for a file");
    let files = Files { cert: folder.path().join("none.pem"), key: large, client_ca: Some(folder.path().into()) };
    let said = files.config(&files.look()).expect_err("none can be used").to_string();
    for part in [
        "none.pem cannot be read: No such file",
        "large.pem cannot be read: it is larger than 1 MiB",
        "cannot be read: Is a directory",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
