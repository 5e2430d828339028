//! Foreign keys that the target's server holds in its own way: into another schema, in full, under a collation, with a comment.

use crate::support::{Copied, Database, Source, copy, fresh_database, stopped, strait};

/// The foreign keys of a schema, a line for each: name, whether it was validated, its comment.
fn foreign_keys(target: &Database) -> String {
    target.psql(
        "select concat_ws(' ', conname, case when convalidated then 'valid' else 'not valid' end, obj_description(oid, \
         'pg_constraint')) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 \
         order by 1",
    )
}

/// The only thing that a copy could not build, as it is told.
fn unbuilt(copied: &Copied) -> String {
    let mut all = copied.objects("unbuilt");
    assert_eq!((copied.status, all.len()), (1, 1), "{:#}", copied.report);
    all.remove(0)
}

const FIRST: &str = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
const SECOND: &str = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12";

/// Two profiles, and a table of users that is not the one that they refer to.
fn profiles() -> Source {
    Source::from_sql(&format!(
        "create table users (id text primary key);
         create table profiles (id integer primary key, owner text references users (id));
         insert into users values ('{FIRST}');
         insert into profiles values (1, '{FIRST}'), (2, '{SECOND}');"
    ))
}

const ELSEWHERE: &str = "create schema auth; create table auth.users (id uuid primary key);
     create table public.users (id uuid primary key);
     create table public.profiles (id bigint primary key, owner uuid constraint of_user references auth.users (id));";

#[test]
fn a_reference_into_another_schema_is_not_one_to_the_table_of_that_name_here() {
    let target = fresh_database();
    target.psql(&format!("{ELSEWHERE} insert into auth.users values ('{FIRST}'), ('{SECOND}')"));
    // In its own schema the second has no parent.
    copy(&profiles().path(), &target, &[]).whole();
    assert_eq!(foreign_keys(&target), "of_user valid");
    target.psql("truncate profiles, public.users");
    let run = strait(&[
        "copy",
        profiles().path().to_str().expect("the path is UTF-8"),
        target.url(),
        "--orphans",
        "set-null",
        "--quiet",
    ]);
    assert_eq!((run.status, target.psql("select count(owner) from profiles").as_str()), (0, "2"), "{}", run.stderr);
}

#[test]
fn what_is_missing_in_another_schema_is_told_with_its_name() {
    let target = fresh_database();
    target.psql(&format!("{ELSEWHERE} insert into auth.users values ('{FIRST}')"));
    let told = unbuilt(&copy(&profiles().path(), &target, &[]));
    assert!(told.contains("1 row refers through (\"owner\") to rows of auth.users that are not there"), "{told}");
    assert!(told.contains("(\"id\") (2)") && told.contains("the constraint is NOT VALID"), "{told}");
    assert_eq!(foreign_keys(&target), "of_user not valid");
}

#[test]
fn a_reference_into_another_schema_needs_no_table_of_that_name_here() {
    let source =
        Source::from_sql("create table c (id integer primary key, p integer); insert into c values (1, 1), (2, 9);");
    let target = fresh_database();
    target.psql(
        "create schema other; create table other.p (id bigint primary key); insert into other.p values (1);
         create table c (id bigint primary key, p bigint constraint of_p references other.p);",
    );
    let told = unbuilt(&copy(&source.path(), &target, &[]));
    assert!(told.contains("1 row refers through (\"p\") to rows of other.p"), "{told}");
}

const FULL: &str = "create table p (a bigint, b bigint, primary key (a, b));
     create table c (id bigint primary key, a bigint, b bigint, constraint of_p foreign key (a, b) references p match full);";

fn pairs() -> Source {
    Source::from_sql(
        "create table p (a integer, b integer, primary key (a, b));
         create table c (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b));
         insert into p values (1, 1);
         insert into c values (1, 1, 1), (2, null, 5), (3, null, null), (4, 7, 7);",
    )
}

#[test]
fn a_key_that_must_match_in_full_is_an_orphan_when_it_is_null_in_part() {
    let target = fresh_database();
    target.psql(FULL);
    let told = unbuilt(&copy(&pairs().path(), &target, &[]));
    assert!(told.contains("2 rows refer") && told.contains("MATCH FULL"), "{told}");
    assert!(told.contains("rowid 2, rowid 4"), "{told}");
    assert_eq!(foreign_keys(&target), "of_p not valid");
}

