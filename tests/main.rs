//! All integration tests, in one binary: real SQLite files, a real PostgreSQL, the program run as a user runs it.

mod suite;
mod support;
