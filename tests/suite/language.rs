//! The portable language on real engines: one script makes the same thing in both, and both hold it alike.

mod conditions;
mod differences;

use rusqlite::Connection;
use strait::schema::language::{Kind, parse_after};
use strait::schema::{LogicalType, Schema};
use strait::sqlite::alter::alter;
use strait::sqlite::ddl::{Action, declared};

use crate::support::{Database, fresh_database};

/// A system in both engines.
pub(super) struct Both {
    schema: Schema,
    sqlite: Connection,
    postgres: Database,
}

impl Both {
    pub(super) fn of(script: &str) -> Self {
        let sqlite = Connection::open_in_memory().expect("opens");
        sqlite.execute_batch("pragma foreign_keys = on").expect("is set");
        let postgres = fresh_database();
        // So that a statement may fail and the session goes on.
        postgres.psql(
            "create schema test; create function test.try(sql text) returns text language plpgsql as
             $$ begin execute sql; return 'ok'; exception when others then return sqlstate; end $$",
        );
        let mut both = Self { schema: Schema::default(), sqlite, postgres };
        both.run(script);
        both
    }

    /// Runs a script on both, following it in the schema.
    pub(super) fn run(&mut self, script: &str) {
        let parsed = parse_after(script, &self.schema)
            .unwrap_or_else(|error| panic!("{error} at {}\n{}", error.position, error.excerpt(script)));
        for statement in parsed.statements {
            match statement.kind {
                Kind::Changes(changes) => changes.iter().for_each(|change| self.make(change)),
                Kind::Dml => {
                    self.sqlite.execute_batch(&statement.text).unwrap_or_else(|e| panic!("{e}\n{}", statement.text));
                    self.postgres.psql(&statement.text);
                }
                Kind::Opaque(_) => panic!("a block of one engine: {}", statement.text),
            }
        }
    }