#[test]
fn a_key_that_must_match_in_full_is_emptied_in_full() {
    let target = fresh_database();
    target.psql(FULL);
    let copied = copy(&pairs().path(), &target, &["--orphans", "set-null"]);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(target.psql("select string_agg(c::text, ' ' order by id) from c"), "(1,1,1) (2,,) (3,,) (4,,)");
    assert_eq!(foreign_keys(&target), "of_p valid");
}

/// Children in three spellings of one parent's, and one of nobody's.
fn spellings(collation: &str) -> Source {
    Source::from_sql(&format!(
        "create table p (n text {collation} primary key);
         create table c (id integer primary key, n text references p (n));
         insert into p values ('Alpha'), ('beta');
         insert into c values (1, 'alpha'), (2, 'Alpha'), (3, 'BETA'), (4, 'gamma');"
    ))
}

#[test]
fn what_holds_under_nocase_is_no_orphan_whatever_becomes_of_orphans() {
    let source = spellings("collate nocase");
    let faults = source
        .connect()
        .query_row("select group_concat(rowid) from pragma_foreign_key_check", [], |row| row.get::<_, String>(0));
    assert_eq!(faults.as_deref(), Ok("4"));
    for (policy, kept, told) in [
        (
            "keep",
            "alpha Alpha BETA gamma",
            "3 rows refer through (\"n\") to rows of p that are not there, such as rowid 4; 2 of them",
        ),
        (
            "set-null",
            "alpha Alpha BETA",
            "2 rows refer through (\"n\") to rows of p that are equal under the source's collation alone",
        ),
        ("reject", "alpha Alpha BETA", "2 rows refer"),
    ] {
        let target = fresh_database();
        let copied = copy(&source.path(), &target, &["--orphans", policy]);
        assert_eq!(target.psql("select string_agg(n, ' ' order by id) from c"), kept, "{policy}");
        let line = unbuilt(&copied);
        assert!(line.contains(told) && line.contains("rowid 1, rowid 3"), "{policy}: {line}");
        assert_eq!(copied.table("c")["rejected"], u64::from(policy == "reject"), "{policy}");
        assert_eq!(foreign_keys(&target), "c_n_fkey not valid", "{policy}");
    }
}

