//! Histories of other migration tools cross like any rows, and the report says whether they are true in PostgreSQL.

use serde_json::Value;

use crate::support::{Source, copy, fixture, fresh_database, strait, verify};

/// A history of each tool, as the tool itself makes it on SQLite, with two revisions.
const HISTORIES: &str = "
  create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num));
  insert into alembic_version values ('ae1027a6acf'), ('a revision id that is longer than thirty-two');
  create table django_migrations (id integer not null primary key autoincrement, app varchar(255) not null,
    name varchar(255) not null, applied datetime not null);
  insert into django_migrations values (1, 'auth', '0001_initial', '2024-05-01 10:00:00.123456'), (5, 'app', '0001', '2024-05-02 10:00:00');
  create table knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch integer, migration_time datetime);
  insert into knex_migrations values (1, '1.js', 1, 1714550400000), (2, '2.js', 1, 1714550400001);
  create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamp not null default
    current_timestamp, success boolean not null, checksum blob not null, execution_time bigint not null);
  insert into _sqlx_migrations values (1, 'a', '2024-05-01 10:00:00', 1, x'00ff', 5), (2, 'b', '2024-05-01 10:00:00', 0, x'01', -1);
  create table __drizzle_migrations (id serial primary key, hash text not null, created_at numeric);
  insert into __drizzle_migrations (hash, created_at) values ('h', 1714550400000);
  create table refinery_schema_history (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255));
  insert into refinery_schema_history values (1, 'a', '2024-05-01T10:00:00.1Z', '18446744073709551615');
  create table schema_migrations (version uint64, dirty bool);
  create unique index version_unique on schema_migrations (version);
  insert into schema_migrations values (20240501100000, 0);
  create table goose_db_version (id integer primary key autoincrement, version_id integer not null, is_applied integer not null,
    tstamp timestamp default (datetime('now')));
  insert into goose_db_version values (1, 0, 1, '2024-05-01 10:00:00'), (2, 7, 1, '2024-05-01 10:00:00');
  create table _prisma_migrations (id text primary key not null, checksum text not null, finished_at datetime, migration_name text
    not null, logs text, rolled_back_at datetime, started_at datetime not null default current_timestamp, applied_steps_count
    integer unsigned not null default 0);
  insert into _prisma_migrations values ('u', 'c', 1714550400000, '1_init', null, null, 1714550400000, 1);
  create table __diesel_schema_migrations (version varchar(50) primary key not null, run_on timestamp not null default current_timestamp);
  insert into __diesel_schema_migrations values ('00000000000000', '2024-05-01 10:00:00');
  create table d1_migrations (id integer primary key autoincrement, name text unique, applied_at timestamp default current_timestamp not null);
  insert into d1_migrations values (1, '0001.sql', '2024-05-01 10:00:00');
  create table \"SequelizeMeta\" (name varchar(255) not null unique primary key);
  insert into \"SequelizeMeta\" values ('1.js');
  create table seaql_migrations (version varchar not null primary key, applied_at bigint not null);
  insert into seaql_migrations values ('m1', 1714550400);
";

fn note<'n>(report: &'n Value, table: &str) -> &'n Value {
    let notes = report["histories"].as_array().expect("the histories are a list");
    notes.iter().find(|note| note["table"] == table).unwrap_or_else(|| panic!("no note of {table} in {notes:#?}"))
}

#[test]
fn a_history_of_every_tool_crosses_exactly_and_is_told_for_what_it_is() {
    let source = Source::from_sql(HISTORIES);
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    copied.whole();
    assert_eq!(verify(&source.path(), &target).0, 0);
    let notes = copied.report["histories"].as_array().expect("the histories are a list");
    let told: Vec<(&str, bool)> = notes
        .iter()
        .map(|note| (note["tool"].as_str().expect("a tool has a name"), note["stays_true"] == true))
        .collect();
    for known in [
        ("Alembic", true),
        ("Django", true),
        ("knex", true),
        ("Sequelize", true),
        ("SeaORM", true),
        ("sqlx", false),
        ("Drizzle", false),
        ("refinery", false),
        ("golang-migrate", false),
        ("goose", false),
        ("Prisma", false),
        ("Diesel", false),
        ("wrangler", false),
    ] {
        assert!(told.contains(&known), "{known:?} is not among {told:?}");
    }
    assert_eq!(told.len(), 13);
    // The next row of a history has the next number.
    assert_eq!(
        target.psql("insert into django_migrations (app, name, applied) values ('a', 'b', now()) returning id"),
        "6"
    );
    assert_eq!(target.psql("select max(length(version_num)) from alembic_version"), "44");
}

#[test]
fn what_sets_a_history_right_names_the_table_and_the_revision() {
    let source = Source::from_sql(HISTORIES);
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let steps = |table: &str| {
        let steps = note(&copied.report, table)["steps"].as_array().expect("the steps are a list").clone();
        steps.iter().map(|step| step.as_str().expect("a step is text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(steps("alembic_version"), Vec::<String>::new());
    assert_eq!(steps("schema_migrations"), ["migrate -path POSTGRESQL_FOLDER -database URL force 20240501100000"]);
    assert_eq!(steps("refinery_schema_history")[0], "truncate \"public\".\"refinery_schema_history\";");
    let warned = &note(&copied.report, "_sqlx_migrations")["warnings"];
    assert_eq!(
        warned,
        &serde_json::json!(["1 of its rows tell of a run of sqlx that did not end well: settle it first"])
    );
    assert_eq!(note(&copied.report, "schema_migrations")["warnings"], serde_json::json!([]));

    // The steps for Drizzle are carried out as they stand; Drizzle looks for its own schema and the greatest time.
    for step in steps("__drizzle_migrations") {
        let sql =
            step.split(" with the last").next().expect("a text has a first part").replace("WHEN", "1714550400000");
        target.psql(&sql);
    }
    assert_eq!(target.psql("select id, created_at from drizzle.__drizzle_migrations"), "1|1714550400000");
    let goose = &steps("goose_db_version")[0];
    target.psql(goose.split("   #").next().expect("a text has a first part"));
    assert_eq!(target.psql("select count(*) from goose_db_version where is_applied"), "2");
}

#[test]
fn a_person_reads_of_histories_before_and_after_the_copy() {
    let target = fresh_database();
    let source = fixture("open-webui-0.5.11.db");
    let path = source.to_str().expect("the path is UTF-8");
    for verb in ["assess", "copy"] {
        let run = strait(&[verb, path, target.url(), "--quiet"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.contains("  migratehistory (peewee): true in PostgreSQL as well\n"), "{}", run.stdout);
        assert!(run.stdout.contains("  alembic_version (Alembic): true in PostgreSQL as well\n"), "{}", run.stdout);
    }
}
