//! What one column holds, as an assessment tells it: classes, ranges, lengths, forms, faults and units.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::sqlite::profile::{ColumnProfile, EPOCH_UNITS};
use crate::value::time::civil_from_days;

const DAY_S: i64 = 86_400;

/// How many values of each storage class there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are SQLite's own")]
pub struct Stores {
    pub null: u64,
    pub integer: u64,
    pub real: u64,
    pub text: u64,
    pub blob: u64,
}

/// What the values of each class are; what a column has none of is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Held {
    /// The least and the greatest integer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integers: Option<(i64, i64)>,
    /// The least and the greatest real that is finite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reals: Option<(f64, f64)>,
    /// Reals without a fraction.
    #[serde(skip_serializing_if = "is_zero")]
    pub whole_reals: u64,
    /// Reals that are infinite.
    #[serde(skip_serializing_if = "is_zero")]
    pub infinite_reals: u64,
    /// The numbers that show by their size which unit since 1970 they would count, by its symbol.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub epochs: BTreeMap<&'static str, Years>,
    /// Numbers that would be julian days.
    #[serde(skip_serializing_if = "is_zero")]
    pub julian_days: u64,
    /// Numbers but zeros that show no unit: moments of 1970 in all of them, or before 1970 or after 2200 in all.
    #[serde(skip_serializing_if = "is_zero")]
    pub without_unit: u64,
    /// The texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts: Option<Texts>,
    /// The most bytes in a blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_blob: Option<usize>,
    /// Blobs that are binary JSON, while it may be true of all.
    #[serde(skip_serializing_if = "is_zero")]
    pub binary_json: u64,
}

/// Numbers of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Years {
    /// How many there are.
    pub values: u64,
    /// The first year.
    pub first: i64,
    /// The last year.
    pub last: i64,
}

/// What texts are. Where the declared type does not ask for a form, it is counted only while it may be true of all texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// The most characters.
    pub characters: usize,
    /// The most bytes.
    pub bytes: usize,
    /// Texts of no characters.
    pub empty: u64,
    /// Texts that hold NUL.
    pub with_nul: u64,
    /// Texts that are not UTF-8.
    pub not_utf8: u64,
    /// How many have each form; those that none has are left out.
    pub forms: BTreeMap<&'static str, u64>,
}

impl Stores {
    pub(super) fn of(profile: &ColumnProfile) -> Self {
        Self {
            null: profile.nulls,
            integer: profile.integers,
            real: profile.reals,
            text: profile.texts,
            blob: profile.blobs,
        }
    }
}

impl Held {
    pub(super) fn of(profile: &ColumnProfile) -> Self {
        let times = &profile.times;
        let epochs = EPOCH_UNITS.into_iter().filter_map(|unit| {
            let (first, last) = times.span(unit)?;
            let year = |second: i64| civil_from_days(second.div_euclid(DAY_S)).0;
            Some((unit.name(), Years { values: times.epochs[unit as usize], first: year(first), last: year(last) }))
        });
        Self {
            integers: profile.integer_range,
            reals: profile.real_range,
            whole_reals: profile.whole_reals,
            infinite_reals: profile.infinite,
            epochs: epochs.collect(),
            julian_days: times.julian,
            without_unit: times.hidden(),
            texts: (profile.texts > 0).then(|| Texts::of(profile)),
            longest_blob: (profile.blobs > 0).then_some(profile.longest_blob),
            binary_json: profile.json_blobs,
        }
    }
}

impl Texts {
    fn of(profile: &ColumnProfile) -> Self {
        let times = &profile.times;
        let forms = [
            ("date", times.dates),
            ("date and time", times.naive),
            ("date and time with an offset", times.zoned),
            ("time of day", times.times_of_day),
            ("uuid", profile.uuid_texts),
            ("decimal", profile.decimal_texts),
            ("json", profile.json_texts),
        ];
        Self {
            characters: profile.longest_text,
            bytes: profile.longest_text_bytes,
            empty: profile.empty_texts,
            with_nul: profile.nul_texts,
            not_utf8: profile.unfit_texts - profile.nul_texts,
            forms: forms.into_iter().filter(|(_, count)| *count > 0).collect(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
