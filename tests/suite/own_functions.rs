//! Functions that only the application has: what a source computes by them, asks of rows or orders by, and how all else
//! crosses.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde_json::Value;

use crate::support::{Database, Source, copy, fresh_database, stopped, strait, verify, verify_with};

/// Everything in a table that can call a function.
const EVERYWHERE: &str = "
    create table v (id integer primary key, a text, n int check (fold(a) is not null), d text default (fold('X')),
      f text as (fold(a)) virtual unique, g int as (length(fold(a)) + 1), s text as (fold(a) || '!') stored);
    create index own on v (fold(a)); create index part on v (n) where fold(a) = 'x'; create index plain on v (n);
    create table c (id integer primary key, f text references v (f));
    create view w as select id, f from v; create view z as select id, n from v;
    insert into v (a, n) values ('A', 1), ('B', 2); insert into c (f) values ('a'), ('b');";

/// A database as the application makes it, whose `fold` makes letters small.
fn made_by_the_application(sql: &str) -> Source {
    let source = Source::from_sql("select 1");
    let connection = source.connect();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection
        .create_scalar_function("fold", 1, flags, |call| {
            Ok(call.get::<Option<String>>(0)?.map(|text| text.to_lowercase()))
        })
        .expect("a function can be made");
    connection.execute_batch(sql).expect("the SQL makes a database");
    source
}

fn path(source: &Source) -> String {
    source.path().to_str().expect("the path is UTF-8").to_owned()
}

fn assert_holds(lines: &[String], words: &[&str]) {
    for word in words {
        assert!(lines.iter().any(|line| line.contains(word)), "{word}: {lines:#?}");
    }
}

