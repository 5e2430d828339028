//! Records are set right only upon evidence: the structure that the files make, beside the one that is there.

use serde_json::{Value, json};

use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::place::Place;
use crate::support::strait;

const FIRST: &str = "create table users (id int primary key, name text not null);\n";
const SECOND: &str = "create table posts (id int primary key, author int references users (id), unique (author));\n\
                      create index posts_author on posts (author);\n";

fn applied(place: &Place) -> Revisions {
    let revisions = Revisions::of([("V0001__users.sql", FIRST), ("V0002__posts.sql", SECOND)]);
    revisions.done(place, &["up"]);
    revisions
}

/// Everything in a database, without the number of the last record.
fn tables(place: &Place) -> String {
    picture(place)
        .lines()
        .filter(|line| !line.starts_with("sqlite_sequence|strait_history"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Runs `repair` with more flags; gives its exit status and what it tells.
fn repair(revisions: &Revisions, place: &Place, flags: &[&str]) -> (i32, Value) {
    let run = revisions.migrate(place, &[&["repair", "--format", "json"], flags].concat());
    let told =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr));
    (run.status, told)
}

/// Holds a repair to be refused with this evidence, and to leave nothing behind.
fn is_not_repaired(revisions: &Revisions, place: &Place, evidence: &[&str]) {
    let (before, history) = (tables(place), revisions.history(place));
    let (status, told) = repair(revisions, place, &["--yes"]);
    assert_eq!((status, &told["written"]), (1, &json!([])), "{told:#}");
    let found = told["evidence"].to_string();
    for said in evidence {
        assert!(found.contains(said), "{said} is not in: {found}");
    }
    assert_eq!((tables(place), revisions.history(place)), (before, history));
}

/// Holds a repair to show its evidence first, and to write when it is told to.
fn is_repaired(revisions: &Revisions, place: &Place, repaired: &[&str]) {
    let (before, history) = (tables(place), revisions.history(place));
    let (status, told) = repair(revisions, place, &[]);
    assert_eq!((status, &told["same_structure"]), (1, &json!(true)), "{told:#}");
    assert_eq!((&told["written"], &told["evidence"]), (&json!([]), &json!([])));
    assert_eq!((tables(place), revisions.history(place)), (before.clone(), history), "a look writes nothing");
    let (status, told) = repair(revisions, place, &["--yes"]);
    assert_eq!((status, &told["written"]), (0, &json!(repaired)), "{told:#}");
    assert_eq!(tables(place), before, "the tables stay as they are");
    assert_eq!(revisions.migrate(place, &["status", "--check"]).status, 0);
    let last = revisions.history(place).pop().expect("there is a record");
    assert!(last.ends_with("repair done"), "{last}");
    assert_eq!(repair(revisions, place, &[]).0, 0, "nothing is left to do");
}

#[test]
fn an_edit_that_makes_the_same_structure_is_accepted() {
    for place in Place::both() {
        let revisions = applied(&place);
        revisions.write(
            "V0001__users.sql",
            &format!("-- Who writes.\n{}", FIRST.replace("int primary key", "int\n primary key")),
        );
        assert_eq!(revisions.states(&place), "ea");
        is_repaired(&revisions, &place, &["V0001__users"]);
    }
}

#[test]
fn an_edit_that_makes_another_structure_is_named_and_not_accepted() {
    for place in Place::both() {
        let revisions = applied(&place);
        for (first, second, evidence) in [
            (
                FIRST.replace("name text not null", "name text not null, email text"),
                SECOND.to_owned(),
                "users.email is missing",
            ),
            (FIRST.replace(", name text not null", ""), SECOND.into(), "users.name is there and should not be"),
            (FIRST.replace("name text not null", "name text"), SECOND.into(), "users.name: not null none → yes"),
            (FIRST.replace("name text", "name varchar(9)"), SECOND.into(), "users.name: type "),
            (FIRST.replace("name text", "name text default 'x'"), SECOND.into(), "users.name: default 'x'"),
            (FIRST.replace("not null)", "not null check (name <> ''))"), SECOND.into(), "users: check "),
            (
                FIRST.into(),
                SECOND.replace("create index posts_author on posts (author);", ""),
                "posts: index posts_author is there and should not be",
            ),
            (
                FIRST.into(),
                SECOND.replace("posts (author);", "posts (author, id);"),
                "posts: index posts_author: columns author, id → author",
            ),
            (
                FIRST.into(),
                SECOND.replace("references users (id)", "references users (id) on delete cascade"),
                "posts: foreign key ",
            ),
            (FIRST.into(), SECOND.replace(", unique (author)", ""), "posts: unique constraint "),
            (FIRST.into(), format!("{SECOND}create table tags (id int);"), "table tags is missing"),
        ] {
            revisions.write("V0001__users.sql", &first);
            revisions.write("V0002__posts.sql", &second);
            is_not_repaired(&revisions, &place, &[evidence]);
        }
    }
}

#[test]
fn a_late_revision_is_accepted_when_what_it_makes_is_there() {
    for place in Place::both() {
        let revisions =
            Revisions::of([("V0001__users.sql", FIRST), ("V0003__tags.sql", "create table tags (id int);")]);
        revisions.done(&place, &["up"]);
        revisions.write("V0002__posts.sql", SECOND);
        assert_eq!(revisions.states(&place), "ala");
        is_not_repaired(&revisions, &place, &["table posts is missing"]);
        change(&place, SECOND);
        is_repaired(&revisions, &place, &["V0002__posts"]);
    }
}

#[test]
fn a_table_that_no_file_makes_is_evidence_against_and_other_tools_tables_are_not() {
    for place in Place::both() {
        let revisions = applied(&place);
        revisions.write("V0001__users.sql", &format!("-- Who writes.\n{FIRST}"));
        change(&place, "create table by_hand (id int)");
        is_not_repaired(&revisions, &place, &["table by_hand is there and should not be"]);
        change(&place, "drop table by_hand; create table alembic_version (version_num varchar(32) not null)");
        is_repaired(&revisions, &place, &["V0001__users"]);
    }
}

#[test]
fn a_revision_without_a_file_is_left_to_a_person() {
    for place in Place::both() {
        let revisions = applied(&place);
        std::fs::remove_file(revisions.path().join("V0002__posts.sql")).expect("it can be removed");
        let (status, told) = repair(&revisions, &place, &["--yes"]);
        assert_eq!((status, &told["written"]), (1, &json!([])));
        let finding = &told["findings"][0];
        assert_eq!((&finding["state"], &finding["mendable"]), (&json!("unknown"), &json!(false)));
        assert!(finding["remedy"].to_string().contains("strait migrate stamp REV --purge"), "{finding}");
        let text = revisions.migrate(&place, &["repair"]).stdout;
        assert!(!text.contains("--yes"), "nothing can be written: {text}");
    }
}

#[test]
fn where_nothing_is_wrong_nothing_is_repaired() {
    for place in Place::both() {
        let revisions = applied(&place);
        let run = revisions.migrate(&place, &["repair", "--yes"]);
        assert_eq!((run.status, run.stdout.contains("nothing to repair")), (0, true), "{}", run.stdout);
    }
}

#[test]
fn a_structure_of_many_kinds_is_the_same_when_it_is_made_anew_on_postgres() {
    let place = Place::postgres();
    let text = "create type mood as enum ('sad', 'glad');\n\
                create sequence numbers;\n\
                create table people (id serial primary key, number bigint default nextval('numbers'), mood mood default \
                'glad', tags text[] default '{}', price numeric(10, 2) check (price > 0), at timestamptz default now(), \
                name varchar(40) collate \"C\", full_name text generated always as (name || '!') stored, other int generated \
                always as identity, boss int references people (id) on delete set null deferrable, unique (name, mood));\n\
                create unique index people_lower on people (lower(name)) where price is not null;\n\
                create function shout(text) returns text language sql as 'select upper($1)';\n";
    let revisions = Revisions::of([("V0001__people.sql", text)]);
    revisions.done(&place, &["up"]);
    revisions.write("V0001__people.sql", &format!("-- Who is there.\n{text}"));
    is_repaired(&revisions, &place, &["V0001__people"]);
    let schemas = "select nspname from pg_namespace where nspname like 'strait%'";
    assert_eq!(asked(&place, schemas), ["strait"]);
    revisions.write("V0001__people.sql", &text.replace("'glad')", "'glad', 'mad')"));
    is_not_repaired(&revisions, &place, &["enum mood: labels 'sad', 'glad', 'mad' → 'sad', 'glad'"]);
    revisions.write("V0001__people.sql", &text.replace("upper($1)", "lower($1)"));
    is_not_repaired(&revisions, &place, &["function shout(text): definition "]);
    assert_eq!(asked(&place, schemas), ["strait"]);
}

#[test]
fn views_and_triggers_are_evidence_too() {
    let (view, action) = ("create view names as select name from users;\n", "update users set name = name;");
    for place in Place::both() {
        let trigger = match place.is_postgres() {
            true => format!(
                "create function touch() returns trigger language plpgsql as $$ begin {action} return new; end $$;\n\
                 create trigger touched after insert on users for each row execute function touch();\n"
            ),
            false => format!("create trigger touched after insert on users begin {action} end;\n"),
        };
        let revisions = Revisions::of([("V0001__users.sql", format!("{FIRST}{view}{trigger}"))]);
        revisions.done(&place, &["up"]);
        if place.is_postgres() {
            // What is in another schema was not made by these files, and is another's.
            change(
                &place,
                "create schema other; create view other.names as select 1; create type other.mood as enum ()",
            );
        }
        for (script, evidence) in [
            (format!("{FIRST}{trigger}"), "view names is there and should not be"),
            (format!("{FIRST}{view}"), "trigger touched"),
            (format!("{FIRST}{}{trigger}", view.replace("select name", "select id, name")), "view names: definition "),
            (format!("{FIRST}{view}{}", trigger.replace("after insert", "after delete")), "trigger touched"),
            (format!("{FIRST}{view}{trigger}{}", view.replace("names", "more")), "view more is missing"),
        ] {
            revisions.write("V0001__users.sql", &script);
            is_not_repaired(&revisions, &place, &[evidence]);
        }
        revisions.write("V0001__users.sql", &format!("-- Who writes.\n{FIRST}\n{view}\n{trigger}"));
        is_repaired(&revisions, &place, &["V0001__users"]);
    }
}

#[test]
fn a_script_beside_the_line_is_part_of_what_the_files_make() {
    for place in Place::both() {
        let revisions = applied(&place);
        revisions.write("U0003__index.sql", "create index users_name on users (name);");
        revisions.done(&place, &["up"]);
        revisions.write("V0001__users.sql", &format!("-- Who writes.\n{FIRST}"));
        is_repaired(&revisions, &place, &["V0001__users"]);
    }
}

#[test]
fn what_cannot_be_made_anew_is_said_and_nothing_is_written() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__users.sql", FIRST.replace("table users", "table public.users")),
        ("V0002__index.sql", "-- transaction: none\ncreate index concurrently users_name on users (name);".into()),
    ]);
    revisions.done(&place, &["up"]);
    let first = std::fs::read_to_string(revisions.path().join("V0001__users.sql")).expect("it can be read");
    revisions.write("V0001__users.sql", &format!("-- Who writes.\n{first}"));
    is_not_repaired(&revisions, &place, &["V0002__index holds a statement that runs only outside a transaction"]);
    revisions.done(&place, &["stamp", "base"]);
    revisions.done(&place, &["stamp", "V0001__users"]);
    revisions.write("V0001__users.sql", &first);
    is_not_repaired(&revisions, &place, &["V0001__users names `public`, so that it could reach into what is in use"]);
}

