//! What an `alter table` destroys: the columns that it drops, and those whose values a new type changes.

use sqlparser::tokenizer::Token;

use super::reader::{Name, Reader, depth_after, has_word, word};
use super::uncounted;
use crate::schema::reverse::Loss;

pub(super) fn losses(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("alter");
    if !reader.takes("table") {
        return Vec::new();
    }
    reader.skip(&["if", "exists", "only"]);
    let table = reader.name();
    if reader.rest.first() == Some(&Token::Mul) {
        reader.rest = &reader.rest[1..];
    }
    let mut depth = 0_i32;
    let ends = |token: &Token| {
        depth = depth_after(depth, token);
        depth == 0 && *token == Token::Comma
    };
    let engine = reader.engine;
    let actions = reader.rest.split(ends).filter_map(|rest| Action::read(Reader { engine, rest }));
    actions.map(|action| action.loss(table.clone())).collect()
}

/// What an action does to the values of a column; the column, where it can be read.
enum Action {
    Drops(Option<String>),
    /// It says how a value becomes another.
    Recomputes(Option<String>),
    /// The server casts; to the type as it is written.
    Casts(Option<String>, String),
}

impl Action {
    fn read(mut reader: Reader<'_>) -> Option<Self> {
        if reader.takes("drop") {
            if reader.takes("constraint") {
                return None;
            }
            reader.skip(&["column", "if", "exists"]);
            return Some(Self::Drops(reader.part()));
        }
        if !reader.takes("alter") {
            return None;
        }
        reader.takes("column");
        let column = reader.part();
        reader.skip(&["set", "data"]);
        if column.is_some() && !reader.takes("type") || !(column.is_some() || has_word(reader.rest, "type")) {
            return None;
        }
        if has_word(reader.rest, "using") {
            return Some(Self::Recomputes(column));
        }
        let told = |token: &&Token| word(token).as_deref() != Some("collate");
        let to: Vec<String> = reader.rest.iter().take_while(told).map(Token::to_string).collect();
        Some(Self::Casts(column, to.join(" ")))
    }

    fn loss(self, table: Option<Name>) -> Loss {
        match (table, self) {
            (Some((schema, table)), Self::Drops(column @ Some(_))) => {
                Loss::Written { schema, table, column, narrowed: false }
            }
            (Some((schema, table)), Self::Recomputes(column @ Some(_))) => {
                Loss::Written { schema, table, column, narrowed: true }
            }
            (Some((schema, table)), Self::Casts(Some(column), to)) => Loss::Cast { schema, table, column, to },
            _ => uncounted("the values of a column"),
        }
    }
}
