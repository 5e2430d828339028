//! What a file's name says: a revision's number, slug, way and engine; or why it is no revision.

use crate::schema::Engine;

/// What may follow the first full stop of a revision's file name.
pub(super) const ENDINGS: [(&str, Way, Option<Engine>); 6] = [
    ("sql", Way::Up, None),
    ("sqlite.sql", Way::Up, Some(Engine::Sqlite)),
    ("postgres.sql", Way::Up, Some(Engine::Postgres)),
    ("down.sql", Way::Down, None),
    ("down.sqlite.sql", Way::Down, Some(Engine::Sqlite)),
    ("down.postgres.sql", Way::Down, Some(Engine::Postgres)),
];

/// Files that belong to a folder of revisions without being one.
const BESIDE: [&str; 7] =
    ["mod.rs", "cargo.toml", "refinery.toml", "thumbs.db", "desktop.ini", "license", "codeowners"];
/// What editors and merges leave behind.
const LEFT_BEHIND: [&str; 7] = ["~", ".swp", ".swo", ".orig", ".bak", ".rej", ".tmp"];

/// Whether a revision keeps its place in the row of numbers: refinery's V and U.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `V`: follows the one before it.
    Versioned,
    /// `U`: may arrive late; nothing follows it unless a header says so.
    Unversioned,
}

impl Kind {
    /// The letter with which the file's name begins.
    pub fn letter(self) -> char {
        match self {
            Self::Versioned => 'V',
            Self::Unversioned => 'U',
        }
    }
}

/// The way of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Up,
    Down,
}

/// A file's name, understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FileName {
    Revision(RevisionName),
    Beside,
    LeftBehind,
    Refused(Fault),
}

/// What the name of a revision's file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RevisionName {
    pub(super) kind: Kind,
    pub(super) number: i64,
    /// The digits as they are written, with zeros before them.
    pub(super) digits: String,
    pub(super) slug: String,
    pub(super) way: Way,
    pub(super) engine: Option<Engine>,
}

/// Why a file's name is not that of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The name is not Unicode.
    NotUnicode,
    /// It does not end in `.sql`.
    Extension,
    /// It is one of refinery's Rust revisions.
    Rust,
    /// It is another tool's revision.
    Python,
    /// The number has a fraction.
    Fraction,
    /// The first letter is small.
    SmallLetter,
    /// The first letter is none of a revision.
    FirstLetter,
    /// There is no number.
    NoNumber,
    /// The number has more than 63 bits.
    TooLarge,
    /// Not two underscores after the number.
    Separator,
    /// Nothing after the underscores.
    NoSlug,
    /// A character that may not stand in the slug.
    Character(char),
    /// An unknown word between name and extension.
    Ending(String),
}

impl FileName {
    /// Understands a file's name.
    pub(super) fn read(name: &str) -> Self {
        let small = name.to_lowercase();
        if LEFT_BEHIND.iter().any(|ending| small.ends_with(ending)) || name.starts_with('#') {
            return Self::LeftBehind;
        }
        let beside = name.starts_with('.')
            || small.starts_with("readme")
            || small.ends_with(".md")
            || BESIDE.contains(&small.as_str());
        if beside {
            return Self::Beside;
        }
        RevisionName::read(name).map_or_else(Self::Refused, Self::Revision)
    }
}

impl RevisionName {
    /// Reads the name of a revision's file, strictly.
    pub(super) fn read(name: &str) -> Result<Self, Fault> {
        let (stem, ending) = name.split_once('.').ok_or(Fault::Extension)?;
        foreign(name)?;
        if is_fraction(stem, ending) {
            return Err(Fault::Fraction);
        }
        let (kind, number, digits, slug) = read_stem(stem)?;
        let known = ENDINGS.iter().find(|(known, ..)| *known == ending);
        let &(_, way, engine) = known.ok_or_else(|| unknown(ending))?;
        Ok(Self { kind, number, digits, slug, way, engine })
    }

    /// The name up to its first full stop: `V0002__add_email`.
    pub(super) fn stem(&self) -> String {
        format!("{}{}__{}", self.kind.letter(), self.digits, self.slug)
    }

    /// The whole name for a way and an engine.
    pub(super) fn with(&self, way: Way, engine: Option<Engine>) -> String {
        let ending = ENDINGS.iter().find(|(_, of, on)| *of == way && *on == engine);
        format!("{}.{}", self.stem(), ending.map_or("sql", |(ending, ..)| ending))
    }
}

/// Reads the name up to its first full stop.
fn read_stem(stem: &str) -> Result<(Kind, i64, String, String), Fault> {
    let kind = match stem.chars().next() {
        Some('V') => Kind::Versioned,
        Some('U') => Kind::Unversioned,
        Some('v' | 'u') => return Err(Fault::SmallLetter),
        _ => return Err(Fault::FirstLetter),
    };
    let rest = &stem[1..];
    let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
    if digits.is_empty() {
        return Err(Fault::NoNumber);
    }
    let number = digits.parse::<i64>().map_err(|_| Fault::TooLarge)?;
    let slug = rest[digits.len()..].strip_prefix("__").ok_or(Fault::Separator)?;
    if slug.is_empty() {
        return Err(Fault::NoSlug);
    }
    if let Some(c) = slug.chars().find(|c| !in_a_slug(*c)) {
        return Err(Fault::Character(c));
    }
    read_by_refinery(kind, number, digits, slug)?;
    Ok((kind, number, digits.to_owned(), slug.to_owned()))
}

