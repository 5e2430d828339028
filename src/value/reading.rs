//! How the stored values of one column are read, beyond what its type says.

use super::relax::Relaxations;
use super::time::{NumberUnit, Zone};

/// What is known or allowed about a column's stored values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What is allowed that is not exact.
    pub allowed: Relaxations,
    /// What a number means where a date or time is expected; judged by its magnitude when nobody says.
    pub unit: Option<NumberUnit>,
    /// The zone of times that say none; UTC when nobody says.
    pub zone: Option<Zone>,
}
