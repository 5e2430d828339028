//! How the stored values of one column are read, beyond what its type says.

use super::relax::Relaxations;
use super::time::{NumberUnit, ShownUnit, Zone};

/// What is known or allowed about a column's stored values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What is allowed that is not exact.
    pub allowed: Relaxations,
    /// What a number means where a date or time is expected; judged by its magnitude when nobody says.
    pub unit: Option<NumberUnit>,
    /// What the column's numbers show of their unit where a date or time is expected and nobody says what they mean.
    pub shown: Option<ShownUnit>,
    /// The zone of times that say none; UTC when nobody says.
    pub zone: Option<Zone>,
}
