//! A PostgreSQL database's address, as libpq's users write it, kept so that its password is never shown.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

/// The parameters of a URL that the driver understands.
///
/// Others are never handed on: the driver would log them with their values, and a value may be a secret.
const KNOWN: [&str; 11] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "options",
];
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Where a PostgreSQL database is and how to reach it.
#[derive(Clone)]
pub struct Address {
    pub(super) options: PgConnectOptions,
    pub(super) connect_timeout: Duration,
    ignored: Vec<String>,
}

/// Why an address could not be understood. None of these repeats the address: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// The URL has no meaning.
    #[error(
        "the PostgreSQL URL cannot be understood ({why}); expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with \
         special characters of the password percent-encoded (`@` is %40, `/` is %2F, `:` is %3A)"
    )]
    Url {
        /// What is wrong, without the URL.
        why: String,
    },
    /// A parameter has a value that it cannot have.
    #[error("the PostgreSQL URL's parameter `{name}` has a wrong value; {expected}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What it may be.
        expected: &'static str,
    },
}

impl Address {
    /// Understands what follows `postgres:`; `PG*` variables and `~/.pgpass` fill in what it leaves open.
    pub fn parse(rest: &str) -> Result<Self, AddressError> {
        if names_several_hosts(rest) {
            return Err(AddressError::Url { why: "several hosts are not supported: name the writable one".into() });
        }
        let (rest, named) = without_empty_host(rest);
        let mut url =
            Url::parse(&format!("postgres:{rest}")).map_err(|error| AddressError::Url { why: error.to_string() })?;
        if !rest.starts_with("//") {
            return Err(AddressError::Url { why: "two slashes must follow the colon".into() });
        }
        let mut connect_timeout = std::env::var("PGCONNECT_TIMEOUT").ok().and_then(|text| text.parse().ok());
        let (mut kept, mut ignored) = (named, Vec::new());
        for (name, value) in url.query_pairs().into_owned().collect::<Vec<_>>() {
            // asyncpg's own word for sslmode.
            let name = if name == "ssl" { "sslmode".to_owned() } else { name };
            match name.as_str() {
                "connect_timeout" => connect_timeout = Some(seconds(&name, &value)?),
                "application_name" => {}
                name if KNOWN.contains(&name) || name.starts_with("options[") => {
                    check_value(name, &value)?;
                    kept.push((name.to_owned(), value));
                }
                _ => ignored.push(name),
            }
        }
        let root_named =
            std::env::var_os("PGSSLROOTCERT").is_some() || kept.iter().any(|(name, _)| name == "sslrootcert");
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        let options = PgConnectOptions::from_url(&url).map_err(|error| AddressError::Url { why: reason(&error) })?;
        let connect_timeout = match connect_timeout {
            None => DEFAULT_CONNECT_TIMEOUT,
            // libpq: zero means to wait for ever.
            Some(0) => Duration::from_secs(u64::from(u32::MAX)),
            Some(seconds) => Duration::from_secs(seconds),
        };
        Ok(Self { options: with_own_ways(options, root_named), connect_timeout, ignored })
    }

    /// The parameters of the URL that mean nothing here.
    pub fn ignored_parameters(&self) -> &[String] {
        &self.ignored
    }

    /// The database's name; the user's name when none is given, as libpq has it.
    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }
}

/// Takes an authority without a host apart, as libpq's users and SQLAlchemy's write it for a socket (`//me:pw@/app?host=/run`):
/// the URL without it, and what it says as parameters.
fn without_empty_host(rest: &str) -> (Cow<'_, str>, Vec<(String, String)>) {
    let Some(after) = rest.strip_prefix("//") else { return (rest.into(), Vec::new()) };
    let (authority, path) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let port = host.strip_prefix(':');
    if authority.is_empty() || !(host.is_empty() || port.is_some()) {
        return (rest.into(), Vec::new());
    }
    let (user, password) = user.map_or((None, None), |user| match user.split_once(':') {
        Some((user, password)) => (Some(user), Some(password)),
        None => (Some(user), None),
    });
    let parts = [("user", user), ("password", password), ("port", port)];
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let said = parts
        .into_iter()
        .filter_map(|(name, part)| Some((name.to_owned(), decoded(part.filter(|it| !it.is_empty())?))));
    // The path stays a path: two slashes would make a host of its first part.
    (format!("//{path}").into(), said.collect())
}

