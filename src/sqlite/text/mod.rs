//! SQLite's own text of what it holds: [`tokens`] cuts it as SQLite does, [`create_table`] finds where each part of a table
//! stands in it, and [`constraint`] reads the parts of a constraint.

pub(in crate::sqlite) mod constraint;
pub(in crate::sqlite) mod create_table;
pub(in crate::sqlite) mod tokens;
