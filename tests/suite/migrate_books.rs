//! Another tool's table is kept true beside our own.

use serde_json::{Value, json};

use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::open_webui::database_of;
use crate::support::place::Place;

/// Two branches that come together.
fn branches() -> Revisions {
    Revisions::of([
        ("V0001__a.sql", "-- revision: a\ncreate table a (id int);"),
        ("V0001__a.down.sql", "drop table a;"),
        ("V0002__b.sql", "-- revision: b\n-- down_revision: a\ncreate table b (id int);"),
        ("V0002__b.down.sql", "drop table b;"),
        ("V0003__c.sql", "-- revision: c\n-- down_revision: a\ncreate table c (id int);"),
        ("V0003__c.down.sql", "drop table c;"),
        ("V0004__m.sql", "-- revision: m\n-- down_revision: b, c\n-- joins both\n"),
        ("V0004__m.down.sql", "-- nothing was done\n"),
    ])
}

/// A line of three.
fn line() -> Revisions {
    let files = ["initial", "add_email", "orders"].into_iter().zip(1..).flat_map(|(slug, number)| {
        let table = format!("t{number}");
        [
            (format!("V000{number}__{slug}.sql"), format!("create table {table} (id int);")),
            (format!("V000{number}__{slug}.down.sql"), format!("drop table {table};")),
        ]
    });
    Revisions::of(files)
}

fn alembic_rows(place: &Place) -> Vec<String> {
    let mut rows = asked(place, "select version_num from alembic_version");
    rows.sort();
    rows
}

fn peewee_rows(place: &Place) -> Vec<String> {
    asked(place, "select name from migratehistory order by id")
}

