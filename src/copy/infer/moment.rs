//! SQLite's words for the present moment, as PostgreSQL says them; always UTC.

use crate::postgres::names::literal;
use crate::postgres::wording;
use crate::schema::LogicalType;

const UTC: &str = "now() at time zone 'utc'";

/// Gives PostgreSQL's text for a default that tells the time; `None` for any other.
pub(super) fn moment(text: &str, logical: &LogicalType) -> Option<String> {
    use LogicalType as T;
    let words: String = text.to_lowercase().split_whitespace().collect();
    let sql = match (words.as_str(), logical) {
        ("current_timestamp" | "datetime('now')", T::Timestamp(_)) => format!("({UTC})"),
        ("current_timestamp" | "datetime('now')", T::TimestampTz(_)) => "now()".into(),
        ("current_timestamp" | "datetime('now')", T::Text) => format!("to_char({UTC}, 'YYYY-MM-DD HH24:MI:SS')"),
        ("current_date" | "date('now')", T::Date) => format!("(({UTC})::date)"),
        ("current_date" | "date('now')", T::Text) => format!("to_char({UTC}, 'YYYY-MM-DD')"),
        ("current_time" | "time('now')", T::Time(_)) => format!("(({UTC})::time)"),
        ("current_time" | "time('now')", T::Text) => format!("to_char({UTC}, 'HH24:MI:SS')"),
        ("unixepoch()" | "unixepoch('now')" | "strftime('%s','now')", T::Epoch(_)) => {
            wording::default("now()", logical).ok()?
        }
        ("unixepoch()" | "unixepoch('now')" | "strftime('%s','now')", logical) if logical.is_integer() => {
            "(floor(extract(epoch from now()))::bigint)".into()
        }
        _ => return formatted(text, logical),
    };
    Some(sql)
}

/// `strftime(FORMAT, 'now')`: as a text in the same form, or as a moment when the form is that of one.
fn formatted(text: &str, logical: &LogicalType) -> Option<String> {
    let (name, arguments) = text.strip_suffix(')')?.split_once('(')?;
    let (format, now) = arguments.rsplit_once(',')?;
    let format = format.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let is_now = now.trim().eq_ignore_ascii_case("'now'");
    if !name.trim().eq_ignore_ascii_case("strftime") || format.contains('\'') || !is_now {
        return None;
    }
    let bare = format.replace('T', " ");
    let (bare, is_moment) =
        (bare.trim_end_matches('Z'), |form: &str| form == "%Y-%m-%d %H:%M:%S" || form == "%Y-%m-%d %H:%M:%f");
    match logical {
        LogicalType::Timestamp(_) if is_moment(bare) => Some(format!("({UTC})")),
        LogicalType::TimestampTz(_) if is_moment(bare) => Some("now()".into()),
        LogicalType::Date if format == "%Y-%m-%d" => Some(format!("(({UTC})::date)")),
        LogicalType::Text => template(format).map(|template| format!("to_char({UTC}, {})", literal(&template))),
        _ => None,
    }
}

/// The template of `to_char` for a format of `strftime`; letters that stand for themselves are quoted.
///
/// Sources: SQLite, "Date And Time Functions"; PostgreSQL manual, "Data Type Formatting Functions".
fn template(format: &str) -> Option<String> {
    let mut template = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => template.push_str(match characters.next()? {
                'Y' => "YYYY",
                'm' => "MM",
                'd' => "DD",
                'H' => "HH24",
                'M' => "MI",
                'S' => "SS",
                'f' => "SS.MS",
                'j' => "DDD",
                _ => return None,
            }),
            '-' | ':' | ' ' | '.' | '/' => template.push(character),
            letter if letter.is_ascii_alphanumeric() => template.push_str(&format!("\"{letter}\"")),
            _ => return None,
        }
    }
    Some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_of_the_present_moment_keeps_its_form() {
        let text = |format: &str| moment(&format!("strftime('{format}', 'now')"), &LogicalType::Text);
        let made = |template: &str| Some(format!("to_char(now() at time zone 'utc', '{template}')"));
        assert_eq!(text("%Y-%m-%d %H:%M:%f"), made("YYYY-MM-DD HH24:MI:SS.MS"));
        assert_eq!(text("%Y-%m-%dT%H:%M:%SZ"), made("YYYY-MM-DD\"T\"HH24:MI:SS\"Z\""));
        assert_eq!(text("%Y-%m"), made("YYYY-MM"));
        assert_eq!((text("%w"), text("it%%s"), text("%Y{}")), (None, None, None));
    }

    #[test]
    fn a_format_of_a_date_and_time_is_that_moment() {
        let into = |logical: LogicalType| moment("STRFTIME('%Y-%m-%dT%H:%M:%fZ', 'NOW')", &logical);
        assert_eq!(into(LogicalType::Timestamp(6)).as_deref(), Some("(now() at time zone 'utc')"));
        assert_eq!(into(LogicalType::TimestampTz(6)).as_deref(), Some("now()"));
        assert_eq!(into(LogicalType::BigInt), None);
        assert_eq!(moment("strftime('%Y', 'now')", &LogicalType::Timestamp(6)), None);
        assert_eq!(moment("strftime('%Y', 'now', 'localtime')", &LogicalType::Text), None);
    }
}
