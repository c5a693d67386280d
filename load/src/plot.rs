//! The plots of the page, as inline SVG.
//!
//! Owns scales, ticks and marks. Colours come from the page's style sheet by
//! class, so that a plot is readable on light and on dark. Every sample is in
//! the picture: too many for dots become a density, never a selection.

use std::fmt::Write;

use super::clock::Micros;
use super::record::Sample;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
/// Room for three names of marks above the picture.
const TOP: f64 = 52.0;
const BOTTOM: f64 = 44.0;

/// Above this many samples dots would hide one another.
const DOTS: usize = 4_000;

const BARS: usize = 72;

/// Cells of the density, across and up.
const CELLS: (usize, usize) = (120, 40);

/// Maps values of 0 to `max` to a stretch of the picture.
#[derive(Clone, Copy)]
struct Scale {
    min: f64,
    max: f64,
    from: f64,
    to: f64,
}

impl Scale {
    fn across(min: f64, max: f64) -> Self {
        Self { min, max: if max > min { max } else { min + 1.0 }, from: LEFT, to: WIDTH - RIGHT }
    }

    fn up(max: f64) -> Self {
        Self { from: HEIGHT - BOTTOM, to: TOP, ..Self::across(0.0, max) }
    }

    fn at(self, value: f64) -> f64 {
        self.from + (value - self.min) / (self.max - self.min) * (self.to - self.from)
    }

    /// Round values within the scale, four to seven of them.
    fn ticks(self) -> Vec<f64> {
        let rough = (self.max - self.min) / 7.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|factor| factor * power)
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(10.0 * power);
        let first = (self.min / step).ceil() as i64;
        let last = (self.max / step).floor() as i64;
        (first..=last).map(|tick| tick as f64 * step).collect()
    }
}