/// What a verb tells in its JSON form.
fn told(revisions: &Revisions, place: &Place, verb: &[&str]) -> Value {
    let verb: Vec<&str> = verb.iter().chain(&["--format", "json"]).copied().collect();
    let told = revisions.done(place, &verb);
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

fn current(revisions: &Revisions, place: &Place) -> Vec<String> {
    revisions.done(place, &["current"]).lines().filter(|line| *line != "base").map(str::to_owned).collect()
}

#[test]
fn alembic_s_rows_are_ours_through_branches_merges_and_stamps() {
    for place in Place::both() {
        let revisions = branches();
        // Only the first run asks for the table; where it stands where ours does, it is kept.
        for (verb, rows) in [
            (&["up", "a", "--bookkeeping", "alembic"][..], &["a"][..]),
            (&["up", "b"], &["b"]),
            (&["up", "c"], &["b", "c"]),
            (&["up"], &["m"]),
            (&["down", "b"], &["b", "c"]),
            (&["down", "a"], &["a"]),
            (&["down", "base"], &[]),
            (&["up"], &["m"]),
            (&["stamp", "c", "b"], &["b", "c"]),
            (&["stamp", "base"], &[]),
            (&["stamp", "heads"], &["m"]),
        ] {
            revisions.done(&place, verb);
            assert_eq!(alembic_rows(&place), rows, "{verb:?}");
            assert_eq!(current(&revisions, &place), rows, "{verb:?}");
        }
    }
}

#[test]
fn the_tables_are_made_as_their_tools_make_them() {
    for place in Place::both() {
        let tools = ["--bookkeeping", "alembic", "--bookkeeping", "peewee", "--bookkeeping", "refinery"];
        line().done(&place, &[&["up"][..], &tools].concat());
        let (sql, expected) = match place.is_postgres() {
            true => (
                "select c.table_name || '.' || column_name, format_type(a.atttypid, atttypmod), is_nullable from \
                 information_schema.columns c join pg_attribute a on attrelid = table_name::regclass and attname = \
                 column_name where c.table_schema = 'public' and c.table_name in ('alembic_version', 'migratehistory', 'refinery_schema_history') order \
                 by c.table_name, ordinal_position",
                [
                    "alembic_version.version_num|character varying(32)|NO",
                    "migratehistory.id|integer|NO",
                    "migratehistory.name|character varying(255)|NO",
                    "migratehistory.migrated_at|timestamp without time zone|NO",
                    "refinery_schema_history.version|integer|NO",
                    "refinery_schema_history.name|character varying(255)|YES",
                    "refinery_schema_history.applied_on|character varying(255)|YES",
                    "refinery_schema_history.checksum|character varying(255)|YES",
                ],
            ),
            false => (
                "select t.name || '.' || c.name, upper(c.type), c.\"notnull\" from sqlite_schema t, \
                 pragma_table_info(t.name) c where t.name in ('alembic_version', 'migratehistory', \
                 'refinery_schema_history') order by t.name, c.cid",
                [
                    "alembic_version.version_num|VARCHAR(32)|1",
                    "migratehistory.id|INTEGER|1",
                    "migratehistory.name|VARCHAR(255)|1",
                    "migratehistory.migrated_at|DATETIME|1",
                    "refinery_schema_history.version|INT4|0",
                    "refinery_schema_history.name|VARCHAR(255)|0",
                    "refinery_schema_history.applied_on|VARCHAR(255)|0",
                    "refinery_schema_history.checksum|VARCHAR(255)|0",
                ],
            ),
        };
        assert_eq!(asked(&place, sql), expected);
        if place.is_postgres() {
            let key =
                "select conname from pg_constraint where conrelid = 'alembic_version'::regclass and contype = 'p'";
            assert_eq!(asked(&place, key), ["alembic_version_pkc"]);
        }
    }
}

#[test]
fn a_table_of_alembic_s_that_is_empty_again_is_base_and_no_table_that_was_never_kept() {
    for place in Place::both() {
        let revisions = line();
        revisions.done(&place, &["up", "V0002__add_email", "--bookkeeping", "alembic"]);
        change(&place, "delete from alembic_version");
        let before = picture(&place);
        let error = revisions.refused(&place, &["up"]);
        let said = "table alembic_version of Alembic says base and strait's own says V0002__add_email";
        assert!(error.contains(said), "{error}");
        assert_eq!(picture(&place), before);
        assert!(revisions.done(&place, &["status"]).contains(said));
        revisions.done(&place, &["stamp", "V0002__add_email", "--bookkeeping", "alembic"]);
        revisions.done(&place, &["up"]);
        assert_eq!(alembic_rows(&place), ["V0003__orders"]);
    }
}

#[test]
fn a_table_of_alembic_s_that_was_taken_over_and_is_empty_again_is_base() {
    for place in Place::both() {
        let revisions = line();
        change(
            &place,
            "create table t1 (id int); create table t2 (id int); create table alembic_version (version_num varchar(32) not \
             null); insert into alembic_version values ('V0002__add_email')",
        );
        revisions.done(&place, &["adopt"]);
        change(&place, "delete from alembic_version");
        assert!(revisions.refused(&place, &["up"]).contains("says base and strait's own says V0002__add_email"));
        // If Alembic is right, what it has taken back runs again.
        revisions.done(&place, &["adopt"]);
        assert_eq!(revisions.states(&place), "ppp");
    }
}

#[test]
fn several_tables_may_be_named_at_once() {
    let place = Place::sqlite();
    line().done(&place, &["up", "--bookkeeping", "alembic,peewee"]);
    assert_eq!((alembic_rows(&place).len(), peewee_rows(&place).len()), (1, 3));
}

#[test]
fn a_database_that_alembic_has_moved_is_refused_until_a_person_says_who_is_right() {
    for place in Place::both() {
        let revisions = branches();
        revisions.done(&place, &["up", "a", "--bookkeeping", "alembic"]);
        change(&place, "update alembic_version set version_num = 'c'");
        let before = picture(&place);
        let mend = "strait migrate stamp a --bookkeeping alembic";
        for flags in [&["up", "b"][..], &["up", "b", "--bookkeeping", "alembic"], &["down"]] {
            let error = revisions.refused(&place, flags);
            for said in
                ["table alembic_version of Alembic says c and strait's own says a", "strait migrate adopt", mend]
            {
                assert!(error.contains(said), "{said} is not in: {error}");
            }
        }
        assert_eq!(picture(&place), before);
        let status = revisions.status(&place);
        assert_eq!(status["foreign"][0]["at"], json!(["c"]));
        assert!(status["problems"][0].to_string().contains("somebody else has moved the database"), "{status:#}");

        revisions.done(&place, &["stamp", "a", "--bookkeeping", "alembic"]);
        assert_eq!((alembic_rows(&place), current(&revisions, &place)), (vec!["a".to_owned()], vec!["a".to_owned()]));
        change(&place, "update alembic_version set version_num = 'c'");
        revisions.done(&place, &["adopt"]);
        assert_eq!((alembic_rows(&place), current(&revisions, &place)), (vec!["c".to_owned()], vec!["c".to_owned()]));
    }
}

#[test]
fn a_table_of_alembic_that_speaks_of_other_revisions_is_told_of_and_left_as_it_is() {
    for place in Place::both() {
        let revisions = branches();
        revisions.done(&place, &["up", "a", "--bookkeeping", "alembic"]);
        change(&place, "update alembic_version set version_num = 'of_another_folder'");
        let notices = told(&revisions, &place, &["up", "b"])["notices"].to_string();
        assert!(notices.contains("says of_another_folder and strait's own says a; it is left as it is"), "{notices}");
        assert_eq!(alembic_rows(&place), ["of_another_folder"]);
        revisions.refused(&place, &["up", "c", "--bookkeeping", "alembic"]);
        revisions.done(&place, &["stamp", "b", "--bookkeeping", "alembic"]);
        assert_eq!(alembic_rows(&place), ["b"]);
    }
}

#[test]
fn a_script_that_moves_alembic_s_table_itself_is_not_kept() {
    for place in Place::both() {
        let revisions = branches();
        revisions.done(&place, &["up", "a", "--bookkeeping", "alembic"]);
        let before = picture(&place);
        revisions.write(
            "V0002__b.sql",
            "-- revision: b\n-- down_revision: a\nupdate alembic_version set version_num = 'b';",
        );
        let error = revisions.refused(&place, &["up", "b"]);
        assert!(error.contains("says b and strait's own says a"), "{error}");
        assert_eq!(picture(&place), before);
    }
}

#[test]
fn a_long_id_widens_alembic_s_column_and_a_shorter_one_does_not_narrow_it() {
    let (long, shorter) = ("a".repeat(45), "b".repeat(36));
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V1__a.sql", "-- revision: short\ncreate table a (id int);".to_owned()),
            ("V2__b.sql", format!("-- revision: {long}\n-- down_revision: short\ncreate table b (id int);")),
            ("V3__c.sql", format!("-- revision: {shorter}\n-- down_revision: short\ncreate table c (id int);")),
        ]);
        for target in ["short", &long, &shorter] {
            revisions.done(&place, &["up", target, "--bookkeeping", "alembic"]);
        }
        assert_eq!(alembic_rows(&place), [long.clone(), shorter.clone()]);
        if place.is_postgres() {
            let width = "select atttypmod - 4 from pg_attribute where attrelid = 'alembic_version'::regclass and attname = \
                         'version_num'";
            assert_eq!(asked(&place, width), ["45"]);
        }
    }
}

