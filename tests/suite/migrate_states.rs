//! How a database stands to its folder: edited, unknown, late and pending revisions, broken folders, and what a stamp says.

use serde_json::{Value, json};

use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::place::Place;

/// A line of three.
fn line() -> Revisions {
    Revisions::of((1..=3).map(|number| (file(number), script(number))))
}

fn file(number: u32) -> String {
    format!("V000{number}__t{number}.sql")
}

fn script(number: u32) -> String {
    format!("create table t{number} (id int);\ninsert into t{number} values ({number});\n")
}

/// Where a database stands and whether that is good, by the exit status of `status --check`.
fn stands(revisions: &Revisions, place: &Place) -> (String, i32) {
    (revisions.states(place), revisions.migrate(place, &["status", "--check"]).status)
}

fn told(revisions: &Revisions, place: &Place, verb: &[&str]) -> Value {
    let verb: Vec<&str> = verb.iter().chain(&["--format", "json"]).copied().collect();
    let told = revisions.done(place, &verb);
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

/// Holds every verb that moves a database to refuse, with all that is said, and to change nothing.
fn is_refused(revisions: &Revisions, place: &Place, words: &[&str]) {
    let before = picture(place);
    for verb in ["up", "down", "redo"] {
        let error = revisions.refused(place, &[verb]);
        for said in words {
            assert!(error.contains(said), "{verb}: {said} is not in: {error}");
        }
    }
    let problems = revisions.status(place)["problems"].to_string();
    assert!(words.iter().any(|said| problems.contains(said)), "{problems}");
    assert_eq!(picture(place), before);
}

#[test]
fn pending_is_no_problem_and_not_up_to_date() {
    for place in Place::both() {
        let revisions = line();
        assert_eq!(stands(&revisions, &place), ("ppp".into(), 1));
        revisions.done(&place, &["up", "+2"]);
        assert_eq!(stands(&revisions, &place), ("aap".into(), 1));
        revisions.done(&place, &["up"]);
        assert_eq!(stands(&revisions, &place), ("aaa".into(), 0));
        assert_eq!(revisions.status(&place)["problems"], json!([]));
    }
}

#[test]
fn a_look_at_a_database_never_seen_leaves_no_trace() {
    let (place, revisions) = (Place::sqlite(), line());
    for verb in ["status", "plan", "history", "current"] {
        revisions.done(&place, &[verb]);
        assert_eq!(place.files(), [""; 0], "{verb} makes no file");
    }
    change(&place, "create table kept (id int); create table alembic_version (version_num varchar(32) not null)");
    let before = std::fs::read(place.path()).expect("it can be read");
    for verb in ["status", "plan", "history", "current"] {
        revisions.done(&place, &[verb]);
    }
    assert_eq!(place.files(), ["app.db"]);
    assert!(std::fs::read(place.path()).expect("it can be read") == before, "a look changes no byte");

    let place = Place::postgres();
    change(&place, "create table kept (id int); create table alembic_version (version_num varchar(32) not null)");
    let before = picture(&place);
    for verb in ["status", "plan", "history", "current"] {
        revisions.done(&place, &[verb]);
    }
    assert_eq!(picture(&place), before);
    assert_eq!(asked(&place, "select nspname from pg_namespace where nspname = 'strait'"), [""; 0]);
}

#[test]
fn an_edited_file_is_seen_and_refused_until_its_old_text_is_back() {
    for place in Place::both() {
        let revisions = line();
        revisions.done(&place, &["up", "+2"]);
        revisions.write(&file(1), &script(1).replace("(id int)", "(id int, more int)"));
        assert_eq!(stands(&revisions, &place), ("eap".into(), 1));
        is_refused(
            &revisions,
            &place,
            &["V0001__t1.sql is not the text that was applied at 20", "strait migrate repair"],
        );
        revisions.write(&file(1), &script(1));
        revisions.done(&place, &["up"]);
        assert_eq!(stands(&revisions, &place), ("aaa".into(), 0));
    }
}

#[test]
fn of_a_file_for_each_engine_the_one_that_was_edited_is_named() {
    for place in Place::both() {
        let engine = if place.is_postgres() { "postgres" } else { "sqlite" };
        let (edited, text) = (format!("V0001__t1.{engine}.sql"), script(1));
        let revisions = Revisions::of([("V0001__t1.sqlite.sql", &text), ("V0001__t1.postgres.sql", &text)]);
        revisions.done(&place, &["up"]);
        revisions.write(&edited, &text.replace("(id int)", "(id int, more int)"));
        is_refused(&revisions, &place, &[&format!("{edited} is not the text that was applied")]);
        assert_eq!(revisions.status(&place)["revisions"][0]["file"], edited.as_str());
    }
}

#[test]
fn what_a_checkout_or_an_editor_does_to_a_file_is_no_edit() {
    for place in Place::both() {
        let revisions = line();
        revisions.done(&place, &["up"]);
        let crlf = script(1).replace('\n', "\r\n");
        let texts =
            [crlf.clone(), format!("\u{feff}{}", script(1)), format!("\u{feff}{crlf}"), script(1).trim().into()];
        for text in texts {
            revisions.write(&file(1), &text);
            assert_eq!(stands(&revisions, &place), ("aaa".into(), 0), "{text:?}");
        }
        // And the other way round: applied with other line ends.
        revisions.write("V0004__t4.sql", &script(4).replace('\n', "\r\n"));
        revisions.done(&place, &["up"]);
        revisions.write("V0004__t4.sql", &script(4));
        assert_eq!(stands(&revisions, &place), ("aaaa".into(), 0));
    }
}

#[test]
fn a_revision_whose_file_is_gone_is_unknown_until_it_is_back_or_forgotten() {
    for place in Place::both() {
        for gone in [3, 2] {
            let revisions = line();
            revisions.done(&place, &["up"]);
            std::fs::remove_file(revisions.path().join(file(gone))).expect("it can be removed");
            assert_eq!(stands(&revisions, &place), ("aau".into(), 1));
            let id = format!("the database has revision V000{gone}__t{gone}, and no file of the folder has that id");
            is_refused(&revisions, &place, &[&id, "bring the file back"]);
            revisions.write(&file(gone), &script(gone));
            assert_eq!(stands(&revisions, &place), ("aaa".into(), 0));

            std::fs::remove_file(revisions.path().join(file(gone))).expect("it can be removed");
            revisions.done(&place, &["stamp", "heads", "--purge"]);
            assert_eq!(stands(&revisions, &place), ("aa".into(), 0));
            assert!(revisions.history(&place).contains(&format!("V000{gone}__t{gone} unstamp done")));
            change(&place, "drop table t1; drop table t2; drop table t3");
            revisions.done(&place, &["stamp", "base"]);
        }
    }
}

#[test]
fn a_revision_that_comes_late_is_seen_and_refused() {
    for place in Place::both() {
        let revisions = Revisions::of([1, 3].map(|number| (file(number), script(number))));
        revisions.done(&place, &["up"]);
        revisions.write(&file(2), &script(2));
        assert_eq!(stands(&revisions, &place), ("ala".into(), 1));
        is_refused(&revisions, &place, &["V0002__t2.sql was never run, and a later revision is applied"]);
        // What it makes is there: a person says so.
        change(&place, &script(2));
        let stamped = told(&revisions, &place, &["stamp", "heads"]);
        assert_eq!(stamped["recorded"], json!(["V0002__t2"]));
        assert_eq!(stands(&revisions, &place), ("aaa".into(), 0));
    }
}

#[test]
fn a_revision_that_comes_late_after_a_stamp_is_seen_too() {
    for place in Place::both() {
        let revisions = Revisions::of([1, 3].map(|number| (file(number), script(number))));
        revisions.done(&place, &["stamp", "heads"]);
        assert_eq!(stands(&revisions, &place), ("aa".into(), 0));
        revisions.write(&file(2), &script(2));
        assert_eq!(stands(&revisions, &place), ("ala".into(), 1));
    }
}

#[test]
fn a_folder_with_a_missing_parent_is_refused_by_every_verb() {
    for place in Place::both() {
        let revisions = line();
        revisions.done(&place, &["up", "+1"]);
        let before = picture(&place);
        revisions.write(&file(2), &format!("-- down_revision: nowhere\n{}", script(2)));
        for verb in [&["up"][..], &["down"], &["status"], &["stamp", "heads"], &["adopt"], &["repair"], &["current"]] {
            let error = revisions.refused(&place, verb);
            assert!(error.contains("nowhere") && error.contains("V0002__t2"), "{verb:?}: {error}");
        }
        assert_eq!(picture(&place), before);
    }
}

#[test]
fn two_heads_fail_their_check_and_one_must_be_named() {
    for place in Place::both() {
        let revisions = line();
        revisions.write(&file(3), &format!("-- down_revision: V0001__t1\n{}", script(3)));
        let heads = revisions.migrate(&place, &["status", "--format", "json"]);
        let heads: Value = serde_json::from_str(&heads.stdout).expect("JSON");
        assert_eq!(heads["heads"], json!(["V0002__t2", "V0003__t3"]));
        let error = revisions.refused(&place, &["up", "head"]);
        assert!(error.contains("V0002__t2") && error.contains("V0003__t3"), "{error}");
        revisions.done(&place, &["up", "V0002__t2"]);
        assert_eq!(stands(&revisions, &place), ("apa".into(), 1));
        revisions.done(&place, &["up"]);
        assert_eq!(stands(&revisions, &place), ("aaa".into(), 0));
        assert_eq!(revisions.status(&place)["current"], json!(["V0002__t2", "V0003__t3"]));
    }
}

#[test]
fn heads_are_checked_without_a_database() {
    let revisions = line();
    let check = || {
        let folder = revisions.path();
        let folder = folder.to_str().expect("the path is UTF-8");
        crate::support::strait(&["migrate", "heads", "--check", "--dir", folder])
    };
    assert_eq!(check().status, 0);
    revisions.write(&file(3), &format!("-- down_revision: V0001__t1\n{}", script(3)));
    let run = check();
    assert_eq!((run.status, run.stdout.as_str()), (1, "V0002__t2\nV0003__t3\n"));
    assert!(run.stderr.contains("2 heads; join them with `strait migrate merge`"), "{}", run.stderr);
}

#[test]
fn a_stamp_says_where_the_database_is_and_runs_nothing() {
    for place in Place::both() {
        let revisions = line();
        let outcome = told(&revisions, &place, &["stamp", "V0002__t2"]);
        assert_eq!(outcome["before"], json!([]));
        assert_eq!(outcome["after"], json!(["V0002__t2"]));
        assert_eq!(outcome["recorded"], json!(["V0001__t1", "V0002__t2"]));
        assert_eq!((&outcome["dry_run"], &outcome["from"]), (&json!(false), &Value::Null));
        assert_eq!(stands(&revisions, &place), ("aap".into(), 1));
        revisions.done(&place, &["up"]);
        assert_eq!(asked(&place, "select id from t3"), ["3"], "only the third has run");

        let before = picture(&place);
        let rehearsed = told(&revisions, &place, &["stamp", "base", "--dry-run"]);
        assert_eq!((&rehearsed["after"], &rehearsed["dry_run"]), (&json!([]), &json!(true)));
        assert_eq!(picture(&place), before);
        let text = revisions.done(&place, &["stamp", "base"]);
        assert!(text.contains("is recorded as being at base"), "{text}");
        let history = revisions.history(&place);
        let expected = ["V0003__t3 unstamp done", "V0002__t2 unstamp done", "V0001__t1 unstamp done"];
        assert_eq!(history[history.len() - 3..], expected);
        assert_eq!(stands(&revisions, &place), ("ppp".into(), 1));
    }
}

#[test]
fn a_stamp_of_several_revisions_takes_each_branch_to_its_place() {
    for place in Place::both() {
        let revisions = line();
        revisions.write(&file(3), &format!("-- down_revision: V0001__t1\n{}", script(3)));
        revisions.done(&place, &["stamp", "V0002__t2", "V0003__t3"]);
        assert_eq!(revisions.status(&place)["current"], json!(["V0002__t2", "V0003__t3"]));
        let error = revisions.refused(&place, &["stamp", "V0001__t1", "V0003__t3"]);
        assert!(error.contains("V0001__t1"), "{error}");
        let error = revisions.refused(&place, &["stamp", "V0009__no"]);
        assert!(error.contains("V0009__no"), "{error}");
        revisions.done(&place, &["stamp", "V0003__t3", "--purge"]);
        assert_eq!(revisions.status(&place)["current"], json!(["V0003__t3"]));
        assert_eq!(revisions.states(&place), "aap", "the branch of the later number is told of first");
    }
}

#[test]
fn a_stamp_that_cannot_be_written_leaves_nothing() {
    let (place, revisions) =
        (Place::postgres(), Revisions::of([("V20261120120000__a.sql", "create table a (id int);")]));
    change(
        &place,
        "create table refinery_schema_history (version int4 primary key, name varchar(255), applied_on varchar(255), \
         checksum varchar(255)); insert into refinery_schema_history values (7, 'x', '2026-01-01T00:00:00Z', '1')",
    );
    let before = picture(&place);
    revisions.refused(&place, &["stamp", "heads", "--bookkeeping", "refinery"]);
    assert_eq!(picture(&place), before);
    let error = revisions.refused(&place, &["up"]);
    assert!(error.contains("strait has never worked on it"), "{error}");
}
