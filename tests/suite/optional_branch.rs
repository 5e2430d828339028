//! A branch that an installation takes or leaves: every command calls it the same.

use serde_json::{Value, json};

use crate::support::migrate::{Revisions, asked};
use crate::support::place::Place;
use crate::support::{Finished, Source, copy, fresh_database, strait, verify_with};

const LEFT_OUT: &str = "left out, as an optional branch: ";
const SYSTEM: [&str; 2] = ["--system", "open-webui"];
const HEAD: &str = "3781e22d8b01";

fn folder() -> Revisions {
    Revisions::of([
        ("V0001__a.sql", "create table a (id int);"),
        ("V0002__b.sql", "create table b (id int);"),
        (
            "V0003__t.sql",
            "-- down_revision: none\n-- depends_on: V0001__a\n-- branch: tokens\n-- optional: yes\ncreate table t (id int);",
        ),
    ])
}

/// Runs a command on the folder alone.
fn on_folder(revisions: &Revisions, verb: &[&str]) -> Finished {
    let path = revisions.path();
    strait(&[verb, &["--dir", path.to_str().expect("the path is UTF-8")]].concat())
}

fn drift(flags: &[&str]) -> (i32, Value) {
    let run = strait(&[&["drift", "--format", "json", "--quiet"], flags].concat());
    let report = serde_json::from_str(&run.stdout);
    (run.status, report.unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr)))
}

#[test]
fn a_branch_that_was_not_taken_is_left_out_everywhere() {
    for place in Place::both() {
        let revisions = folder();
        let plan = revisions.done(&place, &["plan"]);
        assert!(plan.contains("V0002__b") && plan.contains(&format!("note: {LEFT_OUT}V0003__t")), "{plan}");
        let told = revisions.done(&place, &["up"]);
        assert!(
            told.contains(&format!("note: {LEFT_OUT}V0003__t (`strait migrate up tokens@head` takes it)")),
            "{told}"
        );
        let status = revisions.done(&place, &["status", "--check"]);
        assert!(status.contains(&format!("note: {LEFT_OUT}V0003__t")) && status.contains("up to date"), "{status}");
        let status = revisions.status(&place);
        let states: Vec<&Value> =
            status["revisions"].as_array().expect("a list").iter().map(|one| &one["state"]).collect();
        assert_eq!(states.iter().filter(|state| **state == "left out").count(), 1, "{status:#}");
        assert!(states.iter().all(|state| **state != "pending"), "{status:#}");
        assert!(revisions.done(&place, &["current", "--check"]).contains("V0002__b"));
        let path = revisions.path();
        let flags = ["--dir", path.to_str().expect("the path is UTF-8"), "--dialect", "native", "--database-url"];
        let (code, report) = drift(&[&flags[..], &[&place.url()]].concat());
        assert_eq!((code, &report["comparisons"][0]["pending"]), (0, &json!([])), "{report:#}");
        assert!(report["notices"].to_string().contains(LEFT_OUT), "{report:#}");
    }
}

#[test]
fn a_branch_that_was_taken_is_pending_like_any_other() {
    for place in Place::both() {
        let revisions = folder();
        revisions.done(&place, &["up", "tokens@head"]);
        assert_eq!(revisions.status(&place)["notices"], json!([]));
        revisions.write("V0004__u.sql", "-- down_revision: V0003__t\ncreate table u (id int);");
        assert_eq!(revisions.migrate(&place, &["current", "--check"]).status, 1);
        assert_eq!(revisions.migrate(&place, &["status", "--check"]).status, 1);
        let told = revisions.done(&place, &["up"]);
        assert!(told.contains("V0004__u") && told.contains("V0002__b") && !told.contains(LEFT_OUT), "{told}");
        assert!(revisions.done(&place, &["status", "--check"]).contains("up to date"));
        assert_eq!(asked(&place, "select count(*) from u"), ["0"]);
    }
}