/// A histogram of `sorted` durations, with `marks` (name, value) as lines over it.
pub(super) fn histogram(sorted: &[Micros], marks: &[(&str, Micros)], label: &str) -> String {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return String::new();
    };
    let span = (last - first).max(1) as f64;
    let mut counts = [0_u64; BARS];
    for value in sorted {
        let share = (value - first) as f64 / span;
        counts[((share * BARS as f64) as usize).min(BARS - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1);
    let x = Scale::across(ms(*first), ms(*first) + span / 1e3);
    let y = Scale::up(most as f64);
    let mut svg = open(label);
    axes(&mut svg, x, y, "ms", "orders");
    let width = (WIDTH - LEFT - RIGHT) / BARS as f64;
    for (bar, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let top = y.at(*count as f64);
        let (left, height) = (LEFT + bar as f64 * width, y.from - top);
        let low = x.min + bar as f64 * span / 1e3 / BARS as f64;
        put(
            &mut svg,
            format_args!(
                r#"<rect class="bar" x="{left:.1}" y="{top:.1}" width="{:.1}" height="{height:.1}" rx="1.5"><title>{count} from {low:.3} ms</title></rect>"#,
                width - 1.0
            ),
        );
    }
    for (row, (name, value)) in marks.iter().enumerate() {
        let at = x.at(ms(*value));
        // Near the right edge the name goes to the left of its line.
        let (anchor, shift) = if at > WIDTH - 80.0 { ("end", -4.0) } else { ("start", 4.0) };
        put(
            &mut svg,
            format_args!(
                r#"<line class="mark" x1="{at:.1}" x2="{at:.1}" y1="{:.1}" y2="{:.1}"/><text class="name" x="{:.1}" y="{:.1}" text-anchor="{anchor}">{name}</text>"#,
                2.0 + 14.0 * row as f64,
                y.from,
                at + shift,
                12.0 + 14.0 * row as f64,
            ),
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Durations over the time at which they ended.
pub(super) fn over_time(samples: &[Sample], elapsed: Micros, label: &str) -> String {
    let longest = samples.iter().map(|sample| sample.took).max().unwrap_or(1);
    let x = Scale::across(0.0, elapsed as f64 / 1e6);
    let y = Scale::up(ms(longest));
    let mut svg = open(label);
    axes(&mut svg, x, y, "s", "ms");
    if samples.len() <= DOTS {
        dots(&mut svg, samples, x, y);
    } else {
        density(&mut svg, samples, x, y);
    }
    svg.push_str("</svg>");
    svg
}

/// One path of points: a thousand circles would be ten times the bytes.
fn dots(svg: &mut String, samples: &[Sample], x: Scale, y: Scale) {
    svg.push_str(r#"<path class="dots" d=""#);
    for sample in samples {
        let (across, up) = (x.at(sample.at as f64 / 1e6), y.at(ms(sample.took)));
        put(svg, format_args!("M{across:.1} {up:.1}h0"));
    }
    svg.push_str(r#""/>"#);
}

/// A grid whose cells are the darker the more samples they hold.
fn density(svg: &mut String, samples: &[Sample], x: Scale, y: Scale) {
    let (columns, rows) = CELLS;
    let mut counts = vec![0_u64; columns * rows];
    let cell =
        |value: f64, scale: Scale, cells: usize| ((value / scale.max * cells as f64).max(0.0) as usize).min(cells - 1);
    for sample in samples {
        let column = cell(sample.at as f64 / 1e6, x, columns);
        counts[cell(ms(sample.took), y, rows) * columns + column] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1) as f64;
    let (width, height) = ((x.to - x.from) / columns as f64, (y.from - y.to) / rows as f64);
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let left = x.from + (index % columns) as f64 * width;
        let top = y.from - (index / columns + 1) as f64 * height;
        // By the logarithm, with a floor: a single straggler is to be seen.
        let shade = 0.18 + 0.82 * (*count as f64).ln_1p() / most.ln_1p();
        put(
            svg,
            format_args!(
                r#"<rect class="cell" x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" opacity="{shade:.2}"><title>{count}</title></rect>"#
            ),
        );
    }
}

fn axes(svg: &mut String, x: Scale, y: Scale, x_unit: &str, y_unit: &str) {
    for tick in y.ticks() {
        let at = y.at(tick);
        put(
            svg,
            format_args!(
                r#"<line class="grid" x1="{LEFT}" x2="{:.1}" y1="{at:.1}" y2="{at:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{tick}</text>"#,
                WIDTH - RIGHT,
                LEFT - 8.0,
                at + 4.0,
                tick = number(tick),
            ),
        );
    }
    for tick in x.ticks() {
        put(
            svg,
            format_args!(
                r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                x.at(tick),
                HEIGHT - BOTTOM + 18.0,
                number(tick),
            ),
        );
    }
    put(
        svg,
        format_args!(
            r#"<text class="unit" x="{:.1}" y="{:.1}" text-anchor="end">{x_unit}</text><text class="unit" x="{:.1}" y="{:.1}" text-anchor="end">{y_unit}</text>"#,
            WIDTH - RIGHT,
            HEIGHT - 8.0,
            LEFT - 8.0,
            TOP - 10.0,
        ),
    );
}

/// A tick's text, without the dust of binary fractions.
fn number(tick: f64) -> String {
    let text = format!("{tick:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn open(label: &str) -> String {
    format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#, super::markup::escape(label))
}

fn put(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = svg.write_fmt(text);
}

fn ms(time: Micros) -> f64 {
    time as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(count: usize) -> Vec<Sample> {
        let sample = |n: usize| Sample { at: n as Micros * 1_000, took: 100_000 + n as Micros };
        (0..count).map(sample).collect()
    }

    #[test]
    fn ticks_are_round_and_within_the_scale() {
        assert_eq!(Scale::across(0.0, 1000.0).ticks(), [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(Scale::across(101.0, 799.0).ticks(), [200.0, 300.0, 400.0, 500.0, 600.0, 700.0]);
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(200.0), "200");
    }

    #[test]
    fn a_histogram_counts_every_sample_once() {
        let values: Vec<Micros> = (0..1000).collect();
        let svg = histogram(&values, &[("50%", 500)], "x");
        let counted: u64 =
            svg.split("<title>").skip(1).map(|part| part.split(' ').next().unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!(counted, 1000);
        assert!(svg.contains(">50%</text>"));
    }

    #[test]
    fn equal_samples_make_one_bar() {
        let svg = histogram(&[5; 7], &[], "x");
        assert_eq!(svg.matches("<rect").count(), 1);
        assert!(svg.contains("<title>7 from"), "{svg}");
    }

    #[test]
    fn few_samples_are_dots_and_many_a_density_of_all() {
        let few = over_time(&samples(DOTS), 10_000_000, "x");
        assert_eq!(few.matches('M').count(), DOTS);
        let many = over_time(&samples(DOTS + 1), 10_000_000, "x");
        let counted: usize =
            many.split("<title>").skip(1).map(|part| part.split('<').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(counted, DOTS + 1);
    }
}
