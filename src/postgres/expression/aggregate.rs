//! What is shown, grouped and summed up over rows: views alone have these.

use super::kind::{Kind, Typed};
use super::{Columns, column_of, parse, unknown};

/// Translates what is shown of a row.
pub fn shown(sql: &str, columns: &Columns<'_>) -> Result<String, String> {
    let Typed { sql, kind } = columns.typed(&parse(sql)?)?;
    match kind {
        // A truth value is a number in SQLite.
        Kind::Boolean => Ok(format!("({sql})::int")),
        Kind::Null | Kind::Other => Err("it shows a value of a kind that is not on the list".into()),
        _ => Ok(sql),
    }
}

/// Translates what rows are told apart by: values that are equal in both engines, or in none.
pub fn grouping(sql: &str, columns: &Columns<'_>) -> Result<String, String> {
    let expr = parse(sql)?;
    let Typed { sql, kind } = columns.typed(&expr)?;
    match kind {
        Kind::Boolean if column_of(&expr).is_none() => Ok(format!("({sql})::int")),
        Kind::Null | Kind::Other => Err("it groups by a value of a kind that is not on the list".into()),
        Kind::CollatedText => Err("it groups text by its column's own collation, which has no counterpart".into()),
        _ => Ok(sql),
    }
}

/// Translates an aggregate over the rows of a group; without an argument it counts them.
pub fn aggregate(name: &str, argument: Option<&str>, columns: &Columns<'_>) -> Result<String, String> {
    let Some(argument) = argument else {
        return if name == "count" { Ok("count(*)".into()) } else { Err(unknown(name)) };
    };
    let Typed { sql, kind } = columns.typed(&parse(argument)?)?;
    match (name, kind) {
        ("count", kind) if kind != Kind::Null => Ok(format!("count({sql})")),
        // Both engines fail when a sum of whole numbers does not fit 64 bits.
        ("sum", Kind::Integer { .. }) => Ok(format!("sum({sql})::bigint")),
        ("min" | "max", kind) if kind.is_number() => Ok(format!("{name}({sql})")),
        ("min" | "max", Kind::Text) => Ok(format!("{name}({sql} collate \"C\")")),
        _ => Err(format!("it takes the {name} of values of a kind that is not on the list")),
    }
}