#[test]
fn an_optional_branch_is_no_second_head() {
    let revisions = folder();
    let check = on_folder(&revisions, &["migrate", "heads", "--check"]);
    assert_eq!((check.status, check.stdout.as_str()), (0, "V0002__b\nV0003__t\n"), "{}", check.stderr);
    let branches = on_folder(&revisions, &["migrate", "branches"]).stdout;
    assert!(
        branches.contains("branch tokens begins with V0003__t; an installation takes it or leaves it"),
        "{branches}"
    );
    assert_eq!(on_folder(&revisions, &["migrate", "new", "next"]).status, 0);
    let next = std::fs::read_to_string(revisions.path().join("V0004__next.sql")).expect("it was made");
    assert!(next.starts_with("-- down_revision: V0002__b\n"), "{next}");
    let made = on_folder(&revisions, &["migrate", "new", "more", "--after", "base", "--branch", "more", "--optional"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let more = std::fs::read_to_string(revisions.path().join("V0005__more.sql")).expect("it was made");
    assert!(more.contains("-- branch: more\n-- optional: yes\n"), "{more}");
    assert_eq!(on_folder(&revisions, &["migrate", "heads", "--check"]).status, 0);
    revisions.write("V0006__side.sql", "-- down_revision: V0002__b\n-- branch: side\nselect 1;");
    let check = on_folder(&revisions, &["migrate", "heads", "--check"]);
    assert!(check.status == 1 && check.stderr.contains("2 heads"), "a label alone is no choice: {}", check.stderr);
}

#[test]
fn what_can_be_left_out_has_a_label() {
    let revisions = Revisions::of([("V0001__a.sql", "-- optional: yes\ncreate table a (id int);")]);
    let run = on_folder(&revisions, &["migrate", "heads"]);
    assert!(run.status == 2 && run.stderr.contains("add `-- branch: LABEL`"), "{}", run.stderr);
}

#[test]
fn a_copy_into_a_system_leaves_the_branch_out_that_the_source_does_not_have() {
    let source = Source::from_fixture("open-webui-0.5.11.db");
    let (target, path) = (fresh_database(), source.path());
    let copied = copy(&path, &target, &SYSTEM);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(copied.report["made_from"]["stamped"], json!([HEAD]));
    assert_eq!(copied.report["made_from"]["left_out"], json!(["tokens"]));
    let notices = copied.report["notices"].to_string();
    assert!(notices.contains(&format!("{LEFT_OUT}user_tokens")) && notices.contains("--branch tokens"), "{notices}");
    assert_eq!(target.psql("select to_regclass('user_token_usage') is null"), "t");
    assert_eq!(verify_with(&path, &target, &SYSTEM).0, 0);
    let url = path.to_str().expect("the path is UTF-8");
    for flags in [vec!["--database-url", target.url()], vec!["--parity", url, target.url()]] {
        let (status, report) = drift(&[&SYSTEM[..], &flags].concat());
        assert_eq!((status, &report["equal"]), (0, &json!(true)), "{flags:?}: {report:#}");
    }
    let (status, report) = drift(&[&SYSTEM[..], &["--schema", "--database-url", target.url()]].concat());
    assert_eq!((status, &report["equal"]), (0, &json!(true)), "{report:#}");
    assert!(report["notices"].to_string().contains(LEFT_OUT), "{report:#}");
    target.psql("create table user_token_usage (id int)");
    let (status, report) = drift(&[&SYSTEM[..], &["--schema", "--database-url", target.url()]].concat());
    assert_eq!((status, report["notices"].to_string().contains(LEFT_OUT)), (1, false), "one of its tables is there");
}

#[test]
fn a_copy_into_a_system_makes_the_branch_that_is_asked_for_or_that_the_source_has() {
    let tables = "select to_regclass('user_token_usage') is not null and to_regclass('user_token_limits') is not null";
    let source = Source::from_fixture("open-webui-0.5.11.db");
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[&SYSTEM[..], &["--branch", "tokens"]].concat());
    assert_eq!(copied.report["made_from"]["stamped"], json!([HEAD, "user_tokens"]), "{:#}", copied.report);
    assert_eq!(target.psql(tables), "t");
    source
        .connect()
        .execute_batch(
            "create table user_token_usage (id integer primary key, user_id text not null, model_id text not null, \
             prompt_tokens int, completion_tokens int, total_tokens int, chat_id text, date text not null, created_at int not \
             null); insert into user_token_usage (id, user_id, model_id, date, created_at) values (1, 'u', \
             'm', '2025-01-31', 1738281600)",
        )
        .expect("the table can be made");
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &SYSTEM);
    assert_eq!(copied.report["made_from"]["stamped"], json!([HEAD, "user_tokens"]), "{:#}", copied.report);
    assert_eq!((target.psql(tables), copied.table("user_token_usage")["copied"].clone()), ("t".into(), json!(1)));
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[&SYSTEM[..], &["--exclude", "user_token_usage"]].concat());
    assert_eq!(copied.report["made_from"]["left_out"], json!(["tokens"]), "what is excluded is not wanted");
    let path = source.path();
    let arguments = ["copy", path.to_str().expect("the path is UTF-8"), target.url(), "--branch", "tokns"];
    let refused = strait(&[&arguments[..], &SYSTEM].concat());
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("has no optional branch of this label; it has tokens"), "{}", refused.stderr);
}
