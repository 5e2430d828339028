//! How a column's rows are numbered by a sequence of its own, where the word `serial` says too little.

use super::keys::parts;
use super::mend::usual_sequence;
use super::names::whole;
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Item};

/// The type that makes a column, its sequence and its default at once; nothing where one of them is not as usual.
pub(super) fn serial(column: &Item) -> Option<&'static str> {
    let is_usual = column.fact("not null").is_some() && column.fact("sequence").is_none();
    let serial = match column.fact("type")? {
        "integer" => "serial",
        "bigint" => "bigserial",
        "smallint" => "smallserial",
        _ => return None,
    };
    is_usual.then_some(serial)
}

/// Statements that number the rows of a column that is there; none where the column is made with its numbering.
pub(super) fn statements(column: &Item, inventory: &Inventory) -> Vec<String> {
    let is_unusual = column.fact("numbers rows").is_some() && serial(column).is_none();
    if is_unusual { unusual(column, inventory).unwrap_or_default() } else { Vec::new() }
}

fn unusual(column: &Item, inventory: &Inventory) -> Option<Vec<String>> {
    let options = column.fact("sequence").map(parts).unwrap_or_default();
    let said = |word: &str| options.iter().find_map(|option| option.strip_prefix(word).map(str::to_owned));
    let sequence = said("named ").or_else(|| usual_sequence(column, inventory))?;
    let kind = said("as ").or_else(|| column.fact("type").map(str::to_owned))?;
    let more = options.iter().filter(|option| !option.starts_with("named ") && !option.starts_with("as "));
    let more: String = more.map(|option| format!(" {option}")).collect();
    let (table, name) = (whole(column, inventory)?, quote(column.name.as_deref()?));
    Some(vec![
        format!("create sequence {sequence} as {kind}{more}"),
        format!("alter sequence {sequence} owned by {table}.{name}"),
        format!("alter table {table} alter column {name} set default nextval({}::regclass)", literal(&sequence)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;
    use crate::schema::inventory::Kind;

    #[test]
    fn an_unusual_sequence_is_made_beside_its_column() {
        let column = Item::new(Kind::Column, Some("t"), Some("id")).with("type", Some("integer"));
        let column = column.with("not null", Some("yes")).with("numbers rows", Some("sequence"));
        let inventory = Inventory::new(Engine::Postgres);
        assert_eq!((serial(&column), statements(&column, &inventory)), (Some("serial"), vec![]));
        let column = column.with("sequence", Some("named s, as bigint, increment by 3"));
        assert_eq!(serial(&column), None);
        assert_eq!(
            statements(&column, &inventory),
            [
                "create sequence s as bigint increment by 3",
                "alter sequence s owned by \"t\".\"id\"",
                "alter table \"t\" alter column \"id\" set default nextval('s'::regclass)",
            ]
        );
    }
}
