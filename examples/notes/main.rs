//! An application that carries its revisions with it and brings its database up to them when it starts.
//!
//! `cargo run --example notes -- sqlite:notes.db`, or with the URL of a PostgreSQL database.

use std::error::Error;
use std::io::Write as _;

use strait::include_dir::{self, include_dir};
use strait::migrate::Migrator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite:notes.db".into());

    let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    let outcome = migrator.up(&url).await?;

    let mut out = std::io::stdout().lock();
    for step in &outcome.steps {
        writeln!(out, "applied {}", step.revision)?;
    }
    writeln!(out, "{} is ready at {}", outcome.database, outcome.after.join(", "))?;
    Ok(())
}
