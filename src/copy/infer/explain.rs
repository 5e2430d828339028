//! Explains in one line what a column holds and why its type in the target is what it is.

use super::units::{between, mixed, years};
use super::{misfit, types};
use crate::schema::{Column, LogicalType};
use crate::sqlite::profile::ColumnProfile;
use crate::value::counted;
use crate::value::time::{EpochUnit, NumberUnit};

/// 1990-01-01 UTC. Numbers of a column that does not speak of times are taken for times only after it: most numbers of
/// that size are something else.
const LIKELY_S: i64 = 631_152_000;

/// What else is to be known of a column and its profile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Besides {
    /// Whether the profile is that of a sample.
    pub is_sample: bool,
    /// Whether the column is part of a key.
    pub is_of_a_key: bool,
}

/// By what a column's type was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// The target has the column already.
    Target,
    /// A schema file describes it.
    SchemaFile,
    /// A person chose it.
    Person,
    /// Its declaration and what is stored.
    Profile,
}

/// Says what is stored, ranges, lengths, forms and faults, without the counts of the classes: `integers 1..7`; nothing for
/// a column without values.
pub fn holds(column: &Column, profile: &ColumnProfile) -> String {
    let parts =
        [integers(profile), reals(profile), as_times(column, profile), texts(column, profile), blobs(column, profile)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Says why the column has its type: `kept as numbers; …`. The place is its name in the source, with its table's.
pub fn explain(
    place: &str,
    column: &Column,
    profile: &ColumnProfile,
    logical: &LogicalType,
    by: DecidedBy,
    besides: Besides,
) -> String {
    match by {
        DecidedBy::Target => "as the target has it".into(),
        DecidedBy::SchemaFile => "as the schema file says".into(),
        DecidedBy::Person => "as chosen with --column".into(),
        DecidedBy::Profile => {
            let why = reason(column, profile, logical);
            let why = if besides.is_sample { why.replace("every value", "every value read") } else { why };
            why + &offer(place, column, profile, logical, besides)
        }
    }
}

fn integers(profile: &ColumnProfile) -> Option<String> {
    profile.integer_range.map(|(least, most)| match profile.integers {
        1 => format!("integer {least}"),
        _ => format!("integers {least}..{most}"),
    })
}

fn reals(profile: &ColumnProfile) -> Option<String> {
    let range = profile.real_range.map(|(least, most)| match profile.reals {
        1 => format!("real {least:?}"),
        _ => format!("reals {least:?}..{most:?}"),
    });
    let whole = (profile.reals > 0 && profile.whole_reals == profile.reals).then(|| "without fractions".to_owned());
    let infinite = (profile.infinite > 0).then(|| format!("{} infinite", profile.infinite));
    let words: Vec<String> = [range, whole, infinite].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// What the numbers are as times, where the declaration speaks of times or nothing else is as likely.
fn as_times(column: &Column, profile: &ColumnProfile) -> Option<String> {
    if profile.integers + profile.reals == 0 || !are_times(column, profile) {
        return None;
    }
    let of = |unit: &str| years(profile).map_or_else(|| unit.to_owned(), |years| format!("as {unit} {years}"));
    let unclear = profile.times.hidden();
    let others = if unclear == 0 { String::new() } else { format!(" ({unclear} that show no unit)") };
    match profile.unit() {
        Some(NumberUnit::Julian) => Some(of("julian days")),
        Some(NumberUnit::Epoch(unit)) => Some(of(unit.words()) + &others),
        None => {
            let mixed = mixed(&profile.times);
            (!mixed.is_empty()).then(|| format!("{mixed}{others}"))
        }
    }
}

/// Whether numbers are to be spoken of as times.
fn are_times(column: &Column, profile: &ColumnProfile) -> bool {
    if types::is_time(&column.declared) {
        return true;
    }
    // Seconds look like many a number of another kind, and the finer units like none.
    let is_likely = match profile.times.shown_unit() {
        Some(EpochUnit::Seconds) => profile.times.span(EpochUnit::Seconds).is_some_and(|(first, _)| first >= LIKELY_S),
        Some(_) => true,
        None => false,
    };
    let are_integers = profile.values() == profile.integers && profile.times.hidden() == 0;
    column.identity.is_none() && are_integers && is_likely
}

fn texts(column: &Column, profile: &ColumnProfile) -> Option<String> {
    if profile.texts == 0 {
        return None;
    }
    let (characters, bytes) = (profile.longest_text, profile.longest_text_bytes);
    let most = counted(characters, "character", "characters");
    let length = if characters == bytes || profile.unfit_texts > 0 {
        format!("of up to {most}")
    } else {
        format!("of up to {most} ({bytes} bytes)")
    };
    let mut words = vec![match form(profile) {
        Some(form) => form,
        None => format!("texts {length}"),
    }];
    words.extend(match types::is_time(&column.declared) {
        true => misfit::faults(&column.declared, profile),
        false => faults(profile),
    });
    words.extend(partly(profile));
    Some(words.join(", "))
}

/// How many texts are odd as texts.
fn faults(profile: &ColumnProfile) -> Vec<String> {
    let faults = [
        (profile.empty_texts, "empty"),
        (profile.nul_texts, "with NUL"),
        (profile.unfit_texts - profile.nul_texts, "not UTF-8"),
    ];
    faults.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
}

/// The form that all texts have.
fn form(profile: &ColumnProfile) -> Option<String> {
    let (all, times) = (profile.texts, &profile.times);
    let of = |what: &str| match times.text_span() {
        Some(span) => format!("{what} {}", between(span)),
        None => what.to_owned(),
    };
    let forms = [
        (times.dates, of("texts that are dates")),
        (times.naive, of("texts that are dates and times without a zone")),
        (times.zoned, of("texts that are dates and times with an offset")),
        (times.dated(), of("texts that are dates and times in several forms")),
        (times.times_of_day, "texts that are times of day".into()),
        (profile.uuid_texts, "texts that are uuids".into()),
        (profile.decimal_texts, "texts that are decimal numbers".into()),
        (profile.json_texts, format!("JSON documents of up to {}", in_bytes(profile.longest_text_bytes))),
    ];
    forms.into_iter().find(|(count, _)| *count == all).map(|(_, form)| form)
}

/// How many texts have the form that the declared type asks for, where not all do.
fn partly(profile: &ColumnProfile) -> Option<String> {
    let all = profile.texts;
    let counts = [
        (profile.times.dated(), "a date"),
        (profile.times.times_of_day, "a time of day"),
        (profile.uuid_texts, "a uuid"),
        // A number alone is a document, too, and nobody's.
        (if profile.json_texts > profile.decimal_texts { profile.json_texts } else { 0 }, "JSON"),
    ];
    let some = |count: u64| count > 0 && count < all && form(profile).is_none();
    counts.into_iter().find(|(count, _)| some(*count)).map(|(count, what)| match count {
        1 => format!("at least 1 {what}"),
        _ => format!("at least {count} {what}"),
    })
}

/// What blobs are; as short as some are, any may be read as binary JSON, so that a declaration must speak of it.
fn blobs(column: &Column, profile: &ColumnProfile) -> Option<String> {
    let are_documents = profile.json_blobs == profile.blobs && column.declared.to_uppercase().contains("JSON");
    let what = if are_documents { "binary JSON" } else { "blobs" };
    (profile.blobs > 0).then(|| format!("{what} of up to {}", in_bytes(profile.longest_blob)))
}

fn in_bytes(bytes: usize) -> String {
    counted(bytes, "byte", "bytes")
}

/// Why the type is the one that was chosen.
fn reason(column: &Column, profile: &ColumnProfile, logical: &LogicalType) -> String {
    let declared = &column.declared;
    if column.identity.is_some() {
        return "it numbers the rows".into();
    }
    let asked = types::means_something(declared);
    let fits = types::as_declared(declared, profile).as_ref() == Some(logical);
    match (asked, fits, logical) {
        (true, true, _) if profile.values() == 0 => "as declared, and it holds nothing".into(),
        (true, true, LogicalType::Text) if types::length(&declared.to_uppercase()).is_some() => {
            format!("not every value fits {declared}")
        }
        (true, true, _) => "as declared, and every value fits".into(),
        (true, false, LogicalType::BigInt | LogicalType::Double | LogicalType::Numeric(_)) => {
            format!("kept as numbers, since not every value is one of {declared}")
        }
        (true, false, _) => format!("every value fits it, and not every one {declared}"),
        (false, _, _) if profile.values() == 0 => "it has no declared type and holds nothing".into(),
        (false, _, _) => "every value fits it".into(),
    }
}

/// What a person may choose instead; nothing that a sample alone speaks for.
fn offer(place: &str, column: &Column, profile: &ColumnProfile, logical: &LogicalType, besides: Besides) -> String {
    let as_times = |how: &str| format!("; --column '{place}={how}' makes them times");
    let times = &profile.times;
    let all = profile.values();
    match logical {
        LogicalType::BigInt | LogicalType::Double | LogicalType::Numeric(_) if are_times(column, profile) => {
            match profile.unit() {
                // Integers show it themselves, those that were not looked at, too.
                Some(NumberUnit::Epoch(_)) if profile.integers > 0 => as_times("timestamptz"),
                Some(_) if besides.is_sample => String::new(),
                Some(unit) => format!("; --column '{place}=timestamptz' --unit '{place}={unit}' makes them times"),
                None if times.epochs != [0; 4] => as_times("timestamptz"),
                None => String::new(),
            }
        }
        LogicalType::Text | LogicalType::Varchar(_) if all > 0 && all == profile.texts => {
            if all == times.dates {
                as_times("date")
            } else if all == times.dated() {
                as_times(if times.zoned > 0 { "timestamptz" } else { "timestamp" })
            } else if all == profile.json_texts && all != profile.decimal_texts && besides.is_of_a_key {
                // PostgreSQL does not compare json.
                String::new()
            } else if all == profile.json_texts && all != profile.decimal_texts {
                format!("; --column '{place}=json' makes them documents")
            } else if all == profile.uuid_texts {
                format!("; --column '{place}=uuid' makes them uuids")
            } else {
                misfit::offer(place, profile).unwrap_or_default()
            }
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::profile::TimeProfile;

    fn told(declared: &str, profile: &ColumnProfile) -> String {
        let column = Column { declared: declared.into(), ..Column::new("c", LogicalType::Text) };
        let logical = types::choose(declared, profile);
        let why = explain("t.c", &column, profile, &logical, DecidedBy::Profile, Besides::default());
        format!("{}: {}; {why}", logical.postgres_name(), holds(&column, profile))
    }

    fn seconds(least: i64, most: i64) -> ColumnProfile {
        let seconds = [Some((least, most)), None, None, None];
        let times = TimeProfile { epochs: [2, 0, 0, 0], seconds, ..TimeProfile::default() };
        ColumnProfile { integers: 2, integer_range: Some((least, most)), times, ..ColumnProfile::default() }
    }

    #[test]
    fn numbers_that_may_be_times_say_so_with_their_years_and_how_to_ask_for_them() {
        let profile = seconds(1_600_000_000, 1_700_000_000);
        let ask = "--column 't.c=timestamptz' makes them times";
        let held = "bigint: integers 1600000000..1700000000, as seconds 2020–2023";
        assert_eq!(told("integer", &profile), format!("{held}; as declared, and every value fits; {ask}"));
        let why = "kept as numbers, since not every value is one of datetime";
        assert_eq!(told("datetime", &profile), format!("{held}; {why}; {ask}"));
        let sizes = seconds(40_000_000, 1_700_000_000);
        assert!(told("integer", &sizes).ends_with("1700000000; as declared, and every value fits"));
    }

    #[test]
    fn texts_are_told_by_their_form_or_their_length_and_their_faults() {
        let texts = ColumnProfile { texts: 2, longest_text: 3, longest_text_bytes: 5, ..ColumnProfile::default() };
        assert_eq!(
            told("text", &texts),
            "text: texts of up to 3 characters (5 bytes); as declared, and every value fits"
        );
        let faulty = ColumnProfile { unfit_texts: 2, nul_texts: 1, ..texts.clone() };
        assert!(told("text", &faulty).contains("texts of up to 3 characters, 1 with NUL, 1 not UTF-8"));
        let documents = ColumnProfile { json_texts: 2, ..texts };
        assert!(told("text", &documents).ends_with("; --column 't.c=json' makes them documents"));
    }

    #[test]
    fn a_column_without_values_is_as_declared() {
        let empty = ColumnProfile::default();
        assert_eq!(told("uuid", &empty), "uuid: ; as declared, and it holds nothing");
        assert_eq!(told("", &empty), "text: ; it has no declared type and holds nothing");
    }
}
