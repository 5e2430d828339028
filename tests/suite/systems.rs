//! The described systems: their revisions make what their schema files say, on both engines, with their first rows.

use std::path::{Path, PathBuf};

use serde_json::Value;
use strait::database::{Database, Worded};
use strait::event::Silent;
use strait::migrate::graph::{Target, Way};
use strait::migrate::{Migrator, Options};
use strait::schema::language::{Kind, SchemaFile, read_schema};
use strait::schema::{Schema, diff};

use crate::support::migrate::{asked, change};
use crate::support::place::{Place, wait};
use crate::support::strait_command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn schema_file(system: &str) -> SchemaFile {
    let text = std::fs::read_to_string(root().join("schemas").join(format!("{system}.sql"))).expect("it can be read");
    read_schema(&text).unwrap_or_else(|error| panic!("{system}: {error} at {}", error.position))
}

fn migrator(system: &str) -> Migrator {
    let migrator = Migrator::from_folder(&root().join("migrations").join(system)).expect("the folder can be read");
    migrator.with(Options { allow_destructive: true, ..Options::default() })
}

fn go(system: &str, place: &Place, way: Way, target: &str) {
    let target: Target = target.parse().expect("it is a target");
    wait(migrator(system).run(&place.location, way, &target, &Silent)).unwrap_or_else(|error| panic!("{error}"));
}

/// The tables of a database, without the runner's own; sorted, since no order is promised.
fn structure(place: &Place) -> Schema {
    let mut schema = wait(async {
        let mut database = place.open().await;
        let schema = database.structure(None).await.expect("the structure can be read");
        database.close().await;
        schema
    });
    schema.tables.retain(|table| !table.name.starts_with("strait_"));
    schema.tables.sort_by(|one, other| one.name.cmp(&other.name));
    for table in &mut schema.tables {
        table.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
        table.uniques.sort_by(|one, other| one.name.cmp(&other.name));
    }
    schema
}

/// Makes what a schema file says on an empty database, without any revision.
fn lay_out(file: &SchemaFile, place: &Place) {
    wait(async {
        let mut database = place.open().await;
        let mut before = Schema::default();
        for change in diff::diff(&before.clone(), &file.schema) {
            let worded = Worded::new(database.engine(), &change, &before).expect("both engines have words for it");
            database.change(&worded).await.unwrap_or_else(|error| panic!("{change:?}: {error:?}"));
            before.apply(&change).expect("it can be followed");
        }
        first_rows(file, &mut database).await;
        database.close().await;
    });
}

/// Runs what a schema file says beside the structure: its rows, and what one engine alone gets.
async fn first_rows(file: &SchemaFile, database: &mut Database) {
    for statement in &file.others {
        if matches!(&statement.kind, Kind::Opaque(engine) if *engine != database.engine()) {
            continue;
        }
        database.run(&statement.text).await.unwrap_or_else(|error| panic!("{}: {error:?}", statement.text));
    }
}

fn goes_up_down_and_up_again(system: &str) {
    let file = schema_file(system);
    for (place, from_file) in Place::both().into_iter().zip(Place::both()) {
        lay_out(&file, &from_file);
        let expected = structure(&from_file);
        for _ in 0..2 {
            go(system, &place, Way::Up, "heads");
            let found = structure(&place);
            for (expected, found) in expected.tables.iter().zip(&found.tables) {
                assert_eq!(expected, found, "{system} on {}", place.engine());
            }
            assert_eq!(expected, found, "{system} on {}", place.engine());
            go(system, &place, Way::Down, "base");
            let left = structure(&place);
            assert_eq!((left.tables.len(), left.enums.len()), (0, 0), "{system} on {}: {left:?}", place.engine());
        }
    }
}

#[test]
fn windflow_is_what_its_schema_file_says_after_up_down_and_up_again() {
    goes_up_down_and_up_again("windflow");
}

#[test]
fn chatbot_saas_is_what_its_schema_file_says_after_up_down_and_up_again() {
    goes_up_down_and_up_again("chatbot-saas");
}

