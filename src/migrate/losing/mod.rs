//! What a statement in one engine's own SQL destroys, as far as its text tells.
//!
//! Not seen is what rows decide (a `delete` with a condition, an `update`) and what functions and triggers do.

mod alter;
mod block;
mod reader;
mod rows;

use sqlparser::tokenizer::Token;

use self::reader::{Name, Reader, has_word, tokens, word};
use crate::schema::Engine;
use crate::schema::language::words::first_words;
use crate::schema::reverse::Loss;

/// Says what a statement destroys, if it destroys anything.
pub(super) fn losses(engine: Engine, text: &str) -> Vec<Loss> {
    match tokens(engine, text) {
        Some(tokens) => all_losses(engine, &tokens),
        None => {
            let words = first_words(text, usize::MAX);
            let destroys = words.iter().any(|word| matches!(word.as_str(), "drop" | "truncate" | "delete" | "execute"));
            if destroys { vec![uncounted("what a statement holds that cannot be read")] } else { Vec::new() }
        }
    }
}

/// The index that a statement builds without locking its table, and the table: its schema, where it is written, and name.
pub(super) fn index_built_concurrently(text: &str) -> Option<(String, Option<String>, String)> {
    let tokens = tokens(Engine::Postgres, text)?;
    let mut reader = Reader { engine: Engine::Postgres, rest: &tokens };
    reader.takes("create").then_some(())?;
    reader.takes("unique");
    (reader.takes("index") && reader.takes("concurrently")).then_some(())?;
    reader.skip(&["if", "not", "exists"]);
    let (_, index) = reader.name()?;
    reader.takes("on").then_some(())?;
    reader.takes("only");
    let (schema, table) = reader.name()?;
    Some((index, schema, table))
}

/// The table whose rows a statement writes, as the engine tells it from others; none where it could be another schema's.
pub(super) fn written_table(engine: Engine, text: &str) -> Option<String> {
    let tokens = tokens(engine, text)?;
    let mut reader = Reader { engine, rest: &tokens };
    let writes = match () {
        () if reader.takes("insert") => reader.takes("into"),
        () if reader.takes("delete") => reader.takes("from"),
        () => reader.takes("update"),
    };
    let (schema, name) = writes.then(|| reader.name())??;
    schema.is_none().then(|| told_apart(engine, &name))
}

/// A table's name as an engine tells it from others.
pub(super) fn told_apart(engine: Engine, name: &str) -> String {
    match engine {
        Engine::Sqlite => name.to_ascii_lowercase(),
        Engine::Postgres => name.to_owned(),
    }
}

fn all_losses(engine: Engine, tokens: &[Token]) -> Vec<Loss> {
    let first = tokens.first().and_then(word).unwrap_or_default();
    match first.as_str() {
        "do" if engine == Engine::Postgres => tokens.iter().flat_map(|token| block::losses(engine, token)).collect(),
        // The body of a trigger or function destroys nothing yet.
        "create" => Vec::new(),
        "drop" => dropped(Reader { engine, rest: tokens }),
        "truncate" => truncated(Reader { engine, rest: tokens }),
        "alter" => alter::losses(Reader { engine, rest: tokens }),
        "pragma" if engine == Engine::Sqlite => opened_schema(tokens),
        _ => rows::losses(engine, tokens),
    }
}

fn dropped(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("drop");
    let cascades = has_word(reader.rest, "cascade");
    let kind = reader.rest.first().and_then(word).unwrap_or_default();
    reader.takes(&kind);
    match kind.as_str() {
        "table" => all_rows(&mut reader),
        "materialized" => {
            reader.takes("view");
            all_rows(&mut reader)
        }
        "schema" if cascades => reader.names().map_or_else(
            || vec![uncounted("everything in a schema")],
            |names| names.into_iter().map(|(_, schema)| Loss::Schema { schema }).collect(),
        ),
        "type" | "domain" if cascades => vec![uncounted("the values of every column of a dropped type")],
        "extension" if cascades => vec![uncounted("everything that needs a dropped extension")],
        "owned" | "database" => vec![uncounted("everything in it")],
        _ => Vec::new(),
    }
}

fn truncated(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("truncate");
    reader.takes("table");
    let cascades = has_word(reader.rest, "cascade");
    let Some(names) = reader.names() else { return vec![uncounted("the rows of a table")] };
    let of_name = |name: Name| {
        let (schema, table) = name.clone();
        let referring = cascades.then_some(Loss::Referring { schema, table });
        [Some(rows_of(name)), referring].into_iter().flatten()
    };
    names.into_iter().flat_map(of_name).collect()
}

/// What a script can do that may write into SQLite's own table of tables.
fn opened_schema(tokens: &[Token]) -> Vec<Loss> {
    let Some(at) = tokens.iter().position(|token| word(token).as_deref() == Some("writable_schema")) else {
        return Vec::new();
    };
    let closes = |token: &Token| match token {
        Token::Number(number, _) => number == "0",
        token => matches!(word(token).as_deref(), Some("off" | "no" | "false" | "reset")),
    };
    // Without a value it only asks.
    match tokens.get(at + 2) {
        Some(value) if !closes(value) => vec![uncounted("whatever is changed in SQLite's own table of tables")],
        _ => Vec::new(),
    }
}

fn all_rows(reader: &mut Reader<'_>) -> Vec<Loss> {
    let names = reader.names();
    names.map_or_else(|| vec![uncounted("the rows of a table")], |names| names.into_iter().map(rows_of).collect())
}

fn rows_of((schema, table): Name) -> Loss {
    Loss::Written { schema, table, column: None, narrowed: false }
}