    pub(super) fn make(&mut self, change: &strait::schema::Change) {
        let statements = strait::postgres::change::render(Some("public"), change, &self.schema).expect("is rendered");
        statements.iter().for_each(|sql| drop(self.postgres.psql(sql)));
        for action in strait::sqlite::ddl::render(change, &self.schema).expect("is rendered") {
            match action {
                Action::Sql(sql) => self.sqlite.execute_batch(&sql).unwrap_or_else(|error| panic!("{error}\n{sql}")),
                Action::Alter { table, edits } => {
                    self.sqlite.execute_batch("pragma foreign_keys = off; begin").expect("begins");
                    let altered = alter(&self.sqlite, &table, &edits);
                    altered.unwrap_or_else(|error| panic!("{table}: {edits:?}: {error:?}"));
                    self.sqlite.execute_batch("commit; pragma foreign_keys = on").expect("commits");
                }
            }
        }
        self.schema.apply(change).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Whether each engine takes a statement.
    pub(super) fn takes(&self, sql: &str) -> (bool, bool) {
        let said = self.postgres.psql(&format!("select test.try($sql${sql}$sql$)"));
        (self.sqlite.execute_batch(sql).is_ok(), said == "ok")
    }

    /// One value of each engine, as text.
    fn values(&self, sql: &str) -> (String, String) {
        let sqlite = self.sqlite.query_row(sql, [], |row| {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Null => String::new(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Real(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                rusqlite::types::ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
            })
        });
        (sqlite.unwrap_or_else(|error| panic!("{error}\n{sql}")), self.postgres.psql(sql))
    }
}

/// Every type of the language, with a value as SQL has it in both engines and as both show it.
const TYPES: [(&str, &str); 28] = [
    ("text", "'x'"),
    ("varchar(40)", "'x'"),
    ("boolean", "true"),
    ("smallint", "-5"),
    ("int", "5"),
    ("bigint", "9007199254740993"),
    ("real", "0.5"),
    ("double", "0.1"),
    ("numeric", "'12345678901234567890.10'"),
    ("numeric(30,2)", "'12345678901234567890.10'"),
    ("date", "'2026-01-31'"),
    ("time", "'12:30:00'"),
    ("time(0)", "'12:30:00'"),
    ("timestamp", "'2026-01-31 12:30:00'"),
    ("timestamp(3)", "'2026-01-31 12:30:00.123'"),
    ("timestamptz", "'2026-01-31 12:30:00+00:00'"),
    ("epoch_s", "1700000000"),
    ("epoch_ms", "1700000000000"),
    ("epoch_us", "1700000000000000"),
    ("epoch_ns", "1700000000000000000"),
    ("json", "'1.0'"),
    ("jsonb", "'{\"a\": 1}'"),
    ("json_text", "'1.0'"),
    ("uuid", "'123e4567-e89b-12d3-a456-426614174000'"),
    ("bytes", "'x'"),
    ("mood", "'it''s'"),
    ("text[]", "'{}'"),
    ("int[]", "'{}'"),
];

#[test]
fn every_type_holds_its_values_in_both_engines() {
    let columns: Vec<String> = TYPES.iter().enumerate().map(|(at, (name, _))| format!("c{at} {name}")).collect();
    let values: Vec<&str> = TYPES.iter().map(|(_, value)| *value).collect();
    let both = Both::of(&format!(
        "create type mood as enum ('sad', 'it''s'); create table t ({}); insert into t values ({})",
        columns.join(", "),
        values.join(", ")
    ));
    let shown = both.postgres.psql(
        "select string_agg(format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute
         where attrelid = 't'::regclass and attnum > 0",
    );
    assert_eq!(
        shown,
        "text, character varying(40), boolean, smallint, integer, bigint, real, double precision, numeric, \
         numeric(30,2), date, time without time zone, time(0) without time zone, timestamp without time zone, \
         timestamp(3) without time zone, timestamp with time zone, bigint, bigint, bigint, bigint, json, jsonb, text, \
         uuid, bytea, mood, text[], integer[]"
    );
    let table = both.schema.table("t").expect("is there");
    let mut statement = both.sqlite.prepare("select type from pragma_table_xinfo('t') order by cid").expect("is read");
    let types: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("is read").map(|name| name.expect("is text")).collect();
    for (declared_type, column) in types.iter().zip(&table.columns) {
        let expected = match &column.logical {
            LogicalType::Enum(_) => LogicalType::Text,
            other => other.clone(),
        };
        assert_eq!(declared::logical(declared_type), Some(expected), "{declared_type}");
    }
    for (at, (name, value)) in TYPES.iter().enumerate() {
        if matches!(*name, "bytes" | "boolean" | "timestamptz") || name.ends_with("[]") {
            continue;
        }
        let (sqlite, postgres) = both.values(&format!("select c{at} from t"));
        assert_eq!(sqlite, postgres, "{name}");
        assert_eq!(sqlite, value.trim_matches('\'').replace("''", "'"), "{name}");
    }
}

#[test]
fn a_default_means_the_same_in_both_engines() {
    let both = Both::of(
        "create type mood as enum ('sad', 'happy');
         create table t (
            id bigint generated by default as identity primary key,
            name text default 'it''s', ok boolean not null default true, price numeric(9,2) default 1.50,
            at timestamp default current_timestamp, seen timestamptz default now(), at3 timestamp(0) default now(),
            day date default current_date, hour time default current_time, s epoch_s default now(),
            ms epoch_ms default now(), us epoch_us default now(), ns epoch_ns default now(),
            key uuid default gen_random_uuid(), key_text text default gen_random_uuid(), data bytes default x'00ff',
            doc jsonb default '{}', list int[] default '{}', m mood default 'happy', n int default -5, none text default null);
         insert into t (name) values ('a'); insert into t (n) values (1)",
    );
    for sql in [
        "select name from t where id = 2",
        "select price from t where id = 1",
        "select m from t where id = 1",
        "select n from t where id = 1",
        "select count(*) from t where ok and none is null",
        "select length(data) from t where id = 1",
        "select doc from t where id = 1",
        "select count(distinct key) from t",
        "select max(id) from t",
    ] {
        let (sqlite, postgres) = both.values(sql);
        assert_eq!(sqlite, postgres, "{sql}");
    }
    both.postgres.psql("set timezone = 'Asia/Tokyo'");
    for (column, form) in [
        ("at", "yyyy-mm-dd hh24:mi"),
        ("at3", "yyyy-mm-dd hh24:mi"),
        ("seen", "yyyy-mm-dd hh24:mi"),
        ("day", "yyyy-mm-dd"),
    ] {
        let length = form.len() - 2 * usize::from(form.contains("24"));
        let sqlite: String = both
            .sqlite
            .query_row(&format!("select substr({column}, 1, {length}) from t"), [], |row| row.get(0))
            .expect("is read");
        let utc = if column == "seen" { "at time zone 'utc'" } else { "" };
        let near = format!(
            "select count(*) from (select to_char({column} {utc}, '{form}') as c from t) x
             where abs(extract(epoch from (c::timestamp - '{sqlite}'::timestamp))) <= 60"
        );
        assert_eq!(both.postgres.psql(&near), "2", "{column}: {sqlite}");
    }
    for column in ["s", "ms", "us", "ns"] {
        let (sqlite, postgres) = both.values(&format!("select {column} from t where id = 1"));
        assert_eq!(sqlite.len(), postgres.len(), "{column}: {sqlite} {postgres}");
        assert_eq!(sqlite[..8], postgres[..8], "{column}");
    }
    for column in ["key", "key_text"] {
        let shape = "________-____-4___-____-____________";
        let sql = format!("select count(*) from t where cast({column} as varchar(36)) like '{shape}'");
        assert_eq!(both.values(&sql), ("2".into(), "2".into()), "{column}");
    }
    // What strait's own reader takes for each is what the column is.
    let at: String = both.sqlite.query_row("select at from t", [], |row| row.get(0)).expect("is read");
    assert_eq!(at.len(), "2026-01-31 12:30:00.123".len(), "{at}");
}

#[test]
fn references_in_a_circle_are_made_in_both_engines() {
    let both = Both::of(
        "create table person (
            id int generated by default as identity primary key, name varchar(20) not null unique,
            team_id int references team (id) on delete set null deferrable initially deferred,
            boss_id int references person on delete cascade);
         create table team (
            id int generated by default as identity primary key,
            lead_id int constraint led_by references person on update cascade on delete restrict);
         insert into person (name) values ('a'); insert into team (lead_id) values (1);
         update person set team_id = 1, boss_id = null;
         insert into person (name, boss_id) values ('b', 1)",
    );
    assert_eq!(both.takes("delete from person where id = 1"), (false, false));
    assert_eq!(both.takes("insert into team (lead_id) values (7)"), (false, false));
    assert_eq!(both.takes("insert into person (name) values ('a')"), (false, false));
    assert_eq!(both.takes("insert into person (name) values (null)"), (false, false));
    assert_eq!(both.takes("delete from team"), (true, true));
    assert_eq!(both.takes("delete from person where id = 1"), (true, true));
    assert_eq!(both.values("select count(*) from person"), ("0".into(), "0".into()));
    let names = both.postgres.psql(
        "select string_agg(conname, ' ' order by conname collate \"C\") from pg_constraint
         where connamespace = 'public'::regnamespace and contype <> 'n'",
    );
    assert_eq!(names, "led_by person_boss_id_fkey person_name_key person_pkey person_team_id_fkey team_pkey");
    let sql: String = both
        .sqlite
        .query_row("select group_concat(sql) from sqlite_schema where type = 'table'", [], |row| row.get(0))
        .expect("is read");
    for name in names.split(' ') {
        assert!(sql.contains(&format!("constraint \"{name}\"")), "{name} is not in {sql}");
    }
    // No number is given twice, as PostgreSQL's sequence gives none twice.
    both.sqlite.execute_batch("insert into person (name) values ('c')").expect("is taken");
    both.postgres.psql("insert into person (name) values ('c')");
    let (sqlite, postgres) = both.values("select id > 2 from person");
    assert_eq!((sqlite.as_str(), postgres.as_str()), ("1", "t"));
}

