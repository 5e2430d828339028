//! All integration tests, in one binary: real SQLite files, a real PostgreSQL, the program run as a user runs it.
#![expect(missing_docs, reason = "a test's name says what it shows")]

mod suite;
mod support;