#[test]
fn peewee_s_rows_come_and_go_with_the_revisions() {
    for place in Place::both() {
        let (revisions, books) = (line(), ["--bookkeeping", "peewee"]);
        let run = |verb: &[&str]| revisions.done(&place, &[verb, &books].concat());
        run(&["up"]);
        assert_eq!(peewee_rows(&place), ["001_initial", "002_add_email", "003_orders"]);
        run(&["down", "-2"]);
        assert_eq!(peewee_rows(&place), ["001_initial"]);
        run(&["up"]);
        assert_eq!(peewee_rows(&place), ["001_initial", "002_add_email", "003_orders"]);
        run(&["stamp", "V0002__add_email"]);
        assert_eq!(peewee_rows(&place), ["001_initial", "002_add_email"]);
        run(&["stamp", "base"]);
        assert_eq!(peewee_rows(&place), [""; 0]);
        run(&["stamp", "heads"]);
        assert_eq!(peewee_rows(&place), ["001_initial", "002_add_email", "003_orders"]);
        // The tool's own way to add a row goes on working.
        change(&place, "insert into migratehistory (name, migrated_at) values ('004_next', '2026-11-21 10:00:00')");
        assert_eq!(peewee_rows(&place).last().map(String::as_str), Some("004_next"));
        let moment =
            asked(&place, "select cast(migrated_at as text) from migratehistory where name = '001_initial'").concat();
        let form: String = moment.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert!(form.starts_with("0000-00-00 00:00:00.0"), "{moment}");
    }
}

#[test]
fn a_row_that_was_taken_over_keeps_its_name_and_goes_with_its_revision() {
    for place in Place::both() {
        let revisions = line();
        change(
            &place,
            "create table t1 (id int); create table t2 (id int); create table migratehistory (id integer primary key, name \
             varchar(255) not null, migrated_at timestamp not null); insert into migratehistory values (1, \
             '0001_initial', '2026-01-01 00:00:00'), (2, '20260101_add_email', '2026-01-01 00:00:00')",
        );
        let notices = told(&revisions, &place, &["adopt"])["notices"].to_string();
        assert!(
            notices.contains("migratehistory of peewee is left as it is") && notices.contains("--bookkeeping peewee")
        );
        revisions.done(&place, &["down", "--bookkeeping", "peewee"]);
        assert_eq!(peewee_rows(&place), ["0001_initial"]);
    }
}

