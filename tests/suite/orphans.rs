//! Rows that refer to rows which are not there: foreseen, set aside, emptied or stopped at, and loaded when their parents
//! have come.

use serde_json::{Value, json};

use crate::support::{Database, Finished, Source, copy, fresh_database, strait, verify, verify_with};

const PEOPLE: &str = "create table city (id integer primary key, name text);
     create table person (id integer primary key, city integer references city, friend integer references person);
     insert into city values (1, 'Ulm');
     insert into person values (1, 1, null), (2, 7, 1), (3, null, 2), (4, 1, 3), (5, 1, 1);";

fn report(run: &Finished) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {}{}", run.stdout, run.stderr))
}

fn path(source: &Source) -> String {
    source.path().to_str().expect("the path is UTF-8").to_owned()
}

#[test]
fn what_becomes_of_orphans_is_foreseen() {
    let source = Source::from_sql(PEOPLE);
    for (policy, ready, rejected, normalised, decisions) in
        [("keep", false, 0, 0, 0), ("reject", false, 3, 0, 0), ("set-null", true, 0, 1, 0), ("stop", false, 0, 0, 1)]
    {
        let run = strait(&["assess", &path(&source), "--format", "json", "--quiet", "--orphans", policy]);
        let told = report(&run);
        let tables = told["tables"].as_array().expect("the tables are a list");
        let person = tables.iter().find(|table| table["name"] == "person").expect("the table is told of");
        assert_eq!((run.status, &told["ready"]), (i32::from(!ready), &json!(ready)), "{policy}: {told:#}");
        assert_eq!((&person["rejected"], &person["normalised"]), (&json!(rejected), &json!(normalised)), "{policy}");
        assert_eq!(told["decisions"].as_array().map(Vec::len), Some(decisions), "{policy}: {told:#}");
        assert_eq!(told["findings"].as_array().map(Vec::len), Some(usize::from(policy == "keep")), "{policy}");

        let target = fresh_database();
        let run = strait(&["copy", &path(&source), target.url(), "--format", "json", "--quiet", "--orphans", policy]);
        assert_eq!(run.status, if policy == "stop" { 2 } else { i32::from(!ready) }, "{policy}: {}", run.stderr);
        if policy == "stop" {
            assert!(run.stderr.contains("rowid 2") && run.stderr.contains("--orphans keep"), "{}", run.stderr);
            assert_eq!(target.psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
        } else {
            let copied = report(&run);
            let came = copied["tables"].as_array().and_then(|tables| tables.iter().find(|one| one["name"] == "person"));
            let came = came.expect("the table is told of");
            assert_eq!((&came["rejected"], &came["normalised_rows"]), (&person["rejected"], &person["normalised"]));
            assert_eq!(came["reasons"], person["reasons"], "{policy}");
        }
    }
}

#[test]
fn a_file_of_choices_says_what_becomes_of_orphans() {
    let source = Source::from_sql(PEOPLE);
    let target = fresh_database();
    let file = source.path().with_file_name("choices.toml");
    std::fs::write(&file, "[[column]]\nmatch = \"person.city\"\norphans = \"set-null\"\n").expect("it can be written");
    let config = file.to_str().expect("the path is UTF-8");
    let copied = copy(&source.path(), &target, &["--config", config]);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(target.psql("select id from person where city is null order by id"), "2\n3");
    assert_eq!(verify_with(&source.path(), &target, &["--config", config]).0, 0);
    assert_eq!(verify(&source.path(), &target).0, 1, "the source itself says otherwise");
}

#[test]
fn an_orphan_is_loaded_when_its_parent_has_come() {
    let source = Source::from_sql(PEOPLE);
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &["--orphans", "reject"]);
    assert_eq!((copied.status, &copied.table("person")["rejected"]), (1, &json!(3)));
    let retry = |target: &Database| {
        let run = strait(&["rejects", "retry", &path(&source), target.url(), "--format", "json", "--quiet"]);
        (run.status, report(&run))
    };
    let (status, told) = retry(&target);
    assert_eq!((status, &told["tables"][0]["loaded"]), (1, &json!(0)), "the parent is not there yet: {told:#}");

    source.connect().execute_batch("insert into city values (7, 'Bern')").expect("the source can be mended");
    target.psql("insert into city values (7, 'Bern')");
    let (status, told) = retry(&target);
    assert_eq!((status, &told["complete"]), (0, &json!(true)), "{told:#}");
    assert_eq!(target.psql("select count(*) from person"), "5");
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn a_retry_says_of_choices_what_they_do_there() {
    let source = Source::from_sql(PEOPLE);
    let target = fresh_database();
    assert_eq!(copy(&source.path(), &target, &["--orphans", "reject"]).status, 1);
    source.connect().execute_batch("insert into city values (7, 'Bern')").expect("the source can be mended");
    for choice in ["reject", "person.*=keep"] {
        let run = strait(&[
            "rejects",
            "retry",
            &path(&source),
            target.url(),
            "--format",
            "json",
            "--quiet",
            "--orphans",
            choice,
        ]);
        let notices = report(&run)["notices"].to_string();
        assert_eq!(run.status, 1, "the parent is in the source alone: {notices}");
        assert!(notices.contains("does nothing here") && notices.contains(choice), "{notices}");
        assert!(notices.contains("insert them into the target, too"), "{notices}");
    }
}

#[test]
fn a_retry_empties_only_what_a_copy_empties() {
    let source = Source::from_sql(
        "create table city (id integer primary key);
         create table person (id integer primary key, city integer references city, label text as ('c' || city));
         insert into person (id, city) values (1, 7);",
    );
    let target = fresh_database();
    assert_eq!(copy(&source.path(), &target, &["--orphans", "reject"]).status, 1);
    for command in [&["rejects", "retry"][..], &["verify"], &["copy"]] {
        let (from, to) = (path(&source), target.url());
        let run = strait(&[command, &[&from, to, "--orphans", "set-null", "--quiet"]].concat());
        assert_eq!(run.status, 2, "{command:?}: {}", run.stdout);
        assert!(run.stderr.contains("through (city)") && run.stderr.contains("computed from it"), "{}", run.stderr);
    }
    assert_eq!(target.psql("select count(*) from person"), "0");
}

#[test]
fn a_long_line_of_orphans_is_followed_to_its_end() {
    let source = Source::from_sql(
        "create table n (id integer primary key, next integer references n);
         with recursive line(id) as (select 1 union all select id + 1 from line where id < 20000)
         insert into n select id, id + 1 from line;",
    );
    let run = strait(&["assess", &path(&source), "--format", "json", "--quiet", "--orphans", "reject"]);
    let told = report(&run);
    assert_eq!(told["tables"][0]["rejected"], json!(20000), "{told:#}");
}

#[test]
fn a_choice_for_a_table_that_the_target_lacks_says_so() {
    let source = Source::from_sql(PEOPLE);
    let target = fresh_database();
    target.psql("create table city (id bigint primary key, name text)");
    let run = strait(&["verify", &path(&source), target.url(), "--orphans", "person.city=set-null"]);
    assert!(run.stderr.contains("no column that it names is copied or compared"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn orphans_are_told_again_when_the_copy_is_done_again() {
    let source = Source::from_sql(PEOPLE);
    for constraint in [
        "",
        "create table city (id bigint primary key, name text); \
         create table person (id bigint primary key, city bigint references city, friend bigint references person)",
    ] {
        let target = fresh_database();
        target.psql(constraint);
        let first = copy(&source.path(), &target, &[]);
        let again = copy(&source.path(), &target, &["--on-nonempty", "truncate"]);
        assert_eq!((first.status, again.status), (1, 1), "{:#}", again.report);
        let [first, again] = [&first, &again].map(|run| run.report["unbuilt"].clone());
        assert_eq!(first, again);
        assert!(again.to_string().contains("such as rowid 2"), "{again:#}");
    }
}
