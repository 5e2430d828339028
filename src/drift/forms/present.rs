//! The present moment as a default tells it, in either engine's words.

use super::names::lower;
use crate::schema::Engine;

/// What of the present moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Day,
    TimeOfDay,
    Moment,
}

/// Where the clock hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Utc,
    /// In PostgreSQL's session, or at SQLite's machine.
    Local,
}

/// The present moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Present {
    pub(super) told: Told,
    pub(super) clock: Clock,
    /// How often a second is counted, where it is told as a number since 1970.
    pub(super) per_second: Option<u64>,
}

/// Words that tell the time, and what of it.
const CLOCKS: [(&str, Told); 14] = [
    ("current_timestamp", Told::Moment),
    ("localtimestamp", Told::Moment),
    ("now", Told::Moment),
    ("transaction_timestamp", Told::Moment),
    ("statement_timestamp", Told::Moment),
    ("clock_timestamp", Told::Moment),
    ("datetime", Told::Moment),
    ("unixepoch", Told::Moment),
    ("strftime", Told::Moment),
    ("current_date", Told::Day),
    ("date", Told::Day),
    ("current_time", Told::TimeOfDay),
    ("localtime", Told::TimeOfDay),
    ("time", Told::TimeOfDay),
];
/// Words around them that change nothing but the form.
const AROUND: [&str; 20] = [
    "cast",
    "as",
    "integer",
    "int",
    "bigint",
    "text",
    "numeric",
    "double",
    "precision",
    "round",
    "floor",
    "timezone",
    "at",
    "zone",
    "extract",
    "date_part",
    "from",
    "timestamp",
    "without",
    "epoch",
];
/// Texts that they are given.
const GIVEN: [&str; 7] = ["now", "subsec", "subsecond", "utc", "localtime", "epoch", "%s"];

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Word(String),
    Quoted(String),
    Number(String),
    Sign(char),
}

/// Reads a default that tells the present moment; none where it does anything else, such as telling tomorrow.
pub(super) fn read(engine: Engine, text: &str) -> Option<Present> {
    let pieces = cut(text)?;
    let words: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| if let Piece::Word(word) = piece { Some(word.as_str()) } else { None })
        .collect();
    let quoted: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| if let Piece::Quoted(text) = piece { Some(text.as_str()) } else { None })
        .collect();
    let known = |word: &&str| CLOCKS.iter().any(|(clock, _)| clock == word) || AROUND.contains(word);
    let is_form = |text: &str| text.starts_with('%') && (text.contains("%Y") || text.contains("%H"));
    let signs = pieces.iter().all(|piece| !matches!(piece, Piece::Sign(sign) if !"(),:*".contains(*sign)));
    if !words.iter().all(known) || !quoted.iter().all(|text| GIVEN.contains(text) || is_form(text)) || !signs {
        return None;
    }
    let per_second = times(&pieces)?;
    let is_counted = words.contains(&"unixepoch")
        || words.contains(&"epoch")
        || quoted.iter().any(|text| ["%s", "epoch"].contains(text));
    let told = match quoted.iter().find(|text| is_form(text)) {
        Some(form) => match (form.contains("%Y"), form.contains("%H")) {
            (true, false) => Told::Day,
            (false, _) => Told::TimeOfDay,
            _ => Told::Moment,
        },
        None => of_words(engine, &pieces, &words)?,
    };
    let is_utc = match engine {
        Engine::Sqlite => !quoted.contains(&"localtime"),
        Engine::Postgres => is_counted || quoted.contains(&"utc"),
    };
    if !is_counted && per_second != 1 {
        return None;
    }
    let clock = if is_utc { Clock::Utc } else { Clock::Local };
    Some(Present { told, clock, per_second: is_counted.then_some(per_second) })
}

/// What is told, by the word that tells the time and, on PostgreSQL, by what that becomes.
fn of_words(engine: Engine, pieces: &[Piece], words: &[&str]) -> Option<Told> {
    let becomes = |kind: &str| {
        let cast = [Piece::Sign(':'), Piece::Sign(':'), Piece::Word(kind.to_owned())];
        engine == Engine::Postgres && pieces.windows(3).any(|three| three == cast)
    };
    match () {
        () if becomes("date") => Some(Told::Day),
        () if becomes("time") => Some(Told::TimeOfDay),
        () => CLOCKS.iter().find(|(clock, _)| words.contains(clock)).map(|(_, told)| *told),
    }
}

