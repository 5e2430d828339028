//! SQLite's ALTERs: whatever a table has, an edit changes nothing but what it says.

mod features;
mod refusals;
mod respelling;
mod results;

use std::collections::BTreeMap;

use rusqlite::Connection;
use strait::sqlite::alter::Edit;

use crate::support::alter::{Row, contents, database, pragma, run, strings, structure, text};

/// A feature of a table that every edit must keep.
///
/// `{note}`, `{column}` and `{end}` mark where the schema says what the edits change: a column, the place of a new column,
/// the place of a new constraint.
struct Feature {
    /// The table that is edited.
    table: &'static str,
    schema: &'static str,
    rows: &'static str,
    /// What an application does afterwards; `{n}` and `{v}` stand for the column that may be dropped, and its value.
    live: &'static str,
}

/// One way to edit each feature's table, and what becomes of the three marks.
struct Way {
    name: &'static str,
    edits: Vec<Edit>,
    note: &'static str,
    column: &'static str,
    end: &'static str,
}

fn ways(strict: bool) -> Vec<Way> {
    let note = || "note".to_owned();
    let default = || Edit::SetDefault { name: note(), default: Some("'n'".into()) };
    let not_null = || Edit::SetNotNull { name: note(), nullable: false };
    let constraint = |definition: &str| Edit::AddConstraint { definition: definition.into() };
    let check = || constraint("constraint \"its check\" check (note <> 'none')");
    let column = |definition: &str| Edit::AddColumn { definition: definition.into() };
    let (declared, retyped) = if strict { ("any", "note any, ") } else { ("varchar(40)", "note varchar(40), ") };
    let as_it_is = "note text, ";
    let way = |name, edits, note, column, end| Way { name, edits, note, column, end };
    vec![
        way("default", vec![default()], "note text default 'n', ", "", ""),
        way("not null", vec![not_null()], "note text not null, ", "", ""),
        way("type", vec![Edit::SetType { name: note(), declared: declared.into(), using: None }], retyped, "", ""),
        way(
            "collation",
            vec![Edit::SetCollation { name: note(), collation: Some("rtrim".into()) }],
            "note text collate \"rtrim\", ",
            "",
            "",
        ),
        way("check", vec![check()], as_it_is, "", ", constraint \"its check\" check (note <> 'none')"),
        way(
            "unique",
            vec![constraint("constraint u unique (id, note)")],
            as_it_is,
            "",
            ", constraint u unique (id, note)",
        ),
        way(
            "reference",
            vec![constraint("foreign key (note) references notes (note) on delete cascade")],
            as_it_is,
            "",
            ", foreign key (note) references notes (note) on delete cascade",
        ),
        way("column", vec![column("extra int default 7")], as_it_is, ", extra int default 7", ""),
        way("computed column", vec![column("extra int default (3 + 4)")], as_it_is, ", extra int default (3 + 4)", ""),
        way("dropped column", vec![Edit::DropColumn { name: note() }], "", "", ""),
        way(
            "several",
            vec![default(), not_null(), check(), column("extra int not null default 7")],
            "note text default 'n' not null, ",
            ", extra int not null default 7",
            ", constraint \"its check\" check (note <> 'none')",
        ),
    ]
}

impl Feature {
    fn schema(&self, note: &str, column: &str, end: &str) -> String {
        let own = self.schema.replace("{note}", note).replace("{column}", column).replace("{end}", end);
        let table = strait::sqlite::quote(self.table);
        format!(
            "create table notes (note text primary key);
             create table kin_cascade (k integer primary key, p references {table} (id) on update cascade on delete cascade);
             create table kin_null (k integer primary key, p references {table} (id) on delete set null);
             {own}"
        )
    }

    fn build(&self) -> Connection {
        let connection = database(&self.schema("note text, ", "", ""));
        connection.execute_batch(self.rows).expect("the rows fit");
        let table = strait::sqlite::quote(self.table);
        let kin = format!(
            "insert into notes select distinct note from {table} where note is not null;
             insert into kin_cascade (p) select id from {table};
             insert into kin_null (p) select id from {table};"
        );
        connection.execute_batch(&kin).expect("the kin fit");
        connection
    }

    /// Edits the table in every way, with foreign keys on and off, and holds the rest to be as it was.
    fn hold(&self) {
        for way in ways(self.schema.contains("strict")) {
            for foreign_keys in [true, false] {
                let said = format!("{} with foreign keys {foreign_keys}", way.name);
                self.hold_one(&way, foreign_keys, &said);
            }
        }
    }

    fn hold_one(&self, way: &Way, foreign_keys: bool, said: &str) {
        let (kept, altered) = (self.build(), self.build());
        let before = contents(&altered);
        let ran = run(&altered, self.table, &way.edits, foreign_keys).unwrap_or_else(|error| {
            panic!("{said}: {error} {:?}", std::error::Error::source(&error).map(ToString::to_string))
        });
        assert_eq!(pragma(&altered, "foreign_keys") == 1, foreign_keys, "{said}");
        self.replay(&ran, &altered, said);
        let fresh = database(&self.schema(way.note, way.column, way.end));
        assert_eq!(text(&altered, self.table), text(&fresh, self.table), "{said}");
        assert_eq!(structure(&altered), structure(&fresh), "{said}");
        assert_eq!(contents(&altered), self.expected(way, before), "{said}");
        self.live(&kept, &altered, way, said);
        assert_eq!(strings(&altered, "pragma integrity_check"), ["ok"], "{said}");
    }

    /// The statements that ran do the same elsewhere: they are what an offline script shows.
    fn replay(&self, ran: &[String], altered: &Connection, said: &str) {
        assert!(!ran.is_empty(), "{said}");
        let replayed = self.build();
        replayed.execute_batch(&ran.join(";\n")).unwrap_or_else(|error| panic!("{said}: {error}"));
        assert_eq!(structure(&replayed), structure(altered), "{said}, replayed");
        assert_eq!(contents(&replayed), contents(altered), "{said}, replayed");
    }

    /// The application goes on: both databases answer alike.
    fn live(&self, kept: &Connection, altered: &Connection, way: &Way, said: &str) {
        for connection in [kept, altered] {
            connection.execute_batch("pragma foreign_keys = on").expect("the pragma is known");
            let named = std::ptr::eq(connection, kept) || !way.note.is_empty();
            let marks = if named { (", note", ", 'a'") } else { ("", "") };
            let live = self.live.replace("{n}", marks.0).replace("{v}", marks.1);
            connection.execute_batch(&live).unwrap_or_else(|error| panic!("{said}: {error}"));
        }
        assert_eq!(contents(altered), self.expected(way, contents(kept)), "{said}, living on");
        let table = strait::sqlite::quote(self.table);
        let delete = format!("delete from {table} where id in (select min(id) from {table})");
        let [kept_said, altered_said] =
            [kept, altered].map(|connection| connection.execute_batch(&delete).map_err(|error| error.to_string()));
        assert_eq!(altered_said, kept_said, "{said}, a delete");
        assert_eq!(contents(altered), self.expected(way, contents(kept)), "{said}, after a delete");
    }

    /// The contents that an edit of a table with such contents must give.
    fn expected(&self, way: &Way, mut before: BTreeMap<String, Vec<Row>>) -> BTreeMap<String, Vec<Row>> {
        let rows = before.get_mut(self.table).expect("the table is there");
        for row in rows.iter_mut() {
            if way.note.is_empty() {
                row.remove("note");
            }
            if !way.column.is_empty() {
                row.insert("extra".into(), "integer 7".into());
            }
        }
        rows.sort();
        before
    }
}
