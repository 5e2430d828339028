//! The types of the columns of both forms: whether the one holds what the other holds, as far as their words tell.
//!
//! SQLite keeps in a column whatever is given. What its word means is what is compared; a word that says only how a value
//! is stored stands for those types of PostgreSQL's that SQLite has not.

use std::collections::BTreeMap;

use super::family::{Family, Type};
use super::findings::Findings;
use super::labels::{Enums, enums};
use super::names::{listed, lower, name};
use super::relation::Relation;
use super::standing::is_said_by;
use crate::schema::Engine;
use crate::schema::inventory::{Grade, Inventory, Item, Kind};

/// The types that PostgreSQL's form makes itself.
pub(super) struct OwnTypes {
    pub(super) enums: Enums,
    /// The types on which domains rest, by the names of the domains.
    domains: BTreeMap<String, String>,
}

impl OwnTypes {
    pub(super) fn of(postgres: &Inventory) -> Self {
        let domains = postgres.items.iter().filter(|item| item.kind == Kind::Domain);
        let rests = |item: &Item| Some((item.name.clone()?, item.fact("type")?.to_owned()));
        Self { enums: enums(postgres), domains: domains.filter_map(rests).collect() }
    }

    fn read(&self, column: &Item) -> Type {
        let mut text = column.fact("type").unwrap_or_default();
        // A domain may rest on another.
        for _ in 0..self.domains.len() {
            let under = self.domains.get(&text.replace('"', "")).or_else(|| self.domains.get(&name(text)));
            text = under.map_or(text, String::as_str);
        }
        let is_label = self.enums.contains_key(&text.replace('"', "")) || self.enums.contains_key(&name(text));
        Type::read(Engine::Postgres, text, is_label)
    }
}

/// Reads the types of a column of both forms.
pub(super) fn of_both(sqlite: &Item, postgres: &Item, own: &OwnTypes) -> (Type, Type) {
    (Type::read(Engine::Sqlite, sqlite.fact("type").unwrap_or_default(), false), own.read(postgres))
}

/// What one type is beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    Same,
    Different(Grade),
    /// The words leave it open, for a reason.
    Open(&'static str),
    /// Only PostgreSQL's has a length or digits.
    BoundThere,
}

/// The columns of a table of which one thing is to be told together.
#[derive(Default)]
pub(super) struct Together {
    bound: Vec<String>,
    rounded: Vec<String>,
}

impl Together {
    /// Compares the types of one column.
    pub(super) fn compare(
        &mut self,
        relation: &Relation<'_>,
        (own, other): (&Item, &Item),
        (sqlite, postgres): &(Type, Type),
        findings: &mut Findings,
    ) {
        let words = own.name.as_deref().unwrap_or_default();
        let (is, there) = (own.fact("type"), other.fact("type"));
        match beside(sqlite, postgres) {
            Likeness::Same => {}
            Likeness::Different(grade) => {
                findings.otherwise(own, words, ("type", grade), is.map(str::to_owned), there.map(str::to_owned));
            }
            Likeness::Open(why) => {
                let what = format!("type {}; {}", is.unwrap_or("nothing"), there.unwrap_or_default());
                findings.incomparable(own, words, &what, why);
            }
            Likeness::BoundThere => {
                let of_check = |check: &Item| {
                    is_said_by(&postgres.text, &lower(words), check.fact("expression").unwrap_or_default())
                };
                if !relation.parts(Kind::Check).any(of_check) {
                    self.bound.push(words.to_owned());
                }
            }
        }
        if sqlite.family == Family::Decimal && postgres.family == Family::Decimal && sqlite.is_loose {
            self.rounded.push(words.to_owned());
        }
    }

