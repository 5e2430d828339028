//! Real databases of a real application, into an empty target and into the application's own schema.

use crate::support::open_webui::{Kind, crossings, database_of, target_for};
use crate::support::picture::picture;
use crate::support::{Database, Source, copy, fresh_database, strait, verify};

/// The ids that PostgreSQL gives by itself in 0.5.11, and an insertion that asks for one.
const NEXT_IDS: [(&str, &str); 4] = [
    ("prompt", "(command, user_id, title, content, timestamp) values ('/next', 'u', 't', 'c', 1)"),
    ("config", "(data, version) values ('{}', 0)"),
    ("document", "(collection_name, name, title, filename, timestamp, user_id) values ('next', 'n', 't', 'f', 1, 'u')"),
    ("migratehistory", "(name, migrated_at) values ('next', now())"),
];

/// Everything that a program or a person could look at of a table whose rows must stay findable.
fn rows(target: &Database, table: &str, columns: &str) -> Vec<String> {
    target.psql(&format!("select {columns} from {table} order by 1")).lines().map(str::to_owned).collect()
}

fn source_rows(version: &str, table: &str, columns: &str) -> Vec<String> {
    let source = rusqlite::Connection::open(database_of(version)).expect("the fixture can be opened");
    let sql = format!("select {columns} from {table} order by 1");
    let mut statement = source.prepare(&sql).expect("the query is right");
    let found = statement.query_map([], |row| row.get::<_, String>(0)).expect("the query runs");
    found.map(|row| row.expect("is text")).collect()
}

#[test]
fn every_row_of_both_databases_reaches_both_kinds_of_target() {
    for (version, kind) in crossings() {
        let (source, target) = (database_of(version), target_for(version, kind));
        let copied = copy(&source, &target, &[]);
        assert_eq!(copied.status, 0, "{version} {kind:?}: {:#}", copied.report);
        assert_eq!(copied.report["complete"], true, "{version} {kind:?}");
        assert_eq!(copied.report["left_out"], serde_json::json!([]), "{version} {kind:?}");
        let tables = copied.report["tables"].as_array().expect("tables are listed");
        assert_eq!(tables.len(), if version == "0.5.11" { 23 } else { 48 });
        for table in tables {
            assert_eq!(table["digest_equal"], true, "{version} {kind:?}: {table:#}");
            assert_eq!(table["rejected"], 0, "{version} {kind:?}: {table:#}");
            assert_eq!(table["skipped"], 0, "{version} {kind:?}: {table:#}");
            assert_eq!(table["created"], matches!(kind, Kind::Empty), "{version} {kind:?}: {table:#}");
        }
        let (status, report) = verify(&source, &target);
        assert_eq!((status, &report["equal"]), (0, &true.into()), "{version} {kind:?}: {report:#}");
        for table in report["tables"].as_array().expect("tables are listed") {
            assert_eq!(table["source_rows"], table["target_rows"], "{version} {kind:?}: {table:#}");
        }
    }
}

#[test]
fn the_application_finds_its_own_histories_as_they_were() {
    for (version, kind) in crossings() {
        let target = target_for(version, kind);
        assert_eq!(copy(&database_of(version), &target, &[]).status, 0);
        let revision = source_rows(version, "alembic_version", "version_num");
        assert_eq!(revision.len(), 1);
        assert_eq!(rows(&target, "alembic_version", "version_num"), revision, "{version} {kind:?}");
        if version == "0.5.11" {
            let expected = source_rows(version, "migratehistory", "id || ' ' || name || ' ' || migrated_at");
            let columns = "id || ' ' || name || ' ' || to_char(migrated_at, 'YYYY-MM-DD HH24:MI:SS.US')";
            assert_eq!(rows(&target, "migratehistory", columns), expected, "{kind:?}");
        }
    }
}

#[test]
fn the_next_id_follows_the_highest() {
    for kind in [Kind::Empty, Kind::Application] {
        let target = target_for("0.5.11", kind);
        assert_eq!(copy(&database_of("0.5.11"), &target, &[]).status, 0);
        for (table, insertion) in NEXT_IDS {
            let highest: i64 = target.psql(&format!("select max(id) from {table}")).parse().expect("is a number");
            let next = target.psql(&format!("insert into {table} {insertion} returning id"));
            assert_eq!(next, (highest + 1).to_string(), "{table} of {kind:?}");
        }
    }
}