#[test]
fn emotionscare_is_what_its_schema_file_says_after_up_down_and_up_again() {
    goes_up_down_and_up_again("emotionscare");
}

/// How much there is: tables, columns, columns with a default that is not the present time, foreign keys.
fn counts(schema: &Schema) -> [usize; 4] {
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    let defaults = columns.clone().filter_map(|column| column.default.as_deref());
    let now = |default: &&str| ["now()", "strftime", "CURRENT_TIMESTAMP"].iter().any(|word| default.contains(word));
    let references = schema.tables.iter().map(|table| table.foreign_keys.len()).sum();
    [schema.tables.len(), columns.count(), defaults.filter(|default| !now(default)).count(), references]
}

#[test]
fn every_system_has_as_much_as_its_description() {
    for (system, expected) in
        [("windflow", [22, 252, 54, 22]), ("chatbot-saas", [33, 189, 1, 29]), ("emotionscare", [29, 180, 24, 7])]
    {
        assert_eq!(counts(&schema_file(system).schema), expected, "{system}");
        for place in Place::both() {
            go(system, &place, Way::Up, "heads");
            assert_eq!(counts(&structure(&place)), expected, "{system} on {}", place.engine());
        }
    }
}

fn trial(system: &str) {
    let run = strait_command(&["migrate", "test", "--system", system, "--quiet", "--format", "json"])
        .current_dir(root())
        .output()
        .expect("the program can be started");
    let told = String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(0), "{told}{}", String::from_utf8_lossy(&run.stderr));
    let report: Value = serde_json::from_str(&told).expect("the report is JSON");
    for engine in report["engines"].as_array().expect("the report lists engines") {
        // A table that got no row is told here.
        assert_eq!(engine["notices"], serde_json::json!([]), "{system}: {engine:#}");
    }
}

#[test]
fn windflow_comes_back_with_rows_in_every_table() {
    trial("windflow");
}

#[test]
fn chatbot_saas_comes_back_with_rows_in_every_table() {
    trial("chatbot-saas");
}

#[test]
fn emotionscare_comes_back_with_rows_in_every_table() {
    trial("emotionscare");
}

/// What windflow begins with, as either engine tells it; a truth is 1 or true.
fn windflow_rows(place: &Place) -> Vec<String> {
    let rows = [
        "select id, name, permissions, is_system, created_at is not null from roles order by id",
        "select id, name, port, protocol, tls_skip_verify, icon, collect_activity, collect_metrics, highlight_changes,
         connection_type, socket_path from environments",
        "select id, auth_enabled, default_provider, session_timeout from auth_settings",
    ];
    let truths = |line: String| {
        let word = |word: &str| match word {
            "t" => "1".to_owned(),
            "f" => "0".to_owned(),
            other => other.to_owned(),
        };
        line.split('|').map(word).collect::<Vec<_>>().join("|")
    };
    rows.iter().flat_map(|sql| asked(place, sql)).map(truths).collect()
}

const WINDFLOW_ROWS: [&str; 5] = [
    "1|admin|[\"*\"]|1|1",
    "2|user|[\"containers:read\", \"images:read\"]|1|1",
    "3|viewer|[\"*:read\"]|1|1",
    "1|local|2375|http|0|globe|1|1|1|socket|/var/run/docker.sock",
    "1|0|local|86400",
];

#[test]
fn windflow_begins_with_its_rows_once_and_their_defaults() {
    let file = schema_file("windflow");
    for (place, from_file) in Place::both().into_iter().zip(Place::both()) {
        go("windflow", &place, Way::Up, "heads");
        lay_out(&file, &from_file);
        for place in [&place, &from_file] {
            assert_eq!(windflow_rows(place), WINDFLOW_ROWS, "{}", place.engine());
            wait(async {
                let mut database = place.open().await;
                first_rows(&file, &mut database).await;
                first_rows(&file, &mut database).await;
                database.close().await;
            });
            assert_eq!(windflow_rows(place), WINDFLOW_ROWS, "{} after three runs", place.engine());
        }
    }
}