#[test]
fn a_table_that_was_not_kept_is_brought_up_to_date_before_it_is_kept_again() {
    for place in Place::both() {
        let revisions = line();
        revisions.done(&place, &["up", "+1", "--bookkeeping", "peewee", "--bookkeeping", "refinery"]);
        revisions.done(&place, &["up", "+1"]);
        let before = picture(&place);
        for (tool, table) in [("peewee", "migratehistory"), ("refinery", "refinery_schema_history")] {
            let error = revisions.refused(&place, &["up", "--bookkeeping", tool]);
            let mend = format!("strait migrate stamp V0002__add_email --bookkeeping {tool}");
            for said in [&format!("table {table} of {tool} lacks V0002__add_email"), &mend] {
                assert!(error.contains(said), "{said} is not in: {error}");
            }
            assert_eq!(picture(&place), before);
        }
        revisions.done(&place, &["stamp", "V0002__add_email", "--bookkeeping", "peewee", "--bookkeeping", "refinery"]);
        revisions.done(&place, &["up", "--bookkeeping", "peewee", "--bookkeeping", "refinery"]);
        assert_eq!(peewee_rows(&place), ["001_initial", "002_add_email", "003_orders"]);
        assert_eq!(asked(&place, "select version from refinery_schema_history order by 1"), ["1", "2", "3"]);
        change(&place, "drop table migratehistory");
        let error = revisions.refused(&place, &["down", "--bookkeeping", "peewee"]);
        assert!(
            error.contains("make it first with `strait migrate stamp V0003__orders --bookkeeping peewee`"),
            "{error}"
        );
    }
}

#[test]
fn a_rehearsal_leaves_other_tools_tables_as_they_are() {
    for place in Place::both() {
        let revisions = branches();
        revisions.done(&place, &["up", "a", "--bookkeeping", "alembic"]);
        let before = picture(&place);
        let books = ["--bookkeeping", "alembic", "--bookkeeping", "peewee", "--bookkeeping", "refinery", "--dry-run"];
        revisions.done(&place, &["up", "--dry-run"]);
        revisions.done(&place, &[&["stamp", "heads"][..], &books].concat());
        assert_eq!(picture(&place), before);
    }
}

#[test]
fn a_script_without_a_transaction_is_written_down_too() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V0001__a.sql", "-- transaction: none\ncreate table a (id int);\ncreate table b (id int);"),
            ("V0001__a.down.sql", "-- transaction: none\ndrop table a;\ndrop table b;"),
        ]);
        let books = ["--bookkeeping", "alembic", "--bookkeeping", "peewee", "--bookkeeping", "refinery"];
        revisions.done(&place, &[&["up"][..], &books].concat());
        let versions = "select version from refinery_schema_history";
        assert_eq!((alembic_rows(&place), peewee_rows(&place)), (vec!["V0001__a".into()], vec!["001_a".into()]));
        assert_eq!(asked(&place, versions), ["1"]);
        revisions.done(&place, &[&["down"][..], &books].concat());
        assert_eq!((alembic_rows(&place), peewee_rows(&place), asked(&place, versions)), (vec![], vec![], vec![]));
    }
}

#[test]
fn open_webui_s_database_is_taken_over_from_alembic_and_kept_true() {
    let place = Place::sqlite();
    std::fs::copy(database_of("0.5.11"), place.path()).expect("the fixture can be copied");
    let revisions = Revisions::of([
        ("V0001__init.sqlite.sql", "-- revision: 7e5b5dc7342b\nselect 1;"),
        ("V0002__folder.sqlite.sql", "-- revision: 3781e22d8b01\nselect 1;"),
        ("V0002__folder.down.sqlite.sql", "-- nothing is undone\nselect 1;"),
    ]);
    let peewee = peewee_rows(&place);
    let status = revisions.status(&place);
    let tools: Vec<_> = status["foreign"].as_array().expect("a list").iter().map(|one| one["tool"].clone()).collect();
    assert_eq!(tools, ["Alembic", "peewee"]);
    let adopted = told(&revisions, &place, &["adopt"]);
    assert_eq!((&adopted["from"]["tool"], &adopted["after"]), (&json!("Alembic"), &json!(["3781e22d8b01"])));
    let notices = adopted["notices"].to_string();
    assert!(notices.contains("table migratehistory of peewee was not taken over"), "{notices}");
    assert_eq!(revisions.done(&place, &["current"]), "3781e22d8b01\n");
    revisions.done(&place, &["down"]);
    assert_eq!(alembic_rows(&place), ["7e5b5dc7342b"]);
    revisions.done(&place, &["stamp", "heads"]);
    assert_eq!(alembic_rows(&place), ["3781e22d8b01"]);
    assert_eq!(peewee_rows(&place), peewee, "it was left as it is");
}
