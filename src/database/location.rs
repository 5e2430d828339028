//! Where a database is, as people write it, kept so that its password is never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::postgres::address::{Address, AddressError};
use crate::schema::Engine;

/// A database's location, parsed; shown without its password.
#[derive(Clone, Debug)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A SQLite file that its URL lets be used in one way alone.
    SqliteIn {
        /// The file.
        path: PathBuf,
        /// In which way.
        mode: Mode,
    },
    /// A PostgreSQL database.
    Postgres(Box<Address>),
}

/// How a SQLite file may be used. Source: SQLite, "Uniform Resource Identifiers", 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is only read: `mode=ro`.
    ReadOnly,
    /// It must be there: `mode=rw`.
    Existing,
}

/// Why a location could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum LocationError {
    /// The text before the first colon names no engine.
    #[error("`{scheme}:` names no engine; give a path, sqlite:PATH or postgres://USER@HOST/DATABASE")]
    UnknownScheme {
        /// What stands before the colon.
        scheme: String,
    },
    /// The location is empty, or a SQLite URL without a path.
    #[error("the location is empty; give a path, sqlite:PATH or postgres://USER@HOST/DATABASE")]
    Empty,
    /// No such file is there, and the text may be a URL with a password: it is not repeated.
    #[error(
        "the location is no file and looks like an address with a password, so it is not repeated here; give a path, \
         sqlite:PATH or postgres://USER@HOST/DATABASE"
    )]
    LikeAddress,
    /// A SQLite database that lives in memory alone cannot be reached from here.
    #[error("a database in memory cannot be read by another program; name a file")]
    InMemory,
    /// A SQLite URL asks for something that is not done.
    #[error("the SQLite URL says `{name}={value}`: {why}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What is asked for.
        value: String,
        /// Why it is not done, and what to do.
        why: &'static str,
    },
    /// A PostgreSQL URL is wrong.
    #[error(transparent)]
    Postgres(#[from] AddressError),
}

impl Location {
    /// Understands a path, `sqlite:` and `file:` in their usual forms, `postgres://`, `postgresql://`, and SQLAlchemy's
    /// `sqlite+driver:///…` and `postgresql+driver://…`; blanks and a pair of quotes around them mean nothing.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let text = if Path::new(text).exists() { text } else { bare(text) };
        let Some((scheme, rest)) = split_scheme(text) else { return Ok(Self::Sqlite(file(text)?)) };
        let (engine, driver) = scheme.split_once('+').map_or((scheme, None), |(engine, driver)| (engine, Some(driver)));
        match engine.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => Ok(Self::Postgres(Box::new(Address::parse(rest)?))),
            "sqlite" | "sqlite3" | "file" => {
                let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
                let mode = mode_in(query)?;
                let path = sqlite_path(path, driver.is_some())?;
                Ok(mode.map_or_else(|| Self::Sqlite(path.clone()), |mode| Self::SqliteIn { path: path.clone(), mode }))
            }
            _ => Err(LocationError::UnknownScheme { scheme: scheme.to_owned() }),
        }
    }
}

impl Location {
    /// The engine that is meant.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) | Self::SqliteIn { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The file, where it is one of SQLite's.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) | Self::SqliteIn { path, .. } => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) | Self::SqliteIn { path, .. } => write!(f, "{}", path.display()),
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

/// Tells whether a text may hold a password, as URLs and libpq's connection strings do.
pub fn may_hold_password(text: &str) -> bool {
    let before_host = text.rsplit_once('@').map(|(before, _)| before);
    before_host.is_some_and(|before| before.contains(':') || before.contains("//"))
        || text.to_ascii_lowercase().contains("password") && text.contains(['=', ':'])
}

/// A location without the blanks and the pair of quotes that a settings file leaves around it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).map_or(text, str::trim)
}

/// Splits a URL's scheme off; a path has none. A single letter is a Windows drive, not a scheme.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let like_scheme = scheme.len() > 1 && scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let there = Path::new(text).exists();
    (like_scheme && scheme.bytes().all(letters) && !there).then_some((scheme, rest))
}

/// What the parameters of a SQLite URL say of the file's use; none where it may be read, written and made.
///
/// Only SQLite's own parameters say something here: drivers of other languages have theirs, which mean nothing to a file.
fn mode_in(query: &str) -> Result<Option<Mode>, LocationError> {
    let mut mode = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let refused = |why| Err(LocationError::Parameter { name: name.to_string(), value: value.to_string(), why });
        match (name.as_ref(), value.as_ref()) {
            ("mode", "ro") => mode = Some(Mode::ReadOnly),
            ("mode", "rw") => mode = Some(Mode::Existing),
            ("mode", "rwc") => mode = None,
            ("mode", "memory") => return Err(LocationError::InMemory),
            ("mode", _) => return refused("SQLite knows the modes ro, rw and rwc"),
            ("cache", "shared") => {
                return refused("each connection has a cache of its own here, as SQLite advises; take it out");
            }
            ("immutable" | "nolock", value) if !["0", "false", "no", "off"].contains(&value) => {
                return refused(
                    "locks and what lies in a -wal file are never passed over; take it out, or name a copy of the file",
                );
            }
            ("vfs", _) => return refused("files are reached as the operating system gives them; take it out"),
            _ => {}
        }
    }
    Ok(mode)
}