#[test]
fn the_next_rows_of_windflow_get_ids_of_their_own() {
    for place in Place::both() {
        go("windflow", &place, Way::Up, "heads");
        change(&place, "insert into roles (name, permissions) values ('guest', '[]')");
        change(&place, "insert into environments (name) values ('remote')");
        change(&place, "insert into users (username, password_hash) values ('ann', 'x')");
        change(&place, "delete from auth_settings");
        change(&place, "insert into auth_settings (auth_enabled) values (true)");
        let id = |sql: &str| asked(&place, sql);
        assert_eq!(id("select id from roles where name = 'guest'"), ["4"], "{}", place.engine());
        assert_eq!(id("select id from environments where name = 'remote'"), ["2"], "{}", place.engine());
        assert_eq!(id("select id from auth_settings"), ["2"], "{}", place.engine());
        let second = "insert into auth_settings (auth_enabled) values (true)";
        let refused = wait(async { place.open().await.run(second).await.is_err() });
        assert!(refused, "{}: a second row of settings is refused", place.engine());
    }
}

#[test]
fn rows_that_windflow_has_already_stay_as_they_are() {
    for place in Place::both() {
        go("windflow", &place, Way::Up, "V0006__audit");
        let none = "select (select count(*) from roles) + (select count(*) from environments) + (select count(*) from auth_settings)";
        assert_eq!(asked(&place, none), ["0"], "{}", place.engine());
        go("windflow", &place, Way::Up, "heads");
        go("windflow", &place, Way::Down, "-1");
        assert_eq!(asked(&place, none), ["0"], "{}: what came goes again", place.engine());
        change(&place, "insert into roles (name, permissions) values ('admin', '[\"own\"]')");
        change(&place, "insert into environments (name, port) values ('local', 2376)");
        change(&place, "insert into auth_settings (id, session_timeout) values (7, 60)");
        go("windflow", &place, Way::Up, "heads");
        assert_eq!(asked(&place, "select permissions from roles where name = 'admin'"), ["[\"own\"]"]);
        assert_eq!(asked(&place, "select count(*) from roles"), ["3"], "{}", place.engine());
        assert_eq!(asked(&place, "select name, port from environments"), ["local|2376"], "{}", place.engine());
        assert_eq!(asked(&place, "select id, session_timeout from auth_settings"), ["7|60"], "{}", place.engine());
        go("windflow", &place, Way::Down, "-1");
        assert_eq!(asked(&place, "select name, permissions from roles"), ["admin|[\"own\"]"], "{}", place.engine());
        assert_eq!(asked(&place, "select port from environments"), ["2376"], "{}", place.engine());
        assert_eq!(asked(&place, "select id from auth_settings"), ["7"], "{}", place.engine());
    }
}

#[test]
fn the_way_down_of_windflows_rows_leaves_what_is_in_use() {
    for place in Place::both() {
        go("windflow", &place, Way::Up, "heads");
        change(&place, "insert into users (username, password_hash) values ('ann', 'x')");
        change(&place, "insert into user_roles (user_id, role_id) values (1, 1)");
        change(&place, "insert into host_metrics (environment_id, cpu_percent, memory_percent) values (1, 5, 5)");
        change(&place, "update auth_settings set session_timeout = 60");
        go("windflow", &place, Way::Down, "-1");
        let left = "select name from roles union all select name from environments order by 1";
        assert_eq!(asked(&place, left), ["admin", "local"], "{}", place.engine());
        assert_eq!(asked(&place, "select count(*) from user_roles"), ["1"], "{}", place.engine());
        go("windflow", &place, Way::Up, "heads");
        assert_eq!(asked(&place, "select name from roles order by 1"), ["admin", "user", "viewer"]);
        assert_eq!(asked(&place, "select id, session_timeout from auth_settings"), ["1|60"], "{}", place.engine());
    }
}

