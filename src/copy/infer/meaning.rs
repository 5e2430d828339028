//! Tells whether a column's values compare in PostgreSQL as they do in SQLite.

use crate::postgres::expression::Meaning;
use crate::schema::{Column, LogicalType};
use crate::sqlite::profile::ColumnProfile;
use crate::value::counted;

/// How the values of a column compare once they are of this type; `emptied` when empty text may become NULL.
pub(super) fn meaning(column: &Column, profile: &ColumnProfile, logical: &LogicalType, emptied: bool) -> Meaning {
    let name = &column.name;
    if emptied && profile.texts > 0 && !logical.is_text() {
        return Meaning::WithOtherNulls(format!("it uses column {name}, whose empty texts become NULL as chosen"));
    }
    if let LogicalType::Epoch(_) = logical {
        return Meaning::Otherwise(format!("it uses column {name}, whose numbers count in the unit that was chosen"));
    }
    let is_unfit = logical.is_text() && profile.unfit_texts > 0;
    if is_unfit && is_alike(column, &ColumnProfile { unfit_texts: 0, ..profile.clone() }, logical) {
        let texts = counted(profile.unfit_texts, "text", "texts");
        let what = if profile.nul_texts == profile.unfit_texts {
            "with a NUL"
        } else {
            "with a NUL or bytes that are not UTF-8"
        };
        return Meaning::Otherwise(format!(
            "it uses column {name}, which holds {texts} {what}, and PostgreSQL has no such text"
        ));
    }
    if !is_alike(column, profile, logical) {
        let held = super::types::classes(profile);
        let held = if held.is_empty() { String::new() } else { format!(" ({held})") };
        let logical = logical.postgres_name();
        return Meaning::Otherwise(format!("it uses column {name}, whose values{held} compare otherwise as {logical}"));
    }
    match &column.collation {
        Some(_) if logical.is_text() => Meaning::Collated,
        _ if profile.beyond_double > 0 => Meaning::Large,
        _ => Meaning::Same,
    }
}

/// Whether the values are of one storage class that is the type's own, and next to a constant SQLite takes them as such.
fn is_alike(column: &Column, profile: &ColumnProfile, logical: &LogicalType) -> bool {
    use LogicalType as T;
    let all = profile.values();
    match logical {
        T::Boolean => all == profile.zero_or_one,
        T::SmallInt | T::Int | T::BigInt => all == profile.integers,
        T::Double | T::Numeric(None) => all == profile.integers + profile.reals && profile.beyond_double == 0,
        T::Text | T::Varchar(_) => {
            all == profile.texts && profile.unfit_texts == 0 && keeps_texts_apart(&column.declared)
        }
        _ => false,
    }
}

/// Whether texts that look like numbers are no numbers in a column of this declared type.
///
/// Source: SQLite, "Datatypes", "Determination Of Column Affinity": TEXT, or BLOB, which is also that of no type.
pub(super) fn keeps_texts_apart(declared: &str) -> bool {
    let upper = declared.to_uppercase();
    let has = |word: &str| upper.contains(word);
    !has("INT") && (has("CHAR") || has("CLOB") || has("TEXT") || has("BLOB") || upper.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(declared: &str) -> Column {
        Column { declared: declared.into(), ..Column::new("c", LogicalType::Text) }
    }

    #[test]
    fn only_values_of_the_types_own_class_compare_alike() {
        let texts = ColumnProfile { texts: 2, ..ColumnProfile::default() };
        let mixed = ColumnProfile { integers: 1, ..texts.clone() };
        let same = |column: &str, profile: &ColumnProfile, logical: &LogicalType| {
            meaning(&declared(column), profile, logical, false) == Meaning::Same
        };
        assert!(same("text", &texts, &LogicalType::Text) && same("", &texts, &LogicalType::Text));
        for column in ["int", "string", "numeric", "datetime", "charint"] {
            assert!(!same(column, &texts, &LogicalType::Text), "{column}");
        }
        assert!(!same("", &mixed, &LogicalType::Text) && !same("", &mixed, &LogicalType::Bytes));
        assert!(!same("numeric_text", &texts, &LogicalType::Numeric(None)));
        let numbers = ColumnProfile { integers: 1, reals: 1, ..ColumnProfile::default() };
        assert!(same("decimal", &numbers, &LogicalType::Numeric(None)) && same("", &numbers, &LogicalType::Double));
        let large = ColumnProfile { integers: 1, beyond_double: 1, ..ColumnProfile::default() };
        assert_eq!(meaning(&declared("int"), &large, &LogicalType::BigInt, false), Meaning::Large);
    }

    #[test]
    fn a_text_with_a_nul_is_told_as_what_it_is() {
        let profile = ColumnProfile { texts: 7, unfit_texts: 1, nul_texts: 1, ..ColumnProfile::default() };
        let found = meaning(&declared("text"), &profile, &LogicalType::Text, false);
        let Meaning::Otherwise(why) = found else { panic!("{found:?}") };
        assert_eq!(why, "it uses column c, which holds 1 text with a NUL, and PostgreSQL has no such text");
    }

    #[test]
    fn a_choice_that_makes_other_values_or_nulls_is_seen() {
        let millis = LogicalType::Epoch(crate::value::time::EpochUnit::Millis);
        let numbers = ColumnProfile { integers: 2, ..ColumnProfile::default() };
        assert!(matches!(meaning(&declared("int"), &numbers, &millis, false), Meaning::Otherwise(_)));
        let texts = ColumnProfile { texts: 2, ..ColumnProfile::default() };
        let date = LogicalType::Date;
        assert!(matches!(meaning(&declared("text"), &texts, &date, true), Meaning::WithOtherNulls(_)));
        assert!(matches!(meaning(&declared("text"), &texts, &date, false), Meaning::Otherwise(_)));
    }
}