#[test]
fn json_null_and_sql_null_stay_apart() {
    for (version, kind) in crossings() {
        let (source, target) = (Source::from_fixture(&format!("open-webui-{version}.db")), target_for(version, kind));
        let file = source.connect();
        // The fixtures hold hundreds of the one and few of the other.
        file.execute_batch("update feedback set meta = null where version = (select min(version) from feedback)")
            .expect("the fixture can be changed");
        assert_eq!(copy(&source.path(), &target, &[]).status, 0);
        let columns = "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and \
                       c.type = 'JSON'";
        let mut statement = file.prepare(columns).expect("the query is right");
        let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("the query runs");
        let columns: Vec<(String, String)> = columns.map(|column| column.expect("has two names")).collect();
        let counts = {
            let count = |(table, column): &(String, String)| {
                format!(
                    "select '{table}.{column}', count(*) filter (where \"{column}\" is null), count(*) filter (where \
                     cast(\"{column}\" as text) = 'null') from \"{table}\""
                )
            };
            columns.iter().map(count).collect::<Vec<_>>().join(" union all ")
        };
        let mut statement = file.prepare(&format!("{counts} order by 1")).expect("the query is right");
        let line = |row: &rusqlite::Row<'_>| {
            let (name, sql, json): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((format!("{name}|{sql}|{json}"), sql, json))
        };
        let expected: Vec<_> =
            statement.query_map([], line).expect("the query runs").map(|row| row.expect("a row")).collect();
        assert!(
            expected.iter().any(|(_, sql, _)| *sql > 0) && expected.iter().any(|(.., json)| *json > 0),
            "both occur"
        );
        let found = target.psql(&format!("select * from ({counts}) counts(name) order by name collate \"C\""));
        let expected: Vec<_> = expected.into_iter().map(|(line, ..)| line).collect();
        assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{version} {kind:?}");
    }
}

#[test]
fn the_foreign_keys_of_the_applications_schema_are_all_back_and_validated() {
    let target = target_for("0.12.4", Kind::Application);
    let keys = "select conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where contype \
                = 'f' and connamespace = 'public'::regnamespace order by conrelid::regclass::text, conname";
    let before = target.psql(keys);
    assert_eq!(before.lines().count(), 19, "{before}");
    assert_eq!(copy(&database_of("0.12.4"), &target, &[]).status, 0);
    assert_eq!(target.psql(keys), before);
    assert_eq!(target.psql("select count(*) from pg_constraint where not convalidated"), "0");
}

#[test]
fn a_history_that_the_application_has_already_written_is_taken_for_empty() {
    let target = target_for("0.5.11", Kind::Application);
    let revision = source_rows("0.5.11", "alembic_version", "version_num").remove(0);
    target.psql(&format!("insert into alembic_version values ('{revision}')"));
    for (at, name) in source_rows("0.5.11", "migratehistory", "name").iter().enumerate() {
        target.psql(&format!("insert into migratehistory values ({}, '{name}', '2001-01-01')", at + 100));
    }
    let copied = copy(&database_of("0.5.11"), &target, &[]);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(verify(&database_of("0.5.11"), &target).0, 0);
    assert_eq!(
        target.psql("select count(*), count(*) filter (where migrated_at = '2001-01-01') from migratehistory"),
        "18|0"
    );
}

/// Copies into a target that must be refused; gives back what the program says.
fn refused(version: &str, target: &Database) -> String {
    let before = picture(target);
    let source = database_of(version);
    let run = strait(&["copy", source.to_str().expect("the path is UTF-8"), target.url()]);
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(picture(target), before, "something was changed");
    run.stderr
}

#[test]
fn another_revision_stops_the_copy_before_it_changes_anything() {
    let target = target_for("0.12.4", Kind::Application);
    target.psql("insert into alembic_version values ('c0ffee000000')");
    let said = refused("0.12.4", &target);
    assert!(said.contains("alembic_version") && said.contains("different versions of the application"), "{said}");
    assert!(said.contains("c0ffee000000"), "{said}");
}

#[test]
fn another_set_of_migrations_stops_the_copy_before_it_changes_anything() {
    let target = target_for("0.5.11", Kind::Application);
    target.psql("insert into migratehistory values (1, '001_initial_schema', now())");
    let said = refused("0.5.11", &target);
    assert!(said.contains("migratehistory") && said.contains("peewee"), "{said}");
}

#[test]
fn a_target_with_rows_is_refused_with_their_number_and_filled_anew_on_request() {
    let target = target_for("0.5.11", Kind::Application);
    assert_eq!(copy(&database_of("0.5.11"), &target, &[]).status, 0);
    target.psql("delete from message where id in (select id from message limit 7)");
    let said = refused("0.5.11", &target);
    assert!(said.contains("message (473 rows)") && said.contains("--on-nonempty truncate"), "{said}");
    assert_eq!(copy(&database_of("0.5.11"), &target, &["--on-nonempty", "truncate"]).status, 0);
    assert_eq!(verify(&database_of("0.5.11"), &target).0, 0);
}

#[test]
fn what_an_older_application_left_behind_is_created_beside_a_newer_schema() {
    // As after an upgrade: the newer application's database still holds the older one's history.
    let source = Source::from_fixture("open-webui-0.12.4.db");
    source
        .connect()
        .execute_batch(
            "create table migratehistory (id integer not null primary key, name varchar(255) not null, migrated_at datetime \
             not null); insert into migratehistory values (1, '001_initial_schema', '2024-06-01 10:20:30.000001')",
        )
        .expect("the table can be made");
    let target = target_for("0.12.4", Kind::Application);
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(copied.table("migratehistory")["created"], true);
    assert_eq!(target.psql("select migrated_at from migratehistory"), "2024-06-01 10:20:30.000001");
    let empty = fresh_database();
    assert_eq!(copy(&source.path(), &empty, &["--exclude", "migratehistory"]).table("migratehistory")["skipped"], 1);
}
