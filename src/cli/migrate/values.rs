//! The words that flags of `migrate` take.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::database::may_hold_password;
use crate::migrate::graph::Way;
use crate::migrate::repair::InDoubt;
use crate::migrate::{Bookkeeping, Dialect};
use crate::schema::Engine;

/// `--bookkeeping`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BookkeepingArg {
    /// The table `alembic_version`
    Alembic,
    /// The table `migratehistory`
    Peewee,
    /// The table `refinery_schema_history`
    Refinery,
}

/// `--dialect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// Portable SQL, for both engines
    Portable,
    /// The connected engine's own SQL
    Native,
}

/// `--engine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// SQLite
    Sqlite,
    /// PostgreSQL
    Postgres,
}

impl From<BookkeepingArg> for Bookkeeping {
    fn from(argument: BookkeepingArg) -> Self {
        match argument {
            BookkeepingArg::Alembic => Self::Alembic,
            BookkeepingArg::Peewee => Self::Peewee,
            BookkeepingArg::Refinery => Self::Refinery,
        }
    }
}

impl From<DialectArg> for Dialect {
    fn from(argument: DialectArg) -> Self {
        match argument {
            DialectArg::Portable => Self::Portable,
            DialectArg::Native => Self::Native,
        }
    }
}

impl From<InDoubtArg> for InDoubt {
    fn from(argument: InDoubtArg) -> Self {
        match argument {
            InDoubtArg::Done => Self::Done,
            InDoubtArg::Again => Self::Again,
        }
    }
}

impl From<WayArg> for Way {
    fn from(argument: WayArg) -> Self {
        match argument {
            WayArg::Up => Self::Up,
            WayArg::Down => Self::Down,
        }
    }
}

impl From<EngineArg> for Engine {
    fn from(argument: EngineArg) -> Self {
        match argument {
            EngineArg::Sqlite => Self::Sqlite,
            EngineArg::Postgres => Self::Postgres,
        }
    }
}

/// The direction of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WayArg {
    /// Apply
    Up,
    /// Revert
    Down,
}

/// `--in-doubt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InDoubtArg {
    /// It did: go on after it
    Done,
    /// It did not: run it again
    Again,
}

/// Reads a time like `3s`, `500ms`, `2m`; a bare number is seconds.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let unreadable = || "write it as 3s, 500ms or 2m".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| unreadable())?;
    match text[digits..].trim() {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" | "min" => number.checked_mul(60).map(Duration::from_secs).ok_or_else(unreadable),
        _ => Err(unreadable()),
    }
}

/// Why an argument is refused that may be an address; the password in it is not repeated.
const ADDRESS: &str = "this looks like the address of a database, which is given with --database-url URL";

/// Reads the name of something: a revision, a branch, a table.
pub(in crate::cli) fn parse_word(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("a name is missing; an empty one is often a variable that is not set");
    }
    if may_hold_password(text) || text.contains("://") { Err(ADDRESS) } else { Ok(text.to_owned()) }
}

/// Reads a title, which may speak of passwords and of people.
pub(super) fn parse_title(text: &str) -> Result<String, &'static str> {
    let address = text.contains("://") || text.contains('=') && !text.trim().contains(' ');
    if address && may_hold_password(text) { Err(ADDRESS) } else { Ok(text.to_owned()) }
}

/// Reads a path: what is there is no address, however it is named.
pub(in crate::cli) fn parse_folder(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    let address = may_hold_password(text) || text.contains("://");
    if address && !path.exists() { Err(ADDRESS) } else { Ok(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_or_is_seconds() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("3"), Ok(Duration::from_secs(3)));
        assert_eq!(parse_duration("2m"), Ok(Duration::from_secs(120)));
        assert!(parse_duration("3 weeks").is_err());
        assert!(parse_duration("").is_err());
    }

    #[test]
    fn a_time_beyond_all_measure_is_refused() {
        assert!(parse_duration("18446744073709551615m").is_err());
    }

    #[test]
    fn an_address_is_no_name_no_title_and_no_folder() {
        for url in ["postgres://me:hunter2@x/db", "postgres://x/db?password=hunter2"] {
            assert_eq!((parse_word(url), parse_title(url)), (Err(ADDRESS), Err(ADDRESS)));
            assert_eq!(parse_folder(url), Err(ADDRESS));
        }
        assert!(parse_word("me:hunter2@x").is_err());
        assert!(parse_title("reset password: users = all").is_ok());
        assert!(parse_word("billing@head").is_ok() && parse_word("V0007__password").is_ok());
        assert!(parse_folder("migrations").is_ok());
    }
}