fn uncounted(what: &str) -> Loss {
    Loss::Uncounted { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(engine: Engine, text: &str) -> Vec<String> {
        losses(engine, text).iter().map(Loss::to_string).collect()
    }

    #[test]
    fn what_a_statement_destroys_is_told_by_its_text() {
        for (text, expected) in [
            ("drop table if exists a, \"B b\" cascade", &["the rows of table a", "the rows of table B b"][..]),
            ("drop table b.t", &["the rows of table b.t"]),
            ("DROP TABLE Users", &["the rows of table users"]),
            ("drop materialized view V", &["the rows of table v"]),
            ("alter table only public.t drop column if exists c", &["the values of column public.t.c"]),
            (
                "alter table t add a int, add b numeric(3, 1), add c int, add d int, drop column e, drop F",
                &["the values of column t.e", "the values of column t.f"],
            ),
            (
                "alter table t alter column c type int using 1",
                &["what the new type of column t.c does not keep of its values"],
            ),
            ("delete from only t", &["the rows of table t"]),
            ("with x as (select 1) delete from t", &["the rows of table t"]),
            ("with x as (delete from t returning *) insert into u select * from x", &["the rows of table t"]),
            ("delete from t where (true) or 1 = 1", &["the rows of table t"]),
            ("delete from t where a = 1", &[]),
            ("truncate t, Only_t", &["the rows of table t", "the rows of table only_t"]),
            ("truncate t cascade", &["the rows of table t", "the rows of the tables that refer to table t"]),
            (
                "alter table only t alter C set data type numeric(10, 1) collate \"C\", alter type drop not null",
                &["what the new type of column t.c does not keep of its values"],
            ),
            ("delete from t where 1 in (1) and a.x = A.X", &["the rows of table t"]),
            ("delete from t where x = x + 1", &[]),
            ("delete from t where current of c", &[]),
            (
                "merge into t using u on t.a = u.a when matched then delete when not matched then insert values (1)",
                &["the rows that a merge deletes"],
            ),
            ("merge into t using u on t.a = u.a when matched then update set b = 1", &[]),
            ("drop schema s cascade", &["everything in schema s"]),
            ("drop schema s", &[]),
            ("drop type y cascade", &["the values of every column of a dropped type"]),
            ("do $$ begin if true then drop table t; end if; end $$", &["the rows of table t"]),
            ("do E'begin delete from u; end'", &["the rows of table u"]),
            ("alter table t drop constraint c", &[]),
            ("drop index i", &[]),
            ("drop view v", &[]),
            ("alter publication p drop table t", &[]),
            ("insert into t values ('drop table t')", &[]),
        ] {
            assert_eq!(told(Engine::Postgres, text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_block_executes_is_judged_as_far_as_its_text_is_known() {
        for (executed, expected) in [
            ("execute 'drop table t'", &["the rows of table t"][..]),
            ("execute $q$select 1; drop table t cascade$q$", &["the rows of table t"]),
            ("execute E'drop ta' || 'ble t'", &["the rows of table t"]),
            ("execute format($f$drop table if exists %I cascade$f$, r)", &["what a block executes"]),
            ("execute format('alter table %1$I drop column %I', r, c)", &["what a block executes"]),
            ("execute 'truncate ' || quote_ident(r)", &["what a block executes"]),
            ("execute (statement)", &["what a block executes"]),
            ("execute format('%s t', verb) using 1", &["what a block executes"]),
            ("for r in execute 'select * from t' loop perform 1", &[]),
            ("execute format('create index on %I (a) where b = %L', r, 1)", &[]),
            ("execute 'select count(*) from ' || r into n", &[]),
            ("grant execute on function f() to public", &[]),
            ("create trigger g after insert on t for each row execute function f()", &[]),
        ] {
            let text = format!("do $do$ begin {executed}; end $do$");
            assert_eq!(told(Engine::Postgres, &text), expected, "{text}");
        }
    }

    #[test]
    fn what_sqlite_replaces_takes_what_refers_to_it() {
        for text in
            ["replace into t values (1)", "insert or replace into T values (1)", "update or replace t set a = 1"]
        {
            assert_eq!(told(Engine::Sqlite, text).len(), 1, "{text}");
        }
        assert_eq!(told(Engine::Sqlite, "update t set a = replace(a, 'into', 'b')"), [""; 0]);
    }

    #[test]
    fn a_script_that_may_write_into_the_table_of_tables_says_so() {
        let told = |text| told(Engine::Sqlite, text).len();
        assert_eq!((told("pragma writable_schema = on"), told("PRAGMA main.writable_schema(1)")), (1, 1));
        assert_eq!((told("pragma writable_schema"), told("pragma writable_schema = 0")), (0, 0));
        assert_eq!((told("pragma writable_schema=RESET"), told("pragma user_version = 4")), (0, 0));
    }

    #[test]
    fn sqlite_names_a_table_in_four_ways() {
        for text in ["drop table [a b]", "drop table `a b`", "drop table \"a b\"", "drop table 'a b'"] {
            assert_eq!(told(Engine::Sqlite, text), ["the rows of table a b"], "{text}");
        }
        assert_eq!(told(Engine::Sqlite, "create trigger g after insert on t begin delete from u; end"), [""; 0]);
    }

    #[test]
    fn an_index_is_known_with_the_table_as_it_is_written() {
        let text = "create unique index concurrently if not exists Ix on only App.\"T\" (a)";
        assert_eq!(index_built_concurrently(text), Some(("ix".into(), Some("app".into()), "T".into())));
        assert_eq!(index_built_concurrently("create index i on t (a)"), None);
    }
}
