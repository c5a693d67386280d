//! In which of its two formats `GET /metrics` is answered (RFC 9110 section 12.5.1): whatever the scraper likes better.
//!
//! Reads `Accept` and chooses; writes neither format.

use actix_web::http::header::{self, HeaderMap};

/// A format of the metrics' text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricsFormat {
    /// Prometheus' own, version 0.0.4: for whoever does not ask for the other.
    Classic,
    OpenMetrics,
}

impl MetricsFormat {
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            MetricsFormat::Classic => "text/plain; version=0.0.4; charset=utf-8",
            MetricsFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// The one that the client likes better; of two that it likes alike the one that it names.
    pub(crate) fn liked(headers: &HeaderMap) -> MetricsFormat {
        let accepts = headers.get_all(header::ACCEPT).filter_map(|accept| accept.to_str().ok());
        let ranges: Vec<Range<'_>> = accepts.flat_map(|accept| accept.split(',')).filter_map(Range::parse).collect();
        let [classic, open] = [("text/plain", "0.0.4"), ("application/openmetrics-text", "1.0.0")]
            .map(|(name, version)| ranges.iter().filter_map(|range| range.likes(name, version)).max());
        let quality = |liking: Option<Liking>| liking.map_or(0, |liking| liking.quality);
        let is_named = open.is_some_and(|liking| liking.names_it);
        if quality(open) > quality(classic) || (is_named && quality(open) > 0 && quality(open) == quality(classic)) {
            MetricsFormat::OpenMetrics
        } else {
            MetricsFormat::Classic
        }
    }
}

/// What a range says of a type. Of several the most exact counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Liking {
    names_it: bool,
    names_its_kind: bool,
    /// In thousandths.
    quality: u16,
}

struct Range<'a> {
    name: &'a str,
    version: Option<&'a str>,
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` where its quality is no number.
    fn parse(item: &'a str) -> Option<Range<'a>> {
        let mut parts = item.split(';').map(str::trim);
        let mut range = Range { name: parts.next()?, version: None, quality: 1_000 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.eq_ignore_ascii_case("q") {
                let quality: f32 = value.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?;
                range.quality = (quality * 1_000.0).round() as u16;
            } else if name.eq_ignore_ascii_case("version") {
                range.version = Some(value.trim_matches('"'));
            }
        }
        Some(range)
    }

    fn likes(&self, name: &str, version: &str) -> Option<Liking> {
        let names_it = self.name.eq_ignore_ascii_case(name) && self.version.is_none_or(|asked| asked == version);
        let kind = self.name.strip_suffix("/*");
        let names_its_kind =
            kind.zip(name.split_once('/')).is_some_and(|(kind, (its, _))| kind.eq_ignore_ascii_case(its));
        (names_it || names_its_kind || self.name == "*/*").then_some(Liking {
            names_it,
            names_its_kind,
            quality: self.quality,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn liked(accepts: &[&str]) -> MetricsFormat {
        let request =
            accepts.iter().fold(TestRequest::get(), |request, accept| request.append_header((header::ACCEPT, *accept)));
        MetricsFormat::liked(request.to_http_request().headers())
    }

    #[test]
    fn the_format_is_what_the_client_likes_better() {
        let open = [
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "Application/OpenMetrics-Text;Version=1.0.0;q=0.5,text/plain;q=0.3",
            "text/plain;q=0.3,application/openmetrics-text;q=0.30001;q=0.4",
            "application/openmetrics-text;q=0.5;version=\"1.0.0\",text/plain;version=0.0.4;q=0.4",
            "application/openmetrics-text,text/plain",
            "text/plain,application/openmetrics-text",
            "application/*",
            "application/*;q=0.5,text/*;q=0.1",
            // Prometheus 2 and 3, and one that likes protocol buffers best.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        ];
        let classic = [
            "",
            "*/*",
            "text/*",
            "text/plain",
            "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0,*/*",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;version=2.0.0,text/plain;q=0.1",
            "application/openmetrics-text;q=x",
            "application/openmetrics-text;q=2,text/plain;q=0.1",
            "application/openmetrics-textual",
            "application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            ";;,,q=,",
        ];
        for accept in open {
            assert_eq!(liked(&[accept]), MetricsFormat::OpenMetrics, "{accept}");
        }
        for accept in classic {
            assert_eq!(liked(&[accept]), MetricsFormat::Classic, "{accept}");
        }
        assert_eq!(liked(&[]), MetricsFormat::Classic);
        assert_eq!(liked(&["text/plain;q=0.5", "application/openmetrics-text;q=0.6"]), MetricsFormat::OpenMetrics);
    }
}
