//! One canonical schema, two engines (SQLite and PostgreSQL), and a crossing between them that loses nothing and
//! proves it.
//!
//! # Three ideas
//!
//! 1. **Two engines, one logical model.** What must be compared is lifted into the model first: structure becomes a
//!    [`schema::Schema`], data becomes [`value::Cell`]s. [`value::digest`] and [`schema`] know no engine.
//! 2. **The work and its record commit together.** A chunk of rows and its rejects are one transaction; a change of the
//!    target and the note how to take it back are one transaction (`copy/undo.rs`). After any crash the record is true.
//! 3. **The work tells (events) and returns (an outcome); only [`report`] shows.** A difference or a reject is a
//!    result, not an error.
//!
//! # Layers and rooms
//!
//! | layer | rooms | may use |
//! |---|---|---|
//! | 0 model | [`schema`], [`value`], [`event`] | nothing of ours; no I/O |
//! | 1 engines | [`sqlite`] (alone names the SQLite driver), [`postgres`] (alone names sqlx) | layer 0 |
//! | 2 waist | [`database`]: a location as people write it, and one `Database` for both engines | 0, 1 |
//! | 3 work | [`assess`]; [`copy`], which stamps through [`migrate`], [`verify`], [`rehearse`], [`rejects`]; [`migrate`] and [`drift`], which reach engines through [`database`] alone; [`systems`], built in | 0, 1, 2 |
//! | 4 edge | [`report`], [`cli`] | everything below; `report` never an engine |
//!
//! # Where the steps of a crossing live
//!
//! 1. read both structures: `sqlite/introspect.rs`, `postgres/introspect.rs`
//! 2. decide the target: `copy/matching.rs` (tables that exist), `copy/canonical` (tables of a schema file),
//!    `copy/infer.rs` (tables to create), `copy/choice` (what a person says of columns)
//! 3. plan: `copy/plan.rs`, with `schema/order.rs` for the order and `copy/decide.rs` table by table
//!    (every row cast, and none sent: `assess`)
//! 4. load: `copy/stream.rs` reads, `sqlite/cast` casts, `postgres/binary.rs` encodes, `copy/load.rs` writes
//! 5. finish: `copy/finish.rs`
//! 6. prove: `value/digest.rs`, `copy/prove.rs`; alone, from both databases: `verify`
//! 7. later: `rejects` shows the rows that were set aside, and loads those that fit now
//! 8. report: `copy/outcome.rs` is what is told, `report` how it looks

pub use include_dir;

pub mod assess;
pub mod cli;
pub mod copy;
pub mod database;
pub mod drift;
pub mod event;
pub mod migrate;
pub mod postgres;
pub mod rehearse;
pub mod rejects;
pub mod report;
pub mod schema;
pub mod sqlite;
pub mod systems;
pub mod value;
pub mod verify;