/// Finds the path in what follows `sqlite:`.
///
/// Three slashes mean an absolute path to some tools and a relative one to SQLAlchemy; where the scheme names one of
/// SQLAlchemy's drivers, or where only the relative path exists, it is the relative one.
fn sqlite_path(path: &str, sqlalchemy: bool) -> Result<PathBuf, LocationError> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let Some(after) = decoded.strip_prefix("//") else { return file(&decoded) };
    match after.strip_prefix('/') {
        None => file(after),
        Some(absolute) if absolute.starts_with('/') => file(absolute),
        Some("") => Err(LocationError::Empty),
        Some(relative) if sqlalchemy => file(relative),
        Some(relative) if !Path::new(after).exists() && Path::new(relative).exists() => file(relative),
        Some(_) => file(after),
    }
}

fn file(path: &str) -> Result<PathBuf, LocationError> {
    match path {
        "" => Err(LocationError::Empty),
        ":memory:" => Err(LocationError::InMemory),
        path if may_hold_password(path) && !Path::new(path).exists() => Err(LocationError::LikeAddress),
        path => Ok(PathBuf::from(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        match Location::parse(text) {
            Ok(Location::Sqlite(path)) => path.display().to_string(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn sqlite_is_named_in_many_ways() {
        assert_eq!(path("app.db"), "app.db");
        assert_eq!(path("./data/app.db"), "./data/app.db");
        assert_eq!(path("C:\\data\\app.db"), "C:\\data\\app.db");
        assert_eq!(path("sqlite:app.db"), "app.db");
        assert_eq!(path("sqlite://app.db?mode=rwc"), "app.db");
        assert_eq!(path("sqlite:///abs/app.db"), "/abs/app.db");
        assert_eq!(path("sqlite:////abs/app.db"), "/abs/app.db");
        assert_eq!(path("sqlite+aiosqlite:///./data/app.db"), "./data/app.db");
        assert_eq!(path("sqlite+aiosqlite:////abs/my%20app.db"), "/abs/my app.db");
        assert_eq!(path("file:app.db?cache=private&connection_limit=1"), "app.db");
    }

    #[test]
    fn what_a_sqlite_url_asks_for_is_kept_or_refused() {
        let mode = |text: &str| match Location::parse(text) {
            Ok(Location::SqliteIn { path, mode }) => (path.display().to_string(), mode),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(mode("sqlite:app.db?mode=ro"), ("app.db".into(), Mode::ReadOnly));
        assert_eq!(mode("file:///abs/app.db?cache=private&mode=rw"), ("/abs/app.db".into(), Mode::Existing));
        for asked in ["mode=rx", "cache=shared", "immutable=1", "nolock=1", "vfs=unix-none"] {
            let error = Location::parse(&format!("sqlite:app.db?{asked}")).expect_err("is refused").to_string();
            assert!(error.contains(&format!("`{asked}`")), "{error}");
        }
        assert!(matches!(Location::parse("file:x?mode=memory"), Err(LocationError::InMemory)));
    }

    #[test]
    fn a_postgres_location_is_shown_without_its_password() {
        for scheme in ["postgres", "postgresql", "postgresql+asyncpg"] {
            let location = Location::parse(&format!("{scheme}://me:s3cret@db.example:5433/app?password=s3cret"));
            let location = location.expect("is a location");
            assert!(location.to_string().contains("db.example:5433/app"), "{location}");
            assert!(!format!("{location} {location:?}").contains("s3cret"));
        }
    }

    #[test]
    fn what_a_settings_file_leaves_around_a_location_means_nothing() {
        assert_eq!(path(" app.db\n"), "app.db");
        assert_eq!(path("\"app.db\""), "app.db");
        for quoted in ["\"postgres://me@h/app\"", " postgres://me@h/app", "'postgres://me@h/app' "] {
            assert_eq!(Location::parse(quoted).expect("is a location").to_string(), "postgres://me@h:5432/app");
        }
    }

    #[test]
    fn what_may_hold_a_password_is_no_path_and_not_repeated() {
        for text in [
            "//me:s3cret@host/db",
            "postgres//me:s3cret@host/db",
            "\"postgres://me:s3cret@host/db",
            "sqlite://me:s3cret@host/db",
            "host=db.example user=me password=s3cret",
            "/db?password=s3cret",
        ] {
            let error = Location::parse(text).expect_err("is refused").to_string();
            assert!(error.contains("postgres://USER@HOST") && !error.contains("s3cret"), "{text}: {error}");
        }
        assert_eq!(path("/home/me@work/app.db"), "/home/me@work/app.db");
        assert_eq!(path("passwords.db"), "passwords.db");
    }

    #[test]
    fn what_is_no_location_is_refused_with_the_way_out() {
        let error = |text| Location::parse(text).expect_err("is refused").to_string();
        assert!(error("mysql://localhost/app").contains("`mysql:` names no engine"));
        assert!(error("").contains("empty"));
        assert!(error("sqlite:").contains("empty"));
        assert!(error(":memory:").contains("in memory"));
        assert!(!error("postgres://me:s3cret@host:notaport/app").contains("s3cret"));
    }
}