    /// Tells what is told of all columns of a table together.
    pub(super) fn tell(self, relation: &Relation<'_>, findings: &mut Findings) {
        let (item, words) = (relation.item, relation.words());
        if !self.bound.is_empty() {
            let why = "PostgreSQL holds values to the length and the digits of their types, SQLite does not";
            findings.gap_of(
                Engine::Postgres,
                item,
                &words,
                &format!("lengths or digits of {}", listed(&self.bound)),
                why,
            );
        }
        if !self.rounded.is_empty() {
            let why = "SQLite keeps them as binary numbers of 15 digits, PostgreSQL keeps every digit";
            findings.gap_of(Engine::Sqlite, item, &words, &format!("decimals in {}", listed(&self.rounded)), why);
        }
    }
}

const NUMBERED: &str = "SQLite may keep a moment as a number, and no type says from when and in what unit it counts";
const EITHER: &str = "SQLite keeps a moment as a text or as a number, and this type does not say which";
const IN_BYTES: &str = "bytes may hold it in a form that SQLite does not know";

fn beside(sqlite: &Type, postgres: &Type) -> Likeness {
    use Family as F;
    match (&sqlite.family, &postgres.family) {
        (F::Any, _) => Likeness::Open("a column without a type takes anything on SQLite"),
        (_, F::Label | F::Other) if lower(&sqlite.text) == lower(&postgres.text) => Likeness::Same,
        (F::List(one), F::List(other)) => match beside(one, other) {
            Likeness::Same => Likeness::Same,
            _ => Likeness::Different(Grade::Breaking),
        },
        (own, other) if own == other => of_one_family(sqlite, postgres),
        (F::Text, F::Other) if postgres.text == "citext" => {
            Likeness::Open("citext takes small and capital letters for the same, which SQLite asks of a collation")
        }
        (F::Text, F::Document | F::Identifier | F::List(_) | F::Label | F::Other) => Likeness::Same,
        (F::Text, _) if postgres.is_time() => Likeness::Same,
        (F::Text, F::Decimal) => {
            Likeness::Open("SQLite has no exact decimals; a text keeps their digits, and any text")
        }
        // An integer is all that SQLite has for a truth; a size is not said of one.
        (F::Whole, F::Truth) if sqlite.is_loose => Likeness::Same,
        (F::Document, F::List(_)) if sqlite.is_loose => Likeness::Same,
        (F::Whole | F::Binary, _) if sqlite.is_loose && postgres.is_time() => Likeness::Open(NUMBERED),
        (_, F::Text | F::Whole | F::Binary) if sqlite.is_loose && sqlite.is_time() => Likeness::Open(EITHER),
        (F::Bytes, F::Document | F::Identifier | F::List(_)) => Likeness::Open(IN_BYTES),
        (_, F::Other) => Likeness::Open("SQLite has no such type"),
        (F::Other, _) => Likeness::Open("SQLite has no such type, and keeps what is given"),
        // PostgreSQL takes every text there, where SQLite's word means those of one kind.
        (F::Document | F::Identifier | F::List(_), F::Text) => Likeness::Different(Grade::Compatible),
        (_, F::Text) if sqlite.is_time() => Likeness::Different(Grade::Compatible),
        _ => Likeness::Different(Grade::Breaking),
    }
}