#[test]
fn a_generated_column_and_an_enum_are_held_in_both_engines() {
    let mut both = Both::of(
        "create type mood as enum ('sad', 'happy');
         create table t (id int primary key, a text, b text, m mood not null,
            both_names text generated always as (coalesce(a, '') || ' ' || upper(coalesce(b, ''))) stored,
            size int generated always as (length(a) * 2) stored);
         insert into t (id, a, b, m) values (1, 'x', 'é', 'sad')",
    );
    assert_eq!(both.values("select both_names from t"), ("x é".into(), "x é".into()));
    assert_eq!(both.values("select size from t"), ("2".into(), "2".into()));
    assert_eq!(both.takes("insert into t (id, m) values (2, 'glad')"), (false, false));
    both.run("alter table t rename column m to mind; alter table t rename to u; alter table u add column n mood");
    assert_eq!(both.takes("insert into u (id, mind) values (2, 'glad')"), (false, false));
    assert_eq!(both.takes("insert into u (id, mind, n) values (2, 'happy', 'glad')"), (false, false));
    assert_eq!(both.takes("insert into u (id, mind) values (2, 'happy')"), (true, true));
    both.run("alter table u drop column mind, drop column n; drop type mood; alter table u drop column size");
    assert_eq!(both.values("select count(*) from u"), ("2".into(), "2".into()));
}