#[test]
fn a_look_does_not_run_what_reaches_into_the_database() {
    let place = Place::postgres();
    let native = [
        ("V0001__t.postgres.sql", "create table t (id serial primary key, v text);\n"),
        (
            "V0002__seed.postgres.sql",
            "select setval('public.t_id_seq', 10);\ninsert into public.t (v) values ('seed');\n",
        ),
    ];
    let revisions = Revisions::of(native);
    revisions.done(&place, &["up"]);
    place.server().psql("insert into t (v) select 'x' from generate_series(1, 50)");
    revisions.write(native[1].0, &format!("-- The first row.\n{}", native[1].1));
    let (status, told) = repair(&revisions, &place, &[]);
    let evidence = told["evidence"].to_string();
    assert!(status == 1 && evidence.contains("names `setval`") && evidence.contains("not run"), "{told:#}");
    assert_eq!(place.server().psql("select last_value from t_id_seq").trim(), "61");
    let run = strait(&[
        "drift",
        "--database-url",
        &place.url(),
        "--dir",
        revisions.path().to_str().expect("the path is UTF-8"),
    ]);
    assert!(run.status == 2 && run.stderr.contains("--scratch-url private"), "{}{}", run.stdout, run.stderr);
    assert_eq!(place.server().psql("select last_value from t_id_seq").trim(), "61");
}