/// What two types of one family are beside each other.
fn of_one_family(sqlite: &Type, postgres: &Type) -> Likeness {
    if sqlite.kind.is_some_and(|kind| postgres.kind != Some(kind)) {
        return Likeness::Different(Grade::Breaking);
    }
    let is_usual =
        matches!(postgres.family, Family::Whole | Family::Binary) || postgres.is_time() && postgres.bounds == [6];
    match (sqlite.bounds.as_slice(), postgres.bounds.as_slice()) {
        (own, other) if own == other => Likeness::Same,
        ([], _) if is_usual => Likeness::Same,
        ([], _) => Likeness::BoundThere,
        // More digits after the point are other values.
        (_, _) if sqlite.family == Family::Decimal => Likeness::Different(Grade::Breaking),
        (_, []) => Likeness::Different(Grade::Compatible),
        (own, other) => Likeness::Different(if other > own { Grade::Compatible } else { Grade::Breaking }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(sqlite: &str, postgres: &str) -> Likeness {
        beside(&Type::read(Engine::Sqlite, sqlite, false), &Type::read(Engine::Postgres, postgres, postgres == "mood"))
    }

    #[test]
    fn what_stands_for_a_type_that_sqlite_has_not_is_the_same() {
        for (sqlite, postgres) in [
            ("integer", "boolean"),
            ("tinyint(1)", "boolean"),
            ("boolean", "boolean"),
            ("integer", "smallint"),
            ("integer", "bigint"),
            ("real", "double precision"),
            ("float", "double precision"),
            ("text", "uuid"),
            ("varchar(36)", "uuid"),
            ("text", "jsonb"),
            ("json", "jsonb"),
            ("json", "text[]"),
            ("text", "timestamp with time zone"),
            ("datetime", "timestamp with time zone"),
            ("datetime", "timestamp without time zone"),
            ("text", "mood"),
            ("varchar(9)", "mood"),
            ("text", "inet"),
            ("citext", "citext"),
            ("numeric_text(10,2)", "numeric(10,2)"),
            ("text_array_of_whole", "integer[]"),
            ("epoch_s_bigint", "bigint"),
            ("blob", "bytea"),
        ] {
            assert_eq!(held(sqlite, postgres), Likeness::Same, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_cannot_hold_the_other_s_values_breaks() {
        for (sqlite, postgres) in [
            ("text", "integer"),
            ("text", "boolean"),
            ("text", "bytea"),
            ("text", "double precision"),
            ("integer", "text"),
            ("integer", "uuid"),
            ("integer", "mood"),
            ("integer", "double precision"),
            ("real", "integer"),
            ("real", "numeric(10,2)"),
            ("integer", "numeric"),
            ("bigint", "integer"),
            ("bigint", "boolean"),
            ("bigint", "timestamp without time zone"),
            ("boolean", "integer"),
            ("blob", "text"),
            ("json", "integer"),
            ("uuid_text", "bigint"),
            ("date", "timestamp without time zone"),
            ("datetime", "date"),
            ("timestamp_text", "timestamp with time zone"),
            ("timestamptz_text", "timestamp without time zone"),
            ("timestamp_text", "timestamp(3) without time zone"),
            ("text_json", "jsonb"),
            ("varchar(50)", "character varying(40)"),
            ("numeric_text(10,2)", "numeric(12,2)"),
            ("text_array_of_whole", "text[]"),
        ] {
            let expected = Likeness::Different(Grade::Breaking);
            assert_eq!(held(sqlite, postgres), expected, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_holds_more_on_postgresql_is_compatible() {
        for (sqlite, postgres) in [
            ("varchar(40)", "character varying(50)"),
            ("varchar(40)", "text"),
            ("smallint", "integer"),
            ("uuid_text", "text"),
            ("json", "text"),
            ("timestamp_text", "text"),
        ] {
            let expected = Likeness::Different(Grade::Compatible);
            assert_eq!(held(sqlite, postgres), expected, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_the_words_leave_open_is_not_compared() {
        for (sqlite, postgres) in [
            ("", "integer"),
            ("any", "text"),
            ("datetime", "bigint"),
            ("datetime", "text"),
            ("integer", "timestamp with time zone"),
            ("real", "date"),
            ("blob", "uuid"),
            ("text", "numeric(10,2)"),
            ("text", "citext"),
            ("integer", "interval"),
            ("money", "numeric(10,2)"),
        ] {
            assert!(matches!(held(sqlite, postgres), Likeness::Open(_)), "{sqlite} beside {postgres}");
        }
        for (sqlite, postgres) in [
            ("text", "character varying(40)"),
            ("decimal", "numeric(10,2)"),
            ("datetime", "timestamp(0) without time zone"),
        ] {
            assert_eq!(held(sqlite, postgres), Likeness::BoundThere, "{sqlite} beside {postgres}");
        }
    }
}