/// Looked for before the URL is parsed: a port before the comma would make it say something else.
fn names_several_hosts(rest: &str) -> bool {
    let authority = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().is_some_and(|hosts| hosts.contains(','))
}

/// Applies what holds for every connection of ours.
fn with_own_ways(options: PgConnectOptions, root_named: bool) -> PgConnectOptions {
    // Poolers refuse start-up parameters that they do not know; floats travel in binary and need none.
    let options = options.application_name("strait").extra_float_digits(None).disable_statement_logging();
    let verifies = matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    // Source: PostgreSQL manual, "Client Verification of Server Certificates": the usual place of a root certificate.
    let usual = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".postgresql/root.crt"));
    match usual.filter(|path| verifies && !root_named && path.exists()) {
        Some(path) => options.ssl_root_cert(path),
        None => options,
    }
}

fn seconds(name: &str, value: &str) -> Result<u64, AddressError> {
    value.parse().map_err(|_| AddressError::Parameter { name: name.into(), expected: "it is a number of seconds" })
}

fn check_value(name: &str, value: &str) -> Result<(), AddressError> {
    let (fits, expected) = match name {
        "port" => (value.parse::<u16>().is_ok(), "it is a number from 1 to 65535"),
        "hostaddr" => (value.parse::<std::net::IpAddr>().is_ok(), "it is an IP address"),
        "sslmode" => (
            value.parse::<PgSslMode>().is_ok(),
            "it is one of disable, allow, prefer, require, verify-ca and verify-full",
        ),
        _ => (true, ""),
    };
    if fits { Ok(()) } else { Err(AddressError::Parameter { name: name.to_owned(), expected }) }
}

/// What the driver has against a URL; its configuration errors quote no passwords, others might.
fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(source) => source.to_string(),
        _ => "it has a part that the driver refuses".into(),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.options.get_socket() {
            Some(folder) => format!("[{}]", folder.display()),
            None => self.options.get_host().to_owned(),
        };
        write!(f, "postgres://{}@{host}:{}/{}", self.options.get_username(), self.options.get_port(), self.database())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_means_nothing_is_named_without_its_value() {
        let address = Address::parse("//me@host/app?sslpassword=s3cret&sslmode=require").expect("is an address");
        assert_eq!(address.ignored_parameters(), ["sslpassword"]);
        assert!(matches!(address.options.get_ssl_mode(), PgSslMode::Require));
    }

    #[test]
    fn a_socket_folder_is_a_host() {
        let address = Address::parse("//me@localhost:5999/app?host=%2Ftmp%2Fmy%20sockets").expect("is an address");
        assert_eq!(address.to_string(), "postgres://me@[/tmp/my sockets]:5999/app");
    }

    #[test]
    fn an_address_may_leave_its_host_to_a_parameter() {
        let shown = |rest| Address::parse(rest).expect("is an address").to_string();
        assert_eq!(shown("//me@/app?host=/sock"), "postgres://me@[/sock]:5432/app");
        assert_eq!(shown("//me:p%40w@:5999/app?host=/sock"), "postgres://me@[/sock]:5999/app");
        assert_eq!(shown("//me:pw@/app?host=db.example"), "postgres://me@db.example:5432/app");
        assert_eq!(shown("//:5999/app?host=/sock&user=me"), "postgres://me@[/sock]:5999/app");
    }

    #[test]
    fn a_wrong_value_is_named_with_what_it_may_be() {
        let error = |rest| Address::parse(rest).expect_err("is refused").to_string();
        assert!(error("//h/app?sslmode=sometimes").contains("verify-full"));
        assert!(error("//h/app?port=99999").contains("65535"));
        assert!(error("//one,two/app").contains("several hosts"));
        assert!(error("h/app").contains("two slashes"));
    }
}