/// By how much the seconds are multiplied; none where a number says anything else but how many digits there are.
fn times(pieces: &[Piece]) -> Option<u64> {
    let mut product = 1_u64;
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Number(digits) = piece else { continue };
        let earlier = |by: usize| at.checked_sub(by).and_then(|at| pieces.get(at));
        let is_alone = earlier(1) == Some(&Piece::Sign('(')) && pieces.get(at + 1) == Some(&Piece::Sign(')'));
        if earlier(if is_alone { 2 } else { 1 }) == Some(&Piece::Sign('*')) {
            let number = digits.trim_end_matches('0').strip_suffix('.').map_or(digits.as_str(), |whole| whole);
            product = product.checked_mul(number.parse().ok()?)?;
        } else if !is_alone {
            return None;
        }
    }
    Some(product)
}

fn cut(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let take = |more: &dyn Fn(char) -> bool| rest.find(|letter| !more(letter)).unwrap_or(rest.len());
        let (piece, end) = match first {
            '\'' => {
                let end = rest[1..].find('\'')? + 1;
                let inside = &rest[1..end];
                (Piece::Quoted(if inside.starts_with('%') { inside.to_owned() } else { lower(inside) }), end + 1)
            }
            digit if digit.is_ascii_digit() => {
                let end = take(&|letter| letter.is_ascii_digit() || letter == '.');
                (Piece::Number(rest[..end].to_owned()), end)
            }
            letter if is_word(letter) => {
                let end = take(&is_word);
                (Piece::Word(lower(&rest[..end])), end)
            }
            sign => (Piece::Sign(sign), sign.len_utf8()),
        };
        pieces.push(piece);
        rest = rest[end..].trim_start();
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_moment_is_known_in_both_engines_words() {
        use Clock::{Local, Utc};
        use Told::{Day, Moment, TimeOfDay};
        for (engine, text, told, clock, per_second) in [
            (Engine::Sqlite, "current_timestamp", Moment, Utc, None),
            (Engine::Sqlite, "datetime('now')", Moment, Utc, None),
            (Engine::Sqlite, "datetime('now', 'localtime')", Moment, Local, None),
            (Engine::Sqlite, "strftime('%Y-%m-%d %H:%M:%f', 'now')", Moment, Utc, None),
            (Engine::Sqlite, "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", Moment, Utc, None),
            (Engine::Sqlite, "strftime('%H:%M:%f', 'now')", TimeOfDay, Utc, None),
            (Engine::Sqlite, "current_date", Day, Utc, None),
            (Engine::Sqlite, "date('now')", Day, Utc, None),
            (Engine::Sqlite, "unixepoch()", Moment, Utc, Some(1)),
            (Engine::Sqlite, "cast(strftime('%s', 'now') as integer)", Moment, Utc, Some(1)),
            (
                Engine::Sqlite,
                "cast(round(unixepoch('subsec') * 1000) as integer) * 1000000",
                Moment,
                Utc,
                Some(1_000_000_000),
            ),
            (Engine::Postgres, "now()", Moment, Local, None),
            (Engine::Postgres, "CURRENT_TIMESTAMP(3)", Moment, Local, None),
            (Engine::Postgres, "(now() AT TIME ZONE 'utc'::text)", Moment, Utc, None),
            (Engine::Postgres, "timezone('UTC'::text, now())", Moment, Utc, None),
            (Engine::Postgres, "(now() AT TIME ZONE 'utc'::text)::date", Day, Utc, None),
            (Engine::Postgres, "(now() AT TIME ZONE 'utc'::text)::time without time zone", TimeOfDay, Utc, None),
            (Engine::Postgres, "CURRENT_DATE", Day, Local, None),
            (Engine::Postgres, "floor(EXTRACT(epoch FROM now()))::bigint", Moment, Utc, Some(1)),
            (
                Engine::Postgres,
                "floor(date_part('epoch'::text, now()) * 1000::double precision)::bigint",
                Moment,
                Utc,
                Some(1000),
            ),
            (
                Engine::Postgres,
                "floor(EXTRACT(epoch FROM now()) * 1000000::numeric)::bigint * 1000",
                Moment,
                Utc,
                Some(1_000_000_000),
            ),
        ] {
            assert_eq!(read(engine, text), Some(Present { told, clock, per_second }), "{text}");
        }
    }

    #[test]
    fn another_moment_is_not_the_present_one() {
        for text in ["datetime('now', '+1 day')", "'now'", "julianday('now')", "unixepoch() + 60", "lower('x')", "1"] {
            assert_eq!(read(Engine::Sqlite, text), None, "{text}");
        }
        for text in ["now() + '1 day'::interval", "timezone('Europe/Berlin'::text, now())", "'now'::text", "floor(3)"] {
            assert_eq!(read(Engine::Postgres, text), None, "{text}");
        }
    }
}
