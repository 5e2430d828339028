//! One row of the history.

use std::time::Duration;

use time::OffsetDateTime;

/// What stands before a hash of statements in a note.
const TEXT_HASH: &str = "sha256:";

/// What stands between two notes.
pub(in crate::migrate) const NOTE_SEPARATOR: &str = "; ";

/// What was done to a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recorded {
    /// Its way up was run.
    Up,
    /// Its way down was run.
    Down,
    /// It was recorded as applied without running it.
    Stamp,
    /// It was recorded as not applied without running its way down.
    Unstamp,
    /// It was taken over from another tool's history.
    Adopt,
    /// Its record was corrected.
    Repair,
    /// It took the place of others.
    Squash,
}

impl Recorded {
    const ALL: [Self; 7] = [Self::Up, Self::Down, Self::Stamp, Self::Unstamp, Self::Adopt, Self::Repair, Self::Squash];

    /// Its name in the history.
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Stamp => "stamp",
            Self::Unstamp => "unstamp",
            Self::Adopt => "adopt",
            Self::Repair => "repair",
            Self::Squash => "squash",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// To its end.
    Done,
    /// A script without a transaction has started.
    Started,
    /// A statement of it has begun that cannot be recorded together with its effect.
    Begun,
    /// A statement of it has ended.
    Statement,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Done, Self::Started, Self::Begun, Self::Statement];

    /// Its name in the history.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Started => "started",
            Self::Begun => "begun",
            Self::Statement => "statement",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Record {
    /// The revision.
    pub revision: String,
    /// What was done to it.
    pub way: Recorded,
    /// How far it came.
    pub outcome: Outcome,
    /// Which statement, counted from one, of a script without a transaction.
    pub statement: Option<usize>,
    /// When it began: UTC, in RFC 3339's form, to the microsecond.
    pub started_at: String,
    /// When it ended, in the same form.
    pub finished_at: String,
    /// How long it took.
    pub duration_ms: Option<u64>,
    /// Who did it: PostgreSQL's role or the user of the machine; filled in when the row is written.
    pub applied_by: Option<String>,
    /// The checksum of the revision's files.
    pub checksum: Option<String>,
    /// The version of this program.
    pub tool_version: String,
    /// What else there is to say.
    pub note: Option<String>,
}

impl Record {
    /// A record of this moment.
    pub fn new(revision: &str, way: Recorded, outcome: Outcome) -> Self {
        let now = now_rfc3339();
        Self {
            revision: revision.to_owned(),
            way,
            outcome,
            statement: None,
            started_at: now.clone(),
            finished_at: now,
            duration_ms: None,
            applied_by: None,
            checksum: None,
            tool_version: env!("CARGO_PKG_VERSION").into(),
            note: None,
        }
    }

    /// With the checksum of the revision's files.
    pub fn with_checksum(mut self, checksum: impl Into<String>) -> Self {
        self.checksum = Some(checksum.into());
        self
    }

    /// Having begun so long ago.
    pub fn with_duration(mut self, duration: Duration) -> Self {
        let now = OffsetDateTime::now_utc();
        self.started_at = rfc3339(now - duration);
        self.finished_at = rfc3339(now);
        self.duration_ms = Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// Of one statement, counted from one.
    pub fn at_statement(mut self, statement: Option<usize>) -> Self {
        self.statement = statement;
        self
    }

    /// With something more to say.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With the hash of the statements up to its own, which tells on resuming whether they are still the same.
    pub fn with_text_hash(self, hash: &str) -> Self {
        let said = self.note.as_deref().map_or_else(String::new, |note| format!(" {note}"));
        self.with_note(format!("{TEXT_HASH}{hash}{said}"))
    }

    /// The hash of the statements up to its own.
    pub fn text_hash(&self) -> Option<&str> {
        self.note.as_deref()?.strip_prefix(TEXT_HASH)?.split_whitespace().next()
    }

    /// What else there is to say, note by note.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.note.as_deref().unwrap_or_default().split(NOTE_SEPARATOR)
    }

    /// How far it came, for a reader.
    pub fn outcome_in_words(&self) -> String {
        match (self.outcome, self.statement) {
            (Outcome::Statement, Some(statement)) => format!("statement {statement} done"),
            (Outcome::Begun, Some(statement)) => format!("statement {statement} begun"),
            (outcome, _) => outcome.name().to_owned(),
        }
    }
}

/// This moment: UTC, in RFC 3339's form, to the microsecond.
pub fn now_rfc3339() -> String {
    rfc3339(OffsetDateTime::now_utc())
}

fn rfc3339(moment: OffsetDateTime) -> String {
    let (hour, minute, second, micro) = moment.time().as_hms_micro();
    format!("{}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z", moment.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_to_the_microsecond() {
        assert_eq!(rfc3339(OffsetDateTime::UNIX_EPOCH), "1970-01-01T00:00:00.000000Z");
        let later = OffsetDateTime::UNIX_EPOCH + Duration::from_nanos(86_400_000_001_999);
        assert_eq!(rfc3339(later), "1970-01-02T00:00:00.000001Z");
    }

    #[test]
    fn a_hash_stands_before_what_else_is_noted() {
        let record = Record::new("a", Recorded::Up, Outcome::Statement);
        assert_eq!(record.text_hash(), None);
        let record = record.with_note("failed").with_text_hash("beef");
        assert_eq!((record.note.as_deref(), record.text_hash()), (Some("sha256:beef failed"), Some("beef")));
    }

    #[test]
    fn every_name_is_read_back() {
        assert!(Recorded::ALL.iter().all(|way| Recorded::parse(way.name()) == Some(*way)));
        assert!(Outcome::ALL.iter().all(|outcome| Outcome::parse(outcome.name()) == Some(*outcome)));
        assert_eq!((Recorded::parse("sideways"), Outcome::parse("")), (None, None));
    }
}