/// Has refinery read the name too, so that both always mean the same by it.
///
/// refinery cuts a name at the first character that it does not know, panics on a name that begins with `|`, and knows
/// numbers of 32 bits alone unless it is built with `int8-versions`. So it is asked last, its answer is compared, and a
/// larger number is read by us.
fn read_by_refinery(kind: Kind, number: i64, digits: &str, slug: &str) -> Result<(), Fault> {
    let fits = i32::try_from(number).is_ok();
    let name = format!("{}{}__{slug}", kind.letter(), if fits { digits } else { "0" });
    let (_, version, read) = refinery_core::parse_migration_name(&name).map_err(|_| Fault::Separator)?;
    let same = read == slug && (!fits || i64::from(version) == number);
    if same { Ok(()) } else { Err(Fault::Separator) }
}

/// Tells whether refinery takes a character for a part of a name.
pub(super) fn in_a_slug(c: char) -> bool {
    let read = |c: char| refinery_core::parse_migration_name(&format!("V1__{c}")).is_ok();
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii() && read(c)
}

/// Files that other tools would run.
fn foreign(name: &str) -> Result<(), Fault> {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs") => Err(Fault::Rust),
        Some("py" | "mako") => Err(Fault::Python),
        _ => Ok(()),
    }
}

/// Tells whether the first full stop stands within the number.
fn is_fraction(stem: &str, ending: &str) -> bool {
    let number = stem.trim_start_matches(['V', 'U', 'v', 'u']);
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits && ending.starts_with(|c: char| c.is_ascii_digit())
}

fn unknown(ending: &str) -> Fault {
    match ending.strip_suffix(".sql") {
        Some(_) => Fault::Ending(ending.to_owned()),
        None => Fault::Extension,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(name: &str) -> RevisionName {
        RevisionName::read(name).unwrap_or_else(|fault| panic!("{name}: {fault}"))
    }

    #[test]
    fn a_name_says_number_slug_way_and_engine() {
        for (ending, way, engine) in ENDINGS {
            let name = format!("V0002__add_email.{ending}");
            let found = read(&name);
            assert_eq!((found.number, found.slug.as_str(), found.way, found.engine), (2, "add_email", way, engine));
            assert_eq!((found.stem().as_str(), found.with(way, engine)), ("V0002__add_email", name));
        }
        assert_eq!(read("U5__x.sql").kind, Kind::Unversioned);
        assert_eq!(read("V0__x.sql").number, 0);
        assert_eq!(read("V1___x.sql").slug, "_x");
        assert_eq!(read("V7__größe_表.sql").slug, "größe_表");
    }

    #[test]
    fn a_number_may_be_a_time_and_larger_than_refinery_s() {
        assert_eq!(read("V2147483648__x.sql").number, 2_147_483_648);
        assert_eq!(read("V20261120120000__x.sql").number, 20_261_120_120_000);
        assert_eq!(read("V9223372036854775807__x.sql").number, i64::MAX);
        assert_eq!(RevisionName::read("V9223372036854775808__x.sql"), Err(Fault::TooLarge));
    }

    #[test]
    fn what_refinery_skips_or_cuts_is_refused_with_its_reason() {
        for (name, fault) in [
            ("V2__b-hyphen.sql", Fault::Character('-')),
            ("V6__d d.sql", Fault::Character(' ')),
            ("v4__lower.sql", Fault::SmallLetter),
            ("V10__x.SQL", Fault::Extension),
            ("V5_single.sql", Fault::Separator),
            ("V1.5__x.sql", Fault::Fraction),
            ("|1__x.sql", Fault::FirstLetter),
            ("V3__c.sql.down", Fault::Extension),
            ("V3__c.postgresql.sql", Fault::Ending("postgresql.sql".to_owned())),
            ("V3__c.sqlite.down.sql", Fault::Ending("sqlite.down.sql".to_owned())),
            ("V3__c.up.sql", Fault::Ending("up.sql".to_owned())),
            ("V__x.sql", Fault::NoNumber),
            ("V1__.sql", Fault::NoSlug),
            ("V٣__x.sql", Fault::NoNumber),
            ("20230101_x.sql", Fault::FirstLetter),
            ("V1__x.rs", Fault::Rust),
            ("3f9a_add.py", Fault::Python),
            ("notes", Fault::Extension),
        ] {
            assert_eq!(FileName::read(name), FileName::Refused(fault), "{name}");
        }
    }

    #[test]
    fn what_stands_beside_revisions_is_known() {
        for name in [".gitkeep", ".DS_Store", "README", "readme.txt", "notes.md", "mod.rs", "refinery.toml"] {
            assert_eq!(FileName::read(name), FileName::Beside, "{name}");
        }
        for name in ["V1__x.sql~", "V1__x.sql.orig", ".V1__x.sql.swp", "#V1__x.sql#", "V1__x.sql.BAK"] {
            assert_eq!(FileName::read(name), FileName::LeftBehind, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_read_or_refused_and_what_is_read_is_the_name(name in "[VUvu|]?[0-9.]{0,12}_{0,3}\\PC{0,12}(\\.sql)?") {
            if let FileName::Revision(read) = FileName::read(&name) {
                prop_assert_eq!(read.with(read.way, read.engine), name);
            }
        }
    }
}
