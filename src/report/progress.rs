//! Progress on standard error: bars on a terminal, a plain line every few seconds elsewhere.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{grouped, safe};
use crate::event::{Event, Observer, Phase};

/// How often a plain line is written.
const LINE_INTERVAL: Duration = Duration::from_secs(5);
/// How many names of tables under way are shown.
const NAMES_SHOWN: usize = 3;

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// Moving bars.
    Bars,
    /// Plain lines.
    Lines,
    /// Nothing but notices.
    Quiet,
}

/// An observer that draws what it hears on standard error.
pub struct Progress {
    display: Display,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    phase: Option<Current>,
    /// Tables under way, with how many streams of each.
    tables: BTreeMap<String, usize>,
}

struct Current {
    phase: Phase,
    expected: Option<u64>,
    done: u64,
    bytes: u64,
    started: Instant,
    last_line: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Makes an observer.
    pub fn new(display: Display) -> Self {
        Self { display, state: Mutex::default() }
    }
}

impl Observer for Progress {
    fn notice(&self, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::PhaseStarted { phase, expected } => state.start(*phase, *expected, self.display),
            Event::PhaseFinished { phase } => state.finish(*phase, self.display),
            Event::TableStarted { table, .. } => {
                *state.tables.entry((*table).to_owned()).or_default() += 1;
                state.name_tables();
            }
            Event::TableFinished { table } => {
                if let Some(streams) = state.tables.get_mut(*table) {
                    *streams -= 1;
                    if *streams == 0 {
                        state.tables.remove(*table);
                    }
                }
                state.name_tables();
            }
            Event::Progressed { rows, bytes, .. } => state.advance(*rows, *bytes, self.display),
            Event::StepStarted { revision, up } => {
                let step = format!("{} {}", if *up { "up" } else { "down" }, safe(revision));
                match &state.phase {
                    Some(Current { bar: Some(bar), .. }) => {
                        bar.set_message(step);
                        bar.inc(1);
                    }
                    _ if self.display == Display::Lines => state.say(&step),
                    _ => {}
                }
            }
            Event::Waiting { .. } | Event::Retrying { .. } if self.display == Display::Quiet => {}
            Event::Waiting { holder, left } => state.say(&format!(
                "waiting for another run to end ({}); for {} s more at the most (--wait)",
                safe(holder),
                left.as_secs()
            )),
            Event::Retrying { what, attempt, attempts } => state
                .say(&format!("{}: another program holds a lock; trying again ({attempt} of {attempts})", safe(what))),
            Event::Notice { text } => state.say(&format!("note: {}", safe(text))),
        }
    }
}

impl State {
    fn start(&mut self, phase: Phase, expected: Option<u64>, display: Display) {
        self.tables.clear();
        let bar = (display == Display::Bars).then(|| bar(phase, expected));
        let now = Instant::now();
        self.phase = Some(Current { phase, expected, done: 0, bytes: 0, started: now, last_line: now, bar });
    }

    fn finish(&mut self, phase: Phase, display: Display) {
        let Some(current) = self.phase.take() else { return };
        if let Some(bar) = &current.bar {
            bar.finish_and_clear();
        }
        if display == Display::Lines && current.last_line.duration_since(current.started) >= LINE_INTERVAL {
            self.say(&format!("{}: done in {:.1} s", phase.name(), current.started.elapsed().as_secs_f64()));
        }
    }

    fn advance(&mut self, rows: u64, bytes: u64, display: Display) {
        let Some(current) = &mut self.phase else { return };
        current.done += rows;
        current.bytes += bytes;
        if let Some(bar) = &current.bar {
            bar.inc(rows);
        }
        if display == Display::Lines && current.last_line.elapsed() >= LINE_INTERVAL {
            current.last_line = Instant::now();
            let line = line(current, &names(&self.tables));
            self.say(&line);
        }
    }

    fn name_tables(&self) {
        if let Some(Current { bar: Some(bar), .. }) = &self.phase {
            bar.set_message(names(&self.tables));
        }
    }

    fn say(&self, text: &str) {
        match &self.phase {
            Some(Current { bar: Some(bar), .. }) => bar.suspend(|| write_line(text)),
            _ => write_line(text),
        }
    }
}

fn write_line(text: &str) {
    // Nothing can be done about a standard error that is closed.
    writeln!(std::io::stderr().lock(), "{text}").ok();
}

fn bar(phase: Phase, expected: Option<u64>) -> ProgressBar {
    let template = match (phase, expected) {
        (Phase::Start, _) => "{prefix:>10} {spinner}",
        (Phase::Finish | Phase::Migrate, _) => "{prefix:>10} [{bar:30}] {human_pos:>11}/{human_len}  {wide_msg}",
        (_, Some(_)) => "{prefix:>10} [{bar:30}] {human_pos:>11}/{human_len} {rate:>12}  {eta:>4}  {wide_msg}",
        (_, None) => "{prefix:>10} {spinner} {human_pos:>11} {rate:>12}  {wide_msg}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let style = style.progress_chars("━╸ ").with_key("rate", write_rate);
    let bar = ProgressBar::with_draw_target(expected, ProgressDrawTarget::stderr()).with_style(style);
    bar.set_prefix(phase.name());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate for people")]
fn write_rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    write!(out, "{}/s", grouped(state.per_sec() as u64)).ok();
}

fn names(tables: &BTreeMap<String, usize>) -> String {
    let mut names: Vec<String> = tables.keys().take(NAMES_SHOWN).map(|name| safe(name)).collect();
    if tables.len() > NAMES_SHOWN {
        names.push("…".into());
    }
    names.join(", ")
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate for people"
)]
fn line(current: &Current, names: &str) -> String {
    let seconds = current.started.elapsed().as_secs_f64();
    let done = match current.expected {
        Some(expected) if expected > 0 => {
            format!("{} of {} ({} %)", grouped(current.done), grouped(expected), current.done * 100 / expected)
        }
        _ => grouped(current.done),
    };
    let unit = if current.phase == Phase::Finish { "steps" } else { "rows" };
    let rate = grouped((current.done as f64 / seconds) as u64);
    let megabytes =
        if current.bytes > 0 { format!(", {:.1} MB/s", current.bytes as f64 / 1e6 / seconds) } else { String::new() };
    format!("{}: {done} {unit}, {rate} {unit}/s{megabytes}; {names}", current.phase.name())
}