#[test]
fn users_and_their_subscriptions_of_chatbot_saas_refer_to_each_other() {
    const APP: &str = "123e4567-e89b-12d3-a456-426614174000";
    for place in Place::both() {
        go("chatbot-saas", &place, Way::Up, "heads");
        for sql in [
            "insert into users (name, email, password) values ('Ann', 'ann@example.org', 'x')",
            "insert into user_subscriptions (user_id, plan) values (1, 'free')",
            "update users set user_subscription_id = 1",
            &format!("insert into apps (id, user_id, name, icon) values ('{APP}', 1, 'bot', 'robot')"),
            "insert into roles (name) values ('owner')",
            "insert into role_user (role_id, user_id, user_type) values (1, 1, 'App\\Models\\User')",
            "insert into migrations (migration, batch) values ('2014_10_12_000000_create_users_table', 1)",
        ] {
            change(&place, sql);
        }
        let status = asked(
            &place,
            "select status from user_subscriptions join users on user_subscription_id = user_subscriptions.id",
        );
        assert_eq!(status, ["active"], "{}", place.engine());
        assert_eq!(asked(&place, "select id from apps"), [APP], "{}", place.engine());
        assert_eq!(asked(&place, "select user_type from role_user"), ["App\\Models\\User"], "{}", place.engine());
        let stranger = "insert into user_subscriptions (user_id, plan) values (2, 'free')";
        let refused = wait(async { place.open().await.run(stranger).await.is_err() });
        assert!(refused, "{}: a subscription belongs to a user", place.engine());
        assert_eq!(asked(&place, "select count(*) from migrations"), ["1"], "Laravel's own rows are left alone");
    }
}

#[test]
fn odd_names_of_emotionscare_are_usable() {
    for place in Place::both() {
        go("emotionscare", &place, Way::Up, "heads");
        change(&place, "insert into \"Digital Medicine\" (id, \"prénom\", \"intéret\") values (7, 'Zoé', 'été')");
        change(&place, "insert into \"official_content_cache new\" (title) values ('a'), ('b')");
        let row = asked(&place, "select id, \"prénom\", \"intéret\", created_at is not null from \"Digital Medicine\"");
        assert!(["7|Zoé|été|1", "7|Zoé|été|t"].contains(&row[0].as_str()), "{}: {row:?}", place.engine());
        let ids = "select count(distinct id) + count(distinct identifier) from \"official_content_cache new\"";
        assert_eq!(asked(&place, ids), ["4"], "{}", place.engine());
    }
}

#[test]
fn lists_labels_and_documents_of_emotionscare_come_back_as_they_went() {
    const USER: &str = "123e4567-e89b-12d3-a456-426614174000";
    for place in Place::both() {
        go("emotionscare", &place, Way::Up, "heads");
        let (list, empty) = match place.is_postgres() {
            true => ("{calm,\"two words\",NULL}", "{}"),
            false => ("[\"calm\",\"two words\",null]", "[]"),
        };
        change(
            &place,
            &format!(
                "insert into groups (name, topic, members) values ('a', 't', '{list}'), ('b', 't', '{empty}'), ('c', 't', null)"
            ),
        );
        change(
            &place,
            "insert into invitations (email, expires_at, role, token) values ('a', '2027-01-01 00:00:00+00:00', 'r', 't')",
        );
        let signal = "insert into clinical_signals (user_id, source_instrument, domain, level, window_type, module_context, expires_at";
        let values = format!("values ('{USER}', 'i', 'd', 9, 'w', 'm', '2027-01-01 00:00:00+00:00'");
        change(&place, &format!("{signal}) {values})"));
        change(&place, &format!("{signal}, metadata) {values}, '{{\"a\": [1, \"é\"]}}')"));
        let members =
            "select case when members is null then 'none' else cast(members as text) end from groups order by name";
        assert_eq!(asked(&place, members), [list, empty, "none"], "{}", place.engine());
        assert_eq!(asked(&place, "select status from invitations"), ["pending"], "{}", place.engine());
        let found = asked(&place, "select cast(metadata as text) from clinical_signals order by 1 desc");
        assert_eq!(found, ["{}", "{\"a\": [1, \"é\"]}"], "{}", place.engine());
        let stranger = "update invitations set status = 'lost'";
        let refused = wait(async { place.open().await.run(stranger).await.is_err() });
        assert!(refused, "{}: a label that there is not is refused", place.engine());
    }
}
