//! The tests' own PostgreSQL: one server for a test process, a database for each test.

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use strait::postgres::private::{PrivateServer, Settings};

/// A database of one test, dropped with it.
pub(crate) struct Database {
    name: String,
    url: String,
}

fn server() -> &'static PrivateServer {
    static SERVER: OnceLock<PrivateServer> = OnceLock::new();
    SERVER.get_or_init(|| PrivateServer::start(&Settings::default()).unwrap_or_else(|error| panic!("{error}")))
}

fn run_psql(database: &str, sql: &str) -> String {
    let output = Command::new(server().bin_dir().join("psql"))
        .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", &server().url(database), "-c", sql])
        .output()
        .expect("psql can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("psql writes UTF-8").trim_end_matches('\n').to_owned()
}

/// Creates an empty database.
pub(crate) fn fresh_database() -> Database {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    run_psql("postgres", &format!("create database {name} template template0 encoding 'UTF8'"));
    let url = server().url(&name);
    Database { name, url }
}

impl Database {
    /// The database's URL.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Runs SQL in psql; gives what it prints, unaligned.
    pub(crate) fn psql(&self, sql: &str) -> String {
        run_psql(&self.name, sql)
    }
}
