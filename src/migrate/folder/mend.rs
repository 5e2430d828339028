//! A name that would do, for a file whose name is not that of a revision.

use super::name::{RevisionName, Way, in_a_slug};
use crate::schema::Engine;

/// The longest slug that is made of a title, in bytes: file systems limit names to 255 of them.
const LONGEST_SLUG_BYTES: usize = 60;

/// The words at a name's end that say something, however they are written.
struct Words {
    any: bool,
    way: Way,
    engine: Option<Engine>,
}

/// Finds the name that was probably meant.
pub(super) fn suggestion(name: &str) -> Option<String> {
    let mut parts: Vec<&str> = name.split('.').map(str::trim).collect();
    let mut words = Words { any: false, way: Way::Up, engine: None };
    while parts.len() > 1 && parts.last().is_some_and(|part| words.take(part)) {
        parts.pop();
    }
    let stem = words.any.then(|| mended_stem(&parts.join(".")))??;
    let mended = RevisionName::read(&format!("{stem}.sql")).ok()?.with(words.way, words.engine);
    (mended != name).then_some(mended)
}

/// Makes a slug of a title: small letters and digits with single underscores between the words; none where nothing is left.
pub(super) fn slug(title: &str) -> Option<String> {
    let small: String = title.chars().flat_map(char::to_lowercase).collect();
    let whole = word(&small);
    let mut slug = String::new();
    for part in whole.split('_').filter(|part| !part.is_empty()) {
        if slug.is_empty() {
            slug.push_str(&part[..part.floor_char_boundary(LONGEST_SLUG_BYTES)]);
        } else if slug.len() + 1 + part.len() <= LONGEST_SLUG_BYTES {
            slug = format!("{slug}_{part}");
        } else {
            break;
        }
    }
    slug.contains(char::is_alphanumeric).then_some(slug)
}

impl Words {
    /// Takes a word from the name's end if it is known.
    fn take(&mut self, word: &str) -> bool {
        match word.to_ascii_lowercase().as_str() {
            "sql" | "up" => {}
            "postgres" | "postgresql" | "pg" | "psql" | "pgsql" => self.engine = Some(Engine::Postgres),
            "sqlite" | "sqlite3" | "lite" => self.engine = Some(Engine::Sqlite),
            "down" | "undo" | "rollback" => self.way = Way::Down,
            _ => return false,
        }
        self.any = true;
        true
    }
}

/// A stem with the letter, the underscores and the characters that it should have.
fn mended_stem(stem: &str) -> Option<String> {
    let rest = stem.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (letter, rest) = match rest.strip_prefix(['U', 'u']) {
        Some(after) => ('U', after),
        None => ('V', rest.strip_prefix(['V', 'v']).unwrap_or(rest)),
    };
    let rest = rest.trim_start_matches([' ', '_', '-']);
    let digits = leading_digits(rest);
    let mut number = digits.to_owned();
    let mut after = &rest[digits.len()..];
    if let Some(fraction) = after.strip_prefix('.').map(leading_digits).filter(|fraction| !fraction.is_empty()) {
        number = digits.parse::<i64>().ok()?.checked_add(1)?.to_string();
        after = &after[1 + fraction.len()..];
    }
    let slug = word(after);
    (!number.is_empty() && !slug.is_empty()).then(|| format!("{letter}{number}__{slug}"))
}

fn leading_digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// A text with underscores in place of what may not stand in a slug.
fn word(text: &str) -> String {
    let replaced: String = text.chars().map(|c| if in_a_slug(c) { c } else { '_' }).collect();
    replaced.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bad_name_comes_with_a_good_one() {
        for (name, mended) in [
            ("V2__b-hyphen.sql", "V2__b_hyphen.sql"),
            ("V6__d d.sql", "V6__d_d.sql"),
            ("v4__lower.sql", "V4__lower.sql"),
            ("u4__lower.sql", "U4__lower.sql"),
            ("V5_single.sql", "V5__single.sql"),
            ("V5single.sql", "V5__single.sql"),
            ("V10__x.SQL", "V10__x.sql"),
            ("V1.5__x.sql", "V2__x.sql"),
            ("|1__x.sql", "V1__x.sql"),
            ("V3__c.sql.down", "V3__c.down.sql"),
            ("V3__c.down.sql.sql", "V3__c.down.sql"),
            ("V3__c.postgresql.sql", "V3__c.postgres.sql"),
            ("V3__c.pg.sql", "V3__c.postgres.sql"),
            ("V3__c.SQLite.sql", "V3__c.sqlite.sql"),
            ("V3__c.sqlite.down.sql", "V3__c.down.sqlite.sql"),
            ("V3__c.postgres", "V3__c.postgres.sql"),
            ("V3__c.down", "V3__c.down.sql"),
            ("V3__c.up.sql", "V3__c.sql"),
            ("V3__c.pgsql", "V3__c.postgres.sql"),
            ("V3__add.email.sql", "V3__add_email.sql"),
            ("20230101_x.up.sql", "V20230101__x.sql"),
            ("001-x.sql", "V001__x.sql"),
        ] {
            assert_eq!(suggestion(name).as_deref(), Some(mended), "{name}");
        }
        for name in ["schema.sql", "V1__.sql", "V__x.sql", "notes.txt", "V99999999999999999999__x.sql"] {
            assert_eq!(suggestion(name), None, "{name}");
        }
    }

    #[test]
    fn a_slug_is_made_of_a_title() {
        assert_eq!(slug("add email").as_deref(), Some("add_email"));
        assert_eq!(slug("  Add: E-Mail (2) ").as_deref(), Some("add_e_mail_2"));
        assert_eq!(slug("Größe ändern").as_deref(), Some("größe_ändern"));
        assert_eq!(slug("../../etc/passwd").as_deref(), Some("etc_passwd"));
        assert_eq!(slug(&"word ".repeat(50)).as_deref(), Some(["word"; 12].join("_").as_str()));
        assert_eq!(slug(&"表".repeat(90)).as_deref(), Some("表".repeat(20).as_str()));
        assert_eq!(slug(" -- !"), None);
    }

    proptest! {
        #[test]
        fn a_suggestion_is_always_a_name_that_would_do(name in "[VUvu|R]?[0-9.]{0,20}[ _-]{0,3}\\PC{0,8}(\\.(sql|SQL|pg|down|up|sqlite)){0,3}") {
            if let Some(mended) = suggestion(&name) {
                prop_assert!(RevisionName::read(&mended).is_ok(), "{name} → {mended}");
            }
        }

        #[test]
        fn a_slug_of_any_title_reads_back(title in "\\PC{0,90}") {
            if let Some(slug) = slug(&title) {
                let read = RevisionName::read(&format!("V0001__{slug}.down.postgres.sql")).expect("is a name");
                prop_assert_eq!(read.slug, slug);
            }
        }
    }
}
