//! Whether the server's doors stand open: whether anybody but this machine's own reaches it, and is asked for nothing.

use std::net::SocketAddr;

use crate::config::Config;

/// Warns before a server of this configuration serves on these addresses, unless it is meant.
pub(crate) fn warn(config: &Config, addresses: &[SocketAddr]) {
    if let Some(warning) = warning(config, addresses) {
        log::warn!("{warning}");
    }
}

fn warning(config: &Config, addresses: &[SocketAddr]) -> Option<String> {
    if config.insecure || config.tls.client_ca.is_some() {
        return None;
    }
    let open = addresses.iter().filter(|address| !address.ip().to_canonical().is_loopback());
    let open: Vec<String> = open.map(SocketAddr::to_string).collect();
    (!open.is_empty()).then(|| {
        format!(
            "whoever reaches {} may do everything here: there are no keys. Let in only clients with a certificate \
             (--tls-client-ca), listen on loopback (--host), or say that it is meant (--insecure)",
            open.join(" and ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warned(addresses: &[&str], adjust: impl FnOnce(&mut Config)) -> Option<String> {
        let mut config = Config::default();
        adjust(&mut config);
        let addresses: Vec<_> = addresses.iter().map(|address| address.parse().expect(address)).collect();
        warning(&config, &addresses)
    }

    #[test]
    fn what_is_open_is_named_and_loopback_is_not_open() {
        assert_eq!(warned(&["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "127.9.9.9:1"], |_| {}), None);
        let said = warned(&["127.0.0.1:1", "10.0.0.7:1", "[::]:1"], |_| {}).expect("two are open");
        assert!(said.contains("whoever reaches 10.0.0.7:1 and [::]:1 may"), "{said}");
    }

    #[test]
    fn nobody_is_warned_of_what_is_meant_or_asks_for_certificates() {
        assert_eq!(warned(&["0.0.0.0:1"], |config| config.insecure = true), None);
        assert_eq!(warned(&["0.0.0.0:1"], |config| config.tls.client_ca = Some("a.pem".into())), None);
    }
}
