//! The text of OpenMetrics in the older format of Prometheus, version 0.0.4: for readers that do not ask for the newer.
//!
//! The samples are the same. What is said of a family stands under the name of its samples in the older format (a
//! counter's end in `_total`, an info's in `_info`), which knows no info, no unit and no end.

/// The same figures in the older format.
pub(super) fn from_open_metrics(text: &str) -> String {
    let mut classic = String::with_capacity(text.len());
    let mut help = None;
    for line in text.lines() {
        let Some(said) = line.strip_prefix("# ") else {
            classic.extend([line, "\n"]);
            continue;
        };
        match said.splitn(3, ' ').collect::<Vec<_>>()[..] {
            // It comes first, and the type says under which name.
            ["HELP", _, text] => help = Some(text),
            ["TYPE", family, kind] => {
                let (suffix, kind) = named(kind);
                if let Some(help) = help.take() {
                    classic.extend(["# HELP ", family, suffix, " ", help, "\n"]);
                }
                classic.extend(["# TYPE ", family, suffix, " ", kind, "\n"]);
            }
            _ => {}
        }
    }
    classic
}

/// What the samples of a type end in, where they share an end, and the type's name in the older format.
fn named(kind: &str) -> (&'static str, &str) {
    match kind {
        "counter" => ("_total", "counter"),
        "info" => ("_info", "gauge"),
        "unknown" => ("", "untyped"),
        kind => ("", kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_told_under_the_name_of_its_samples() {
        let open_metrics = "\
# HELP v_orders Orders since start.
# TYPE v_orders counter
v_orders_total{change=\"accepted\"} 2
v_orders_total{change=\"executed\"} 1
# HELP v_open Open, # TYPE of order.
# TYPE v_open gauge
v_open 1
# HELP v_late_seconds Late.
# TYPE v_late_seconds histogram
# UNIT v_late_seconds seconds
v_late_seconds_sum 0.5
v_late_seconds_count 1
v_late_seconds_bucket{le=\"+Inf\"} 1
# HELP v_venue The venue.
# TYPE v_venue info
v_venue_info{version=\"0.1.0\"} 1
# HELP v_odd No one knows.
# TYPE v_odd unknown
v_odd 7
# EOF
";
        let classic = "\
# HELP v_orders_total Orders since start.
# TYPE v_orders_total counter
v_orders_total{change=\"accepted\"} 2
v_orders_total{change=\"executed\"} 1
# HELP v_open Open, # TYPE of order.
# TYPE v_open gauge
v_open 1
# HELP v_late_seconds Late.
# TYPE v_late_seconds histogram
v_late_seconds_sum 0.5
v_late_seconds_count 1
v_late_seconds_bucket{le=\"+Inf\"} 1
# HELP v_venue_info The venue.
# TYPE v_venue_info gauge
v_venue_info{version=\"0.1.0\"} 1
# HELP v_odd No one knows.
# TYPE v_odd untyped
v_odd 7
";
        assert_eq!(from_open_metrics(open_metrics), classic);
        assert_eq!(from_open_metrics("# EOF\n"), "");
    }
}
