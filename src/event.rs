//! What the work tells while it runs, and who listens.

use std::time::Duration;

/// Something that happened during a run.
#[derive(Clone, Debug)]
pub enum Event<'e> {
    /// A phase began; it will handle so many rows, when that is known.
    PhaseStarted {
        /// The phase.
        phase: Phase,
        /// How many units (rows, or steps in the finish) are expected.
        expected: Option<u64>,
    },
    /// A phase came to its end.
    PhaseFinished {
        /// The phase.
        phase: Phase,
    },
    /// A table's turn began; several may be under way.
    TableStarted {
        /// The table's name in the source.
        table: &'e str,
        /// How many rows are expected.
        rows: u64,
    },
    /// Rows of a table were handled.
    Progressed {
        /// The table's name in the source.
        table: &'e str,
        /// How many more rows.
        rows: u64,
        /// How many more bytes on the wire.
        bytes: u64,
    },
    /// A table's turn ended.
    TableFinished {
        /// The table's name in the source.
        table: &'e str,
    },
    /// A revision's turn began.
    StepStarted {
        /// The revision's id.
        revision: &'e str,
        /// Whether it is applied; else it is reverted.
        up: bool,
    },
    /// The work waits for another run on the same database to end.
    Waiting {
        /// Who it is, as far as is known.
        holder: &'e str,
        /// How much longer it is waited for.
        left: Duration,
    },
    /// Another program held a lock for too long; the same is tried again.
    Retrying {
        /// What is tried again: a revision's id, or what else it is.
        what: &'e str,
        /// Which attempt begins, counted from one.
        attempt: u32,
        /// How many attempts there are at most.
        attempts: u32,
    },
    /// Something a person should know that is no error.
    Notice {
        /// One sentence, without any user's value.
        text: &'e str,
    },
}

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Starting a private server.
    Start,
    /// Reading what is stored, to choose types.
    Profile,
    /// Reading and casting rows that are not sent.
    Assess,
    /// Streaming rows.
    Load,
    /// Building keys, indexes, foreign keys and sequences.
    Finish,
    /// Comparing digests.
    Verify,
    /// Running revisions.
    Migrate,
}

impl Phase {
    /// Names the phase as a person would.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "starting",
            Self::Profile => "profiling",
            Self::Assess => "assessing",
            Self::Load => "loading",
            Self::Finish => "finishing",
            Self::Verify => "verifying",
            Self::Migrate => "migrating",
        }
    }
}

/// Listens to a run.
pub trait Observer: Send + Sync {
    /// Takes note of an event; must be quick, as the work waits for it.
    fn notice(&self, event: &Event<'_>);
}

/// Counts the rows of one table for an observer, and tells of them many at a time; of the last when it is dropped.
pub struct RowTicker<'t> {
    observer: &'t dyn Observer,
    table: &'t str,
    unsaid: u64,
}

impl<'t> RowTicker<'t> {
    /// How many rows make one event.
    const ROWS_PER_EVENT: u64 = 5_000;

    /// Starts at no row.
    pub fn new(observer: &'t dyn Observer, table: &'t str) -> Self {
        Self { observer, table, unsaid: 0 }
    }

    /// Counts one row.
    pub fn row(&mut self) {
        self.unsaid += 1;
        if self.unsaid == Self::ROWS_PER_EVENT {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let rows = std::mem::take(&mut self.unsaid);
        self.observer.notice(&Event::Progressed { table: self.table, rows, bytes: 0 });
    }
}

impl Drop for RowTicker<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}

/// An observer that does nothing.
pub struct Silent;

impl Observer for Silent {
    fn notice(&self, _event: &Event<'_>) {}
}