#[test]
fn changes_of_columns_are_made_in_both_engines() {
    let mut both = Both::of(
        "create table t (id int generated by default as identity primary key, a text default 'x', b int);
         create table \"Odd name\" (\"order\" int primary key, \"it's\" text);
         create index on t (b); create unique index on \"Odd name\" (\"it's\" desc);
         insert into t (b) values (1); insert into \"Odd name\" values (1, 'x')",
    );
    both.run(
        "alter table t add column c numeric(9,2) not null default 1.50, rename column b to bee, drop column a;
         alter table t alter column bee set not null; alter index t_b_idx rename to by_bee;
         alter table t add constraint small check (bee < 10); alter table t drop constraint small;
         alter table t alter column id type bigint;
         alter table \"Odd name\" rename to plain; alter table plain rename column \"order\" to id;
         drop index by_bee",
    );
    assert_eq!(both.values("select c from t"), ("1.50".into(), "1.50".into()));
    assert_eq!(both.takes("insert into t (bee) values (null)"), (false, false));
    assert_eq!(both.takes("insert into t (bee) values (11)"), (true, true));
    assert_eq!(both.takes("insert into plain values (2, 'x')"), (false, false));
    both.run("drop table plain, t");
    assert_eq!(both.schema, Schema::default());
}

#[test]
fn a_type_is_changed_with_its_values_and_its_default_in_both_engines() {
    let mut both = Both::of(
        "create type mood as enum ('sad', 'happy');
         create table t (id int primary key, m text default 'sad', n text, at timestamptz,
            doc json_text default '{}', size bigint default 5);
         insert into t values (1, 'happy', ' 7 ', '2026-01-31 12:00:00+02:00', '{\"a\": 2}', 3)",
    );
    both.run(
        "alter table t alter m type mood, alter n type int using cast(trim(n) as int), alter at type timestamp,
            alter doc type jsonb, alter size type smallint;
         insert into t (id) values (2)",
    );
    assert_eq!(both.takes("insert into t (id, m) values (3, 'glad')"), (false, false));
    both.run("alter table t alter m type text; alter table t alter m type varchar(5); alter table t alter n type text");
    for (column, expected) in [("m", "happy"), ("n", "7"), ("doc", "{\"a\": 2}"), ("size", "3")] {
        let found = both.values(&format!("select {column} from t where id = 1"));
        assert_eq!(found, (expected.into(), expected.into()), "{column}");
    }
    let (sqlite, postgres) = both.values("select at from t where id = 1");
    assert_eq!((&sqlite[..19], postgres.as_str()), ("2026-01-31 10:00:00", "2026-01-31 10:00:00"));
    assert_eq!(both.values("select m from t where id = 2"), ("sad".into(), "sad".into()));
    assert_eq!(both.takes("insert into t (id, m) values (3, 'glad')"), (true, true));
}

#[test]
fn a_value_that_does_not_become_one_of_the_new_type_stops_the_change_in_both_engines() {
    for (before, change) in [
        ("a text) ; insert into t values ('x')", "a type int using cast(a as int)"),
        ("a bigint) ; insert into t values (40000)", "a type smallint"),
        ("a text) ; insert into t values ('long')", "a type varchar(3)"),
        ("a text) ; insert into t values ('x     ')", "a type varchar(3)"),
        ("a json_text) ; insert into t values ('{')", "a type jsonb"),
    ] {
        let both = Both::of(&format!("create table t ({before}"));
        let script = parse_after(&format!("alter table t alter {change}"), &both.schema).expect("is read");
        let Kind::Changes(changes) = &script.statements[0].kind else { panic!("no change") };
        for sql in strait::postgres::change::render(Some("public"), &changes[0], &both.schema).expect("is rendered") {
            assert_ne!(both.postgres.psql(&format!("select test.try($sql${sql}$sql$)")), "ok", "{sql}");
        }
        for action in strait::sqlite::ddl::render(&changes[0], &both.schema).expect("is rendered") {
            let Action::Alter { table, edits } = action else { panic!("no edit") };
            both.sqlite.execute_batch("pragma foreign_keys = off; begin").expect("begins");
            assert!(alter(&both.sqlite, &table, &edits).is_err(), "{edits:?}");
            both.sqlite.execute_batch("rollback").expect("rolls back");
        }
    }
}