#[test]
fn an_assessment_foresees_what_holds_under_nocase_alone() {
    let source = spellings("collate nocase");
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    let run = strait(&["assess", path, "--format", "json", "--quiet", "--orphans", "set-null"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!((run.status, &told["ready"]), (1, &false.into()), "{told:#}");
    let finding = &told["findings"][0];
    assert_eq!((&finding["kind"], &finding["rows"]), (&"equal by collation".into(), &2.into()), "{told:#}");
}

#[test]
fn what_the_server_alone_compares_is_left_to_the_server() {
    let folding = "create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);";
    for (before, of_text) in [("create extension citext;", "citext"), (folding, "text collate ci")] {
        let target = fresh_database();
        target.psql(&format!(
            "{before} create table p (n {of_text} primary key);
             create table c (id bigint primary key, n {of_text} constraint of_p references p);"
        ));
        let stopped = stopped(&spellings("").path(), &target, &["--orphans", "set-null"]);
        assert!(stopped.contains("the server alone knows which values of "), "{stopped}");
        let told = unbuilt(&copy(&spellings("").path(), &target, &[]));
        assert_eq!(
            target.psql("select string_agg(n::text, ' ' order by id) from c"),
            "alpha Alpha BETA gamma",
            "{of_text}"
        );
        assert!(told.contains("1 row refers") && told.contains("(\"id\") (4)"), "{of_text}: {told}");
    }
}

#[test]
fn two_columns_of_two_collations_are_compared_under_the_parent_s() {
    let target = fresh_database();
    target.psql(
        "create table p (n text collate \"C\" primary key);
         create table c (id bigint primary key, n text collate \"POSIX\" constraint of_p references p);",
    );
    let told = unbuilt(&copy(&spellings("").path(), &target, &[]));
    assert!(told.contains("3 rows refer") && told.contains("rowid 1, rowid 3, rowid 4"), "{told}");
}

#[test]
fn a_number_refers_to_the_text_that_it_becomes() {
    let source = Source::from_sql(
        "create table g (id integer primary key);
         create table p (n text primary key, g integer references g (id));
         create table c (id integer primary key, n integer references p (n));
         insert into g values (1);
         insert into p values ('1', 1), ('01', 9), ('05', 1);
         insert into c values (1, 1), (2, 5);",
    );
    let faults = source.connect().query_row(
        "select group_concat(x, ', ') from (select \"table\" || ' ' || rowid as x from pragma_foreign_key_check order by 1)",
        [],
        |row| row.get::<_, String>(0),
    );
    assert_eq!(faults.as_deref(), Ok("c 2, p 2"));
    let target = fresh_database();
    target.psql(
        "create table g (id bigint primary key); create table p (n text primary key, g bigint references g);
         create table c (id bigint primary key, n text references p);",
    );
    let copied = copy(&source.path(), &target, &["--orphans", "reject"]);
    assert_eq!((&copied.table("p")["rejected"], &copied.table("c")["rejected"]), (&1.into(), &1.into()));
    assert_eq!(target.psql("select string_agg(c::text, ' ') from c"), "(1,1)");
    assert_eq!(copied.objects("unbuilt"), Vec::<String>::new());
}

#[test]
fn a_row_is_no_orphan_while_one_of_those_that_it_refers_to_stays() {
    let source = Source::from_sql(
        "create table g (id integer primary key);
         create table p (id integer primary key, n text, g integer references g (id));
         create table c (id integer primary key, n text);
         insert into g values (1);
         insert into p values (1, 'one', 1), (2, 'one', 9), (3, 'two', 9), (4, 'two', 8);
         insert into c values (1, 'one'), (2, 'two');",
    );
    for policy in ["reject", "keep"] {
        let target = fresh_database();
        target.psql(
            "create table g (id bigint primary key);
             create table p (id bigint primary key, n text unique, g bigint references g);
             create table c (id bigint primary key, n text references p (n));",
        );
        let choice = format!("c.n={policy}");
        let copied = copy(&source.path(), &target, &["--orphans", "reject", "--orphans", &choice]);
        let kept = if policy == "keep" { "(1,one) (2,two)" } else { "(1,one)" };
        assert_eq!(target.psql("select string_agg(c::text, ' ' order by id) from c"), kept, "{policy}");
        let told = copied.objects("unbuilt");
        assert_eq!(told.len(), usize::from(policy == "keep"), "{told:?}");
    }
}

#[test]
fn what_is_written_on_a_reference_stays() {
    let existing = "create table p (id bigint primary key);
         create table c (id bigint primary key, p bigint constraint of_p references p);
         comment on constraint of_p on c is 'it''s 100 % ours';";
    for (rows, valid) in [("(1, 1)", "valid"), ("(1, 9)", "not valid")] {
        let source = Source::from_sql(&format!(
            "create table p (id integer primary key); create table c (id integer primary key, p integer);
             insert into p values (1); insert into c values {rows};"
        ));
        let target = fresh_database();
        target.psql(existing);
        copy(&source.path(), &target, &[]);
        assert_eq!(foreign_keys(&target), format!("of_p {valid} it's 100 % ours"));
    }
}

#[test]
fn the_partitions_of_a_table_are_emptied_with_it() {
    let source = Source::from_sql(
        "create table p (id integer primary key); create table c (id integer, p integer);
         insert into p values (1); insert into c values (1, 1), (11, 1);",
    );
    let target = fresh_database();
    target.psql(
        "create table p (id bigint primary key);
         create table c (id bigint, p bigint constraint of_p references p) partition by range (id);
         create table c1 partition of c for values from (0) to (10);
         create table c2 partition of c for values from (10) to (20) partition by range (id);
         create table c3 partition of c2 for values from (10) to (20);
         insert into p values (7); insert into c values (3, 7), (13, 7);",
    );
    copy(&source.path(), &target, &["--on-nonempty", "truncate"]).whole();
    assert_eq!(target.psql("select string_agg(c::text, ' ' order by id) from c"), "(1,1) (11,1)");
    assert_eq!(foreign_keys(&target), "of_p valid");
}

#[test]
fn kept_orphans_are_named_as_they_are_when_their_number_is_another_s_by_chance() {
    // The second has no parent and is too long to arrive; the first one's parent is.
    let source = Source::from_sql(
        "create table p (id integer primary key, v text);
         create table c (id integer primary key, p integer references p (id), v text);
         insert into p values (1, 'a'), (2, 'too long');
         insert into c values (1, 1, 'a'), (2, 2, 'b'), (3, 77, 'too long');",
    );
    let target = fresh_database();
    target.psql(
        "create table p (id bigint primary key, v varchar(3));
         create table c (id bigint primary key, p bigint references p, v varchar(3));",
    );
    let told = unbuilt(&copy(&source.path(), &target, &[]));
    assert!(told.contains("1 row refers") && told.contains("such as those with (\"id\") (2)"), "{told}");
    assert!(!told.contains("rowid 3"), "{told}");
}