#[test]
fn a_column_that_only_the_application_can_compute_is_told_before_anything_moves() {
    let (source, target) = (made_by_the_application(EVERYWHERE), fresh_database());
    let wanted = |column: &str| {
        format!(
            "column v.{column} is computed by fold(), a function of the application, whenever it is read, and cannot be read \
             without it; leave the column out (--exclude 'v.{column}')"
        )
    };
    let said = stopped(&source.path(), &target, &[]);
    assert!(said.contains(&wanted("f")) && said.contains(&wanted("g")) && !said.contains("v.s"), "{said}");
    assert_eq!(target.psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
    for place in [vec![], vec![target.url()]] {
        let path = path(&source);
        let run = strait(&[vec!["assess", path.as_str(), "--format", "json", "--quiet"], place].concat());
        let told: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        assert_eq!((run.status, &told["decisions"]), (1, &serde_json::json!([wanted("f"), wanted("g")])), "{told:#}");
        assert_eq!(told["tables"].as_array().map(Vec::len), Some(2), "the rest is assessed all the same");
    }
}

#[test]
fn all_other_columns_cross_when_it_is_left_out() {
    let (source, target) = (made_by_the_application(EVERYWHERE), fresh_database());
    let flags = ["--exclude", "v.F", "--exclude", "v.g"];
    let copied = copy(&source.path(), &target, &flags);
    let left_out = copied.whole().objects("left_out");
    assert_holds(
        &left_out,
        &[
            "column v.f: left out by request; fold(), a function of the application, computes it",
            "column v.g: left out by request",
            "foreign key c.f: column v.f is left out",
            "unique v.f: a column of it is left out",
            "generated column v.s: its values are copied; PostgreSQL does not compute them: the function fold",
            "check v: fold(a) IS NOT NULL: the function fold",
            "default v.d: ",
            "index v.own: the function fold",
            "index v.part: the function fold",
            "view w: ",
        ],
    );
    assert_eq!(target.psql("select id, a, n, d, s from v order by id"), "1|A|1|x|a!\n2|B|2|x|b!");
    assert_eq!(target.psql("select string_agg(f, ',' order by id) from c"), "a,b");
    assert_eq!(target.psql("select count(*) from z"), "2");
    assert_eq!(target.psql("select string_agg(indexname, ',') from pg_indexes where indexname = 'plain'"), "plain");
    assert_eq!(verify_with(&source.path(), &target, &flags).0, 0);
    let alone = verify_with(&source.path(), &target, &["--table", "c"]);
    assert_eq!((alone.0, &alone.1["left_out"]), (0, &serde_json::json!([])), "{:#}", alone.1);
    let run = strait(&["verify", &path(&source), target.url()]);
    assert!(run.status == 2 && run.stderr.contains("leave the column out (--exclude 'v.f')"), "{}", run.stderr);
}

#[test]
fn a_table_that_is_left_out_needs_no_word_for_its_columns() {
    let (source, target) = (made_by_the_application(EVERYWHERE), fresh_database());
    let copied = copy(&source.path(), &target, &["--exclude", "v"]);
    assert_eq!(
        (copied.whole().table("v")["skipped"].as_u64(), copied.table("c")["exact"].as_u64()),
        (Some(2), Some(2))
    );
    assert!(!copied.objects("left_out").iter().any(|line| line.starts_with("column")), "{:#}", copied.report);
}

#[test]
fn a_column_can_be_left_out_for_any_reason_and_a_retry_leaves_it_out_too() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n, secret text, \"a.b\" text, unique (secret));
         insert into t values (1, 1, 'x', 'p'), (2, 'two', 'y', 'q'), (3, 3, null, 'r')",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, n int, secret text default 'none', \"a.b\" text)");
    let flags = ["--exclude", "t.secret", "--exclude", "t.a.b"];
    let copied = copy(&source.path(), &target, &flags);
    assert_eq!((copied.status, copied.table("t")["rejected"].as_u64()), (1, Some(1)));
    assert_holds(
        &copied.objects("left_out"),
        &["column t.secret: 2 values left out by request", "column t.a.b: 3 values left out by request"],
    );
    source.connect().execute_batch("update t set n = 2 where id = 2").expect("it can be mended");
    let run = strait(&["rejects", "retry", &path(&source), target.url(), "--format", "json", "--quiet"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(target.psql("select id, n, secret, \"a.b\" from t order by id"), "1|1|none|\n2|2|none|\n3|3|none|");
    assert_eq!((verify_with(&source.path(), &target, &flags).0, verify(&source.path(), &target).0), (0, 1));
}

#[test]
fn what_cannot_be_left_out_is_told() {
    let source = Source::from_sql("create table t (id integer primary key, n int); create table u (a text)");
    let target = fresh_database();
    let said = |name: &str| stopped(&source.path(), &target, &["--exclude", name]);
    assert!(said("t.id").contains("--exclude t.id: rows are known by their primary key"));
    assert!(said("u.a").contains("leaves no column of u; exclude the table (--exclude 'u')"));
    assert!(said("t.m").contains("--exclude t.m: the source has no such table, and no such column"));
}

#[test]
fn a_rule_that_calls_a_function_of_the_application_hides_no_damage() {
    let rows: String = (1..=20).map(|row| format!("insert into t values ({row}, 'A{row}');")).collect();
    let source = made_by_the_application(&format!(
        "create table t (id integer primary key, a text check (fold(a) <> a)); {rows}"
    ));
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    let number = |connection: &Connection, sql: &str| {
        let number: i64 = connection.query_row(sql, [], |row| row.get(0)).expect("a number");
        usize::try_from(number).expect("it fits")
    };
    let connection = source.connect();
    let root = number(&connection, "select rootpage from sqlite_schema where name = 't'");
    let size = number(&connection, "pragma page_size");
    drop(connection);
    let mut bytes = std::fs::read(source.path()).expect("the file can be read");
    // How many cells the page has: every count of rows and every read agree on the wrong number.
    let at = (root - 1) * size + 3;
    assert_eq!(bytes[at..at + 2], [0, 20]);
    bytes[at + 1] = 19;
    std::fs::write(source.path(), bytes).expect("the file can be written");
    let said = stopped_by_damage(&source, &fresh_database());
    assert!(said.contains("is damaged: table t cannot be read whole"), "{said}");
}

fn stopped_by_damage(source: &Source, target: &Database) -> String {
    let run = strait(&["copy", &path(source), target.url(), "--quiet"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    run.stderr
}

#[test]
fn what_is_nested_deeper_than_sqlite_reads_is_told_and_no_crash() {
    let chain = |part: &str, glue: &str| vec![part; 20_000].join(glue);
    let texts = [
        ("t", format!("create table t (a int check ({}))", chain("a = 1", " or "))),
        ("t", format!("create table t (a int, g as ({}))", chain("a", " + "))),
        ("t", format!("create table t (a int default ({}))", chain("'x'", " || "))),
        ("i", format!("create index i on t (a) where {}", chain("a > 1", " and "))),
        ("v", format!("create view v as select {} from t", chain("a", " || "))),
        ("v", format!("create view v as select a{} from t", " collate nocase".repeat(20_000))),
        ("v", format!("create view v as select {}a{} from t", "(".repeat(20_000), ")".repeat(20_000))),
        ("v", format!("create view v as select a in ({}) from t", chain("1", ", "))),
        ("v", format!("create view v as {}", chain("select a from t", " union all "))),
    ];
    for (name, text) in texts {
        let source = Source::from_sql(
            "create table t (a int); create index i on t (a) where a > 1; create view v as select a from t;
             insert into t values (1);",
        );
        let written = "update sqlite_schema set sql = ?1 where name = ?2";
        let connection = source.connect();
        connection.execute_batch("pragma writable_schema = on").expect("the pragma is known");
        connection.execute(written, [text.as_str(), name]).expect("the text can be written");
        drop(connection);
        let target = fresh_database();
        let run = strait(&["copy", &path(&source), target.url(), "--quiet"]);
        let start = &text[..40];
        // SQLite reads none of the tables where it does not take the depth; where it does, the rows are there.
        match run.status {
            0 => assert_eq!(target.psql("select count(*) from t"), "1", "{start}"),
            2 => assert!(run.stderr.contains("more than a thousand levels"), "{start}: {}", run.stderr),
            status => panic!("{status} {start}: {}", run.stderr),
        }
    }
}
