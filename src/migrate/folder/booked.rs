//! What a revision says of other tools' tables of history: whose tables tell of it, or that none does.

use crate::migrate::bookkeeping::Bookkeeping;

/// Which tools' tables of history tell of a revision, where its author says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booked {
    /// None: the revision is nothing that another tool knows.
    Nowhere,
    /// Those of these tools, which are kept true without being asked for.
    By(Vec<Bookkeeping>),
}

/// Reads the value of the header.
pub(super) fn booked(text: &str) -> Result<Booked, String> {
    if text == "none" {
        return Ok(Booked::Nowhere);
    }
    let tool = |word: &str| {
        let known = Bookkeeping::by_word(word.trim());
        known.ok_or_else(|| format!("`{}` is no tool whose table can be kept; write {WORDS}", word.trim()))
    };
    text.split(',').map(tool).collect::<Result<_, _>>().map(Booked::By)
}

const WORDS: &str = "`alembic`, `peewee`, `refinery`, several with commas between them, or `none`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_named_by_their_words() {
        assert_eq!(booked("none"), Ok(Booked::Nowhere));
        assert_eq!(booked("alembic"), Ok(Booked::By(vec![Bookkeeping::Alembic])));
        assert_eq!(booked("peewee, refinery"), Ok(Booked::By(vec![Bookkeeping::Peewee, Bookkeeping::Refinery])));
        for text in ["", "flyway", "alembic, none"] {
            assert!(booked(text).is_err_and(|fault| fault.contains("`alembic`, `peewee`")), "{text}");
        }
    }
}
