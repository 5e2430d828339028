//! What lies around a schema: extensions, sessions that lock, owners, and tables among strait's own.

use serde_json::Value;

use super::{applied, drift, drift_of, migrate, path, refused, sentences};
use crate::support::migrate::{Revisions, Talk, change, picture};
use crate::support::place::Place;
use crate::support::strait;

const WITH_EXTENSIONS: &str =
    "create table users (id int primary key, mail citext not null unique, extra hstore, note text);
create index users_note on users using gin (note gin_trgm_ops);
alter table users add column tags hstore default 'a=>1';
insert into users values (1, 'x');
create view mails as select mail from users where mail = 'X' and extra -> 'a' = '1';
create function low(c citext) returns text language sql as 'select lower(c)::text';
";

/// Extensions as most people have them: in the schema in which their own tables are.
fn with_extensions() -> Place {
    let place = Place::postgres();
    change(&place, "create extension citext; create extension hstore; create extension pg_trgm");
    place
}

#[test]
fn what_extensions_bring_is_found_where_the_folder_is_tried() {
    let place = with_extensions();
    let revisions = Revisions::of([("V0001__users.postgres.sql", WITH_EXTENSIONS)]);
    migrate(&revisions, &place, &["up"]);
    let before = picture(&place);
    for flags in [&[][..], &["--scratch-url", "private"]] {
        let (status, told) = drift_of(&revisions, &place, flags);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    }
    assert_eq!(picture(&place), before);
    change(&place, "alter table users alter column tags drop default");
    let (_, told) = drift_of(&revisions, &place, &[]);
    assert_eq!(sentences(&told), [r#"users.tags: default '"a"=>"1"'::hstore → none"#]);
}

#[test]
fn an_extension_that_a_revision_brought_is_no_hindrance() {
    let place = Place::postgres();
    let script = "create extension citext;\ncreate table t (v citext);\n";
    let revisions = Revisions::of([("V0001__t.postgres.sql", script)]);
    migrate(&revisions, &place, &["up"]);
    let (status, told) = drift_of(&revisions, &place, &[]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn what_is_there_besides_is_not_reached_for_the_sake_of_an_extension() {
    let place = with_extensions();
    let revisions = Revisions::of([(
        "V0001__t.postgres.sql",
        "create table t (c citext);\nalter table if exists archive add column c citext;\n",
    )]);
    migrate(&revisions, &place, &["up"]);
    // It was not there when the revision ran; tried beside it, the revision would change it.
    change(&place, "create table archive (id int)");
    let before = picture(&place);
    for flags in [&[][..], &["--scratch-url", "private"]] {
        let (_, told) = drift_of(&revisions, &place, flags);
        assert_eq!(sentences(&told), ["table archive is there and should not be"], "{told:#}");
    }
    assert_eq!(picture(&place), before);
}

#[test]
fn who_waits_for_a_lock_says_for_whose() {
    let place = Place::postgres();
    let revisions = applied(&place);
    change(&place, "create view names as select name from users");
    let mut talk = Talk::with(place.server());
    talk.ask("begin");
    talk.ask("lock table users");
    let (folder, url) = (revisions.path(), place.url());
    let said = refused(&["--dir", path(&folder), "--database-url", &url]);
    assert!(said.contains("still holds a lock on users; let that end, then run this again"), "{said}");
    assert!(said.contains("pid ") && said.contains("in a transaction since "), "{said}");
    talk.ask("rollback");
    let (_, told) = drift_of(&revisions, &place, &[]);
    assert_eq!(sentences(&told), ["view names is there and should not be"]);
}

#[test]
fn owners_and_tables_among_our_own_are_counted() {
    let place = Place::postgres();
    let revisions = applied(&place);
    let unmanaged = |told: &Value| -> Vec<String> {
        let list = told["comparisons"][0]["unmanaged"].as_array().expect("a list");
        list.iter().map(|one| format!("{} {}", one["kind"], one["name"]).replace('"', "")).collect()
    };
    assert_eq!(unmanaged(&drift_of(&revisions, &place, &[]).1), [""; 0]);
    let role = format!("{}_owner", place.server().name());
    change(
        &place,
        &format!("create role {role}; alter table posts owner to {role}; create table strait.mine (id int)"),
    );
    let (status, told) = drift_of(&revisions, &place, &[]);
    let owner = place.server().psql("select current_user");
    let mut expected =
        [format!("owner {owner} of 1 object"), format!("owner {role} of 1 object"), "table strait.mine".to_owned()];
    expected.sort();
    assert_eq!((status, unmanaged(&told).as_slice()), (0, &expected[..]), "{told:#}");
    change(&place, &format!("drop owned by {role}; drop role {role}"));
}

#[test]
fn what_is_not_compared_is_named_on_either_side() {
    let unmanaged = |told: &Value| -> Vec<String> {
        let list = told["comparisons"][0]["unmanaged"].as_array().expect("a list");
        list.iter().map(|one| format!("{} {}: {}", one["kind"], one["name"], one["side"]).replace('"', "")).collect()
    };
    let compare = |expected: &Place, found: &Place| drift(&["--expected", &expected.url(), "--found", &found.url()]);
    let collation = |name: &str| format!("create collation {name} from \"C\";");
    let (expected, found) = (Place::postgres(), Place::postgres());
    change(&expected, &format!("{}{}", collation("shared"), collation("should_be")));
    change(&found, &format!("{}{}", collation("shared"), collation("only_there")));
    let (status, told) = compare(&expected, &found);
    let all = ["collation only_there: found", "collation shared: both", "collation should_be: expected"];
    assert_eq!((status, unmanaged(&told).as_slice()), (0, &all.map(str::to_owned)[..]), "{told:#}");
    let run = strait(&["drift", "--expected", &expected.url(), "--found", &found.url()]);
    for part in
        ["not compared: 3: ", "collation should_be (in what should be alone: ", "collation shared (on both sides: "]
    {
        assert!(run.stdout.contains(part), "{part} is not in: {}", run.stdout);
    }
    let (expected, found) = (Place::sqlite(), Place::sqlite());
    change(&expected, "create virtual table words using fts5 (a)");
    change(&found, "create table t (a int)");
    let (_, told) = compare(&expected, &found);
    assert!(unmanaged(&told).contains(&"shadow table words_data: expected".to_owned()), "{told:#}");
}

#[test]
fn what_revisions_make_and_is_not_compared_is_named() {
    let place = Place::postgres();
    let revisions =
        Revisions::of([("V0001__t.postgres.sql", "create table t (a int);\ncreate collation mine from \"C\";\n")]);
    migrate(&revisions, &place, &["up"]);
    change(&place, "create schema apart; create table apart.t (a int)");
    let sides = |flags: &[&str]| {
        let (_, told) = drift_of(&revisions, &place, flags);
        let list = told["comparisons"][0]["unmanaged"].as_array().expect("a list").clone();
        list.iter().map(|one| format!("{} {}", one["name"], one["side"]).replace('"', "")).collect::<Vec<_>>()
    };
    for flags in [&[][..], &["--scratch-url", "private"]] {
        assert_eq!(sides(flags), ["mine both", "apart.t found"], "{flags:?}");
    }
    change(&place, "drop collation mine");
    for flags in [&[][..], &["--scratch-url", "private"]] {
        assert_eq!(sides(flags), ["mine expected", "apart.t found"], "{flags:?}");
    }
}

#[test]
fn the_numbers_of_a_sequence_in_use_are_left_alone() {
    for reach in [
        "select setval(format('%I.%I', 'public', 't_id_seq'), 5)",
        "select setval(E'\\x70ublic.t_id_seq', 5)",
        "do $$ declare s text := 'public'; begin perform setval((s||'.t_id_seq')::regclass, 5); end $$",
        "insert into public/**/.t (v) values (1)",
    ] {
        let place = Place::postgres();
        let script = format!("create table t (id bigserial primary key, v int);\n{reach};\n");
        let revisions = Revisions::of([("V0001__t.postgres.sql", script)]);
        migrate(&revisions, &place, &["up"]);
        change(&place, "select setval('t_id_seq', 55)");
        let url = place.url();
        let error = refused(&["--dir", path(&revisions.path()), "--database-url", &url]);
        assert!(error.contains("--scratch-url private"), "{error}");
        assert_eq!(place.server().psql("select last_value from t_id_seq").trim(), "55", "{reach}");
    }
}

#[test]
fn statements_that_make_nothing_hold_nobody_up_beside_a_database() {
    let place = Place::postgres();
    let revisions = Revisions::of([(
        "V0001__notes.postgres.sql",
        "set local lock_timeout = '3s';\nset statement_timeout to 0;\ncreate table notes (id int primary key, n text);\n\
         analyze notes;\nlock table notes in share mode;\ngrant select on notes to pg_read_all_data, pg_monitor;\n",
    )]);
    migrate(&revisions, &place, &["up"]);
    let (status, told) = drift_of(&revisions, &place, &[]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    change(&place, "revoke select on notes from pg_monitor");
    let (status, told) = drift_of(&revisions, &place, &[]);
    assert_eq!(status, 1, "a grant to a role that every server has is compared: {told:#}");
}

#[test]
fn default_privileges_are_tried_apart_and_the_message_says_so() {
    let place = Place::postgres();
    let revisions = Revisions::of([(
        "V0001__notes.postgres.sql",
        "alter default privileges grant select on tables to pg_monitor;\ncreate table notes (id int primary key);\n",
    )]);
    migrate(&revisions, &place, &["up"]);
    let (folder, url) = (revisions.path(), place.url());
    let said = refused(&["--dir", path(&folder), "--database-url", &url]);
    assert!(said.contains("names default privileges, which hold for whatever is made later"), "{said}");
    assert!(said.contains("say --scratch-url private"), "{said}");
    let (status, told) = drift_of(&revisions, &place, &["--scratch-url", "private"]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
}
