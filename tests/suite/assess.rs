//! An assessment says beforehand what a copy comes to, and changes nothing.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Database, Source, copy, fixture, fresh_database, strait};

fn assess(source: &Path, target: Option<&Database>, flags: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["assess", source.to_str().expect("the path is UTF-8")];
    arguments.extend(target.map(Database::url));
    arguments.extend(["--format", "json", "--quiet"]);
    arguments.extend(flags);
    let run = strait(&arguments);
    let told = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {}", run.stderr));
    (run.status, told)
}

fn table<'t>(told: &'t Value, name: &str) -> &'t Value {
    let tables = told["tables"].as_array().expect("the tables are a list");
    tables.iter().find(|table| table["name"] == name).unwrap_or_else(|| panic!("no table {name} in {told:#}"))
}

/// Every finding as `kind place rows examples`.
fn findings(told: &Value) -> Vec<String> {
    let findings = told["findings"].as_array().expect("the findings are a list");
    let word = |one: &Value| {
        let text = |field: &str| one[field].as_str().expect("it is text").to_owned();
        format!("{} {} {} {}", text("kind"), text("place"), one["rows"], one["examples"])
    };
    findings.iter().map(word).collect()
}

#[test]
fn what_is_foreseen_is_what_a_copy_comes_to() {
    let source = Source::from_sql(
        "create table item (id integer primary key, n integer, doc text, flag integer, name text);
         insert into item values (1, 5, '{\"a\":1}', 1, 'x'), (2, 'x', '{}', 0, 'y'), (3, '7', '[1]', 1, 'z'),
           (4, 1, '{bad', 0, 'a'), (5, 99999999999, '{}', 1, 'b'), (6, 1, '{}', 2, 'c'), (7, 2, '{\"a\":1,\"a\":2}', 0, 12);",
    );
    let target = fresh_database();
    target.psql("create table item (id bigint primary key, n integer, doc jsonb, flag boolean, name text)");
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    let foreseen = table(&told, "item");
    let count = |field: &str| foreseen[field].as_u64().expect("it is a number");
    assert_eq!((status, &told["ready"]), (1, &false.into()), "{told:#}");
    assert_eq!((count("rows"), count("read"), count("exact"), count("normalised"), count("rejected")), (7, 7, 2, 1, 4));
    assert_eq!(
        foreseen["columns"][1]["stores"],
        serde_json::json!({"null": 0, "integer": 6, "real": 0, "text": 1, "blob": 0})
    );
    assert_eq!(target.psql("select count(*) from item"), "0");

    let copied = copy(&source.path(), &target, &[]);
    let came = copied.table("item");
    assert_eq!((&came["rejected"], &came["reasons"]), (&foreseen["rejected"], &foreseen["reasons"]));
    let rules = |columns: &Value| {
        let columns = columns.as_array().expect("the columns are a list").clone();
        let with_rules = columns.into_iter().filter(|column| column["rules"] != serde_json::json!({}));
        with_rules.map(|column| (column["name"].clone(), column["rules"].clone())).collect::<Vec<_>>()
    };
    let mut foreseen = rules(&foreseen["columns"]);
    // A row that is set aside changes nothing, so its rules do not count there either.
    foreseen.retain(|(_, rules)| !rules.is_null());
    assert_eq!(rules(&came["columns"]), foreseen);
}

#[test]
fn both_real_databases_are_ready_and_nothing_of_the_target_changes() {
    for name in ["open-webui-0.5.11.db", "open-webui-0.12.4.db"] {
        let target = fresh_database();
        let before = target.psql("select count(*) from pg_class");
        let (status, told) = assess(&fixture(name), Some(&target), &[]);
        assert_eq!((status, &told["ready"]), (0, &true.into()), "{told:#}");
        assert_eq!(target.psql("select count(*) from pg_class"), before);
        let (alone, without) = assess(&fixture(name), None, &[]);
        assert_eq!((alone, &without["tables"]), (0, &told["tables"]));
    }
    let (status, told) = assess(&fixture("open-webui-0.5.11.db"), None, &["--system", "open-webui"]);
    assert_eq!((status, &told["decisions"]), (0, &serde_json::json!([])), "{told:#}");
}

#[test]
fn rows_that_stand_in_the_way_of_keys_and_references_are_named() {
    let source = Source::from_sql(
        "create table parent (id integer primary key, code text, t text);
         create table child (id integer primary key, pid integer references parent, pcode text references parent (code),
           wrong integer references tag (name));
         create table tag (name text primary key, note text);
         create unique index note on tag (note);
         insert into parent values (1, 'a', 'x'), (2, 'a', 'x');
         insert into child values (1, 1, 'a', 1), (2, 99, null, null), (3, null, 'a', null), (4, 98, 'a', null);
         insert into tag values (null, 'n'), (null, 'm'), ('long', printf('%.3000c', 'z'));",
    );
    let (status, told) = assess(&source.path(), None, &[]);
    assert_eq!(status, 1);
    assert_eq!(
        findings(&told),
        [
            r#"too long for an index tag.note 1 ["rowid 3"]"#,
            r#"orphans child.pid 2 ["rowid 2","rowid 4"]"#,
            "foreign key child.pcode null []",
            "foreign key child.wrong null []",
        ],
        "{told:#}"
    );
    let left_out: Vec<&Value> =
        told["left_out"].as_array().expect("it is a list").iter().map(|one| &one["kind"]).collect();
    assert!(left_out.contains(&&Value::from("primary key")), "{told:#}");

    let target = fresh_database();
    target.psql(
        "create table parent (id bigint primary key, code text unique, t text not null);
         create table child (id bigint primary key, pid bigint not null references parent, pcode text, wrong bigint);
         create table tag (name text primary key, note text)",
    );
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    assert_eq!(status, 1);
    assert_eq!(
        findings(&told),
        [
            r#"double keys parent.code 1 ["rowid 2"]"#,
            r#"null where a value is needed tag.name 2 ["rowid 1","rowid 2"]"#,
            r#"null where a value is needed child.pid 1 ["rowid 3"]"#,
            r#"orphans child.pid 2 ["rowid 2","rowid 4"]"#,
        ],
        "{told:#}"
    );
}

#[test]
fn what_needs_a_decision_is_named_with_what_to_do() {
    let source = Source::from_sql("create table t (id integer primary key, extra text); insert into t values (1, 'x')");
    let target = fresh_database();
    target.psql("create table t (id bigint primary key); insert into t values (7)");
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    let decisions: Vec<&str> =
        told["decisions"].as_array().expect("it is a list").iter().filter_map(Value::as_str).collect();
    assert_eq!((status, decisions.len()), (1, 2), "{told:#}");
    assert!(
        decisions[0].contains("--extra-columns") && decisions[1].contains("--on-nonempty truncate"),
        "{decisions:?}"
    );
    let (status, told) =
        assess(&source.path(), Some(&target), &["--extra-columns", "add", "--on-nonempty", "truncate"]);
    assert_eq!((status, &told["ready"]), (0, &true.into()), "{told:#}");
    assert_eq!(target.psql("select id from t"), "7");
}

#[test]
fn what_only_the_server_judges_is_named() {
    let source = Source::from_sql(
        "create table t (id text primary key, n integer, parent integer); insert into t values (12, 1, null), ('13', 2, null)",
    );
    let target = fresh_database();
    target.psql(
        "create table other (id bigint primary key);
         create table t (id bigint primary key, n integer check (n < 2), parent bigint references other);
         create unique index one on t (n) where n > 1",
    );
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    assert_eq!(
        (status, &told["unchecked"]),
        (
            0,
            &serde_json::json!([
                "table t: 1 check of the target",
                "table t: unique index one, which is partial or over expressions",
                "table t: (parent) refers to other, which is not copied",
            ])
        ),
        "{told:#}"
    );
    let text = strait(&["assess", source.path().to_str().expect("the path is UTF-8"), target.url()]);
    assert!(text.stdout.ends_with("Ready, but for what is not looked at.\n"), "{}", text.stdout);
    assert!(text.stdout.contains("`pg_dump --schema-only`"), "{}", text.stdout);

    // Without a target a rehearsal makes the same tables, and their conditions with them.
    let source = Source::from_sql(
        "create table t (id integer primary key, n integer check (n < 2)); insert into t values (1, 1)",
    );
    let text = strait(&["assess", source.path().to_str().expect("the path is UTF-8")]);
    assert!(
        text.stdout.contains("table t: 1 check of the target") && text.stdout.contains("`strait rehearse`"),
        "{}",
        text.stdout
    );
}

#[test]
fn keys_that_a_cast_makes_equal_are_found() {
    let source = Source::from_sql(
        "create table t (k unique, v text); insert into t values (2020, 'number'), ('2020', 'text'), ('x', ''), (null, '');
         create table u (id text primary key) without rowid;
         insert into u values ('0b0e1a52-7c1d-4e0b-9c53-0242ac130002'), ('{0B0E1A52-7C1D-4E0B-9C53-0242AC130002}'),
                              ('11111111-1111-1111-1111-111111111111');
         create table price (amount text unique);
         insert into price values ('1.0'), ('1.00'), ('2.0');
         create table fine (n unique); insert into fine values (1), ('2'), ('03');",
    );
    let target = fresh_database();
    target.psql("create table u (id uuid primary key); create table price (amount numeric unique)");
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    let findings = told["findings"].as_array().expect("it is a list");
    let mut found: Vec<(&Value, &Value, &Value)> =
        findings.iter().map(|one| (&one["kind"], &one["place"], &one["rows"])).collect();
    found.sort_by_key(|(_, place, _)| place.to_string());
    let (kind, one, places) = (json!("double keys"), json!(1), ["price.amount", "t.k", "u.id"].map(Value::from));
    let expected: Vec<(&Value, &Value, &Value)> = places.iter().map(|place| (&kind, place, &one)).collect();
    assert_eq!(found, expected, "{told:#}");
    assert_eq!((status, &told["ready"], &told["unchecked"]), (1, &json!(false), &json!([])), "{told:#}");
    let of_t = findings.iter().find(|one| one["place"] == "t.k").expect("it is found");
    assert_eq!(of_t["examples"], json!(["rowid 2"]));

    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.status, 1, "{:#}", copied.report);
    let (status, told) = assess(&source.path(), Some(&fresh_database()), &["--sample", "2"]);
    let unchecked = told["unchecked"].to_string();
    assert!(unchecked.contains("whether values of the key (k) are equal"), "{status} {told:#}");
}

#[test]
fn a_sample_says_that_it_is_one_and_comes_from_all_over_the_table() {
    let source = Source::from_sql(
        "create table item (id integer primary key, n integer);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
         insert into item select i, iif(i > 4500, 'late', i) from n;",
    );
    let target = fresh_database();
    target.psql("create table item (id bigint primary key, n integer)");
    let (status, told) = assess(&source.path(), Some(&target), &["--sample", "100"]);
    let item = table(&told, "item");
    assert_eq!(
        (status, &told["sample"], &item["rows"], &item["read"]),
        (1, &"100 rows".into(), &5000.into(), &100.into())
    );
    assert_eq!(item["rejected"], 10, "a tenth of the table is bad, and of the sample");
    let text = strait(&["assess", source.path().to_str().expect("the path is UTF-8"), target.url(), "--sample", "100"]);
    assert!(text.stdout.contains("At most 100 rows of each table were read"), "{}", text.stdout);
}

#[test]
fn a_sample_reads_as_many_rows_as_it_says_whatever_gaps_their_numbers_have() {
    let source = Source::from_sql(
        "create table item (id integer primary key, n integer);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)
         insert into item select i, i from n;
         insert into item values (1000000000, 1);",
    );
    for (sample, read) in [("50%", 5001), ("1000", 1000)] {
        let (_, told) = assess(&source.path(), None, &["--sample", sample]);
        assert_eq!(table(&told, "item")["read"], read, "{sample}");
    }
}

#[test]
fn every_column_says_what_it_holds_and_why_it_has_its_type() {
    let source = Source::from_sql(
        "create table log (id integer primary key, created_at integer, at datetime, day datetime, v varchar(3), r real,
           doc text);
         insert into log values (1, 1600000000, '2020-01-01 10:00:00', 2460000.5, 'abc', 0.5, '{}'),
           (2, 1700000000, '2023-05-05 10:00:00', 2460366.5, 'abcdé', 2.0, '[1]');",
    );
    let (_, told) = assess(&source.path(), None, &[]);
    let columns = table(&told, "log")["columns"].as_array().expect("the columns are a list").clone();
    let lines: Vec<String> = columns
        .iter()
        .map(|column| {
            let text = |field: &str| column[field].as_str().expect("it is text").to_owned();
            format!("{} {}: {}; {}", text("name"), text("becomes"), text("holds"), text("why"))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "id bigint: integers 1..2; it numbers the rows",
            "created_at bigint: integers 1600000000..1700000000, as seconds 2020–2023; as declared, and every value fits; \
             --column 'log.created_at=timestamptz' makes them times",
            "at timestamp: texts that are dates and times without a zone 2020–2023; as declared, and every \
             value fits",
            "day double precision: reals 2460000.5..2460366.5, as julian days 2023–2024; kept as numbers, since not every value \
             is one of datetime; --column 'log.day=timestamptz' --unit 'log.day=julian' makes them times",
            "v text: texts of up to 5 characters (6 bytes); not every value fits varchar(3)",
            "r double precision: reals 0.5..2.0; as declared, and every value fits",
            "doc text: JSON documents of up to 3 bytes; as declared, and every value fits; --column 'log.doc=json' makes them \
             documents",
        ]
    );
    assert_eq!(
        columns[1]["profile"],
        serde_json::json!({
            "integers": [1_600_000_000, 1_700_000_000],
            "epochs": {"s": {"values": 2, "first": 2020, "last": 2023}}
        })
    );
}

#[test]
fn a_sample_of_a_percentage_reads_and_chooses_from_so_much() {
    let source = Source::from_sql(
        "create table item (id integer primary key, n integer);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
         insert into item select i, iif(i = 7, 'late', i) from n;",
    );
    let (_, told) = assess(&source.path(), None, &["--sample", "1%"]);
    let item = table(&told, "item");
    assert_eq!((&told["sample"], &item["read"]), (&"1%".into(), &10.into()));
    assert_eq!(
        (&item["columns"][1]["becomes"], &item["columns"][1]["stores"]["integer"]),
        (&"bigint".into(), &10.into())
    );
    let text = strait(&["assess", source.path().to_str().expect("the path is UTF-8"), "--sample", "1%"]);
    assert!(text.stdout.contains("About 1% of each table were read"), "{}", text.stdout);
    assert!(text.stdout.ends_with("Ready, as far as a sample shows.\n"), "{}", text.stdout);
    let (_, told) = assess(&source.path(), None, &[]);
    assert_eq!(table(&told, "item")["columns"][1]["becomes"], "text", "all rows are read without one");
}

#[test]
fn a_statement_for_postgresql_that_fails_is_foretold_where_a_copy_would_stop_for_it() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n int); insert into t values (1, 2); create table u (a int)",
    );
    let file = source.path().with_file_name("own.sql");
    let path = file.to_str().expect("the path is UTF-8");
    let write = |words: &str| {
        let table = "-- strait schema 1\ncreate table t (id bigint primary key, n int);\n";
        std::fs::write(&file, format!("{table}-- only: postgres\n{words}\n-- end\n")).expect("the file can be written");
    };
    write("create index own on t (missing);");
    let target = fresh_database();
    let (status, told) = assess(&source.path(), Some(&target), &["--schema", path]);
    let decisions = told["decisions"].as_array().expect("the decisions are a list");
    let foretold = decisions.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
    assert!(status == 1 && foretold.contains("own.sql fails already on tables without rows"), "{told:#}");
    assert!(foretold.contains("missing"), "{foretold}");
    let objects = "select count(*) from pg_class where relnamespace = 'public'::regnamespace";
    let schemas = "select count(*) from pg_namespace where nspname = 'strait'";
    assert_eq!((target.psql(objects), target.psql(schemas)), ("0".into(), "0".into()), "all of it was taken back");
    let stopped = strait(&["copy", source.path().to_str().expect("UTF-8"), target.url(), "--schema", path, "--quiet"]);
    assert!(
        stopped.status == 2 && stopped.stderr.contains("fails already on tables without rows"),
        "{}",
        stopped.stderr
    );

    let untried = |told: &Value| {
        let lines = told["unchecked"].as_array().expect("it is a list").clone();
        lines.iter().filter_map(Value::as_str).find(|line| line.contains("PostgreSQL alone")).map(str::to_owned)
    };
    let (_, alone) = assess(&source.path(), None, &["--schema", path]);
    assert_eq!(untried(&alone).as_deref(), Some("1 statement for PostgreSQL alone, tried only with a target"));

    write("create index own on t (n);");
    let (status, told) = assess(&source.path(), Some(&target), &["--schema", path]);
    assert_eq!((status, untried(&told), target.psql(objects)), (0, None, "0".into()), "{told:#}");

    target.psql("create table u (a int)");
    let (_, told) = assess(&source.path(), Some(&target), &["--schema", path, "--extra-tables", "create"]);
    assert!(untried(&told).is_some_and(|line| line.contains("when a copy begins")), "{told:#}");
}

#[test]
fn rows_that_are_set_aside_stand_in_the_sums() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a integer, u text, j text);
         insert into t values (1, 1, 'x', '{}'), (2, null, 'y', '{}'), (3, 3, 'x', '{}'), (4, 'no', 'z', '{}');
         insert into t values (5, 5, 'v', replace(hex(zeroblob(20000)), '00', '[') || replace(hex(zeroblob(20000)), '00', ']'));",
    );
    let target = fresh_database();
    target.psql(
        "create type mood as enum ('x', 'y', 'z', 'v');
         create table t (id bigint primary key, a integer not null, u mood unique, j json)",
    );
    let (status, told) = assess(&source.path(), Some(&target), &[]);
    let t = table(&told, "t");
    assert_eq!((status, &t["rejected"], &t["exact"]), (1, &2.into(), &3.into()), "{told:#}");
    assert_eq!(t["columns"][2]["becomes"], "mood");
    let reasons = t["reasons"].to_string();
    assert!(reasons.contains("a NULL where the target must have a value"), "{reasons}");
    let found = findings(&told);
    for said in [
        r#"deep documents t.j 1 ["rowid 5"]"#,
        r#"double keys t.u 1 ["rowid 3"]"#,
        "null where a value is needed t.a 1",
    ] {
        assert!(found.iter().any(|one| one.starts_with(said)), "{said}: {found:#?}");
    }
    let text = strait(&["assess", source.path().to_str().expect("the path is UTF-8"), target.url()]);
    assert!(text.stdout.contains("Up to 1 more would be set aside for double keys"), "{}", text.stdout);
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, &copied.table("t")["rejected"]), (1, &4.into()), "{:#}", copied.report);
}

#[test]
fn json_in_a_key_is_refused_before_anything_moves() {
    let source = Source::from_sql(
        "create table t (id integer primary key, j text unique, k text); insert into t values (1, '{}', '{}')",
    );
    let (status, told) = assess(&source.path(), None, &[]);
    let why = |at: usize| table(&told, "t")["columns"][at]["why"].to_string();
    assert!(status == 0 && !why(1).contains("=json") && why(2).contains("'t.k=json' makes them documents"), "{told:#}");
    for flags in [["--column", "t.j=json"], ["--column", "t.*=json"]] {
        let (status, told) = assess(&source.path(), Some(&fresh_database()), &flags);
        let decisions = told["decisions"].to_string();
        assert!(status == 1 && decisions.contains("column t.j is part of a key"), "{decisions}");
    }
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let path = file.path().to_str().expect("the path is UTF-8");
    for declared in ["j json unique", "j json, key (j)", "j json primary key"] {
        let declared = declared.replace(", key (j)", "); create index on_j on u (j");
        std::fs::write(file.path(), format!("-- strait schema 1\ncreate table u ({declared});"))
            .expect("the file can be written");
        let (status, told) = assess(&source.path(), Some(&fresh_database()), &["--schema", path]);
        let decisions = told["decisions"].to_string();
        assert!(status == 1 && decisions.contains("column u.j of schema file"), "{declared}: {told:#}");
    }
}

#[test]
fn a_reference_between_times_that_are_read_otherwise_is_not_looked_at() {
    let source = Source::from_sql(
        "create table p (at datetime primary key); create table c (id integer primary key, at datetime references p (at));
         insert into p values ('2024-01-01 10:00:00'); insert into c values (1, '2024-01-01 10:00:00');",
    );
    let flags = ["--column", "*.at=timestamptz", "--zone", "c.at=Europe/Berlin"];
    let (_, told) = assess(&source.path(), None, &flags);
    assert!(told["unchecked"].to_string().contains("whether (at) refers to rows of p"), "{told:#}");
    let (_, told) = assess(&source.path(), None, &["--column", "*.at=timestamptz", "--zone", "*.at=Europe/Berlin"]);
    assert_eq!(told["unchecked"], json!([]), "{told:#}");
}

#[test]
fn an_offer_that_comes_from_a_sample_names_no_unit() {
    let source = Source::from_sql(
        "create table t (id integer primary key, s datetime, r datetime);
         insert into t values (1, 1700000000, 1700000000.25), (2, 1700000000, 1700000000.25), (3, 1700000000000, 1700000000000.25);",
    );
    let (_, told) = assess(&source.path(), None, &["--sample", "1"]);
    let columns = &table(&told, "t")["columns"];
    let why = |at: usize| columns[at]["why"].as_str().expect("it is text");
    assert!(why(1).contains("--column 't.s=timestamptz' makes them times") && !why(1).contains("--unit"), "{}", why(1));
    assert!(!why(2).contains("--unit"), "{}", why(2));
}
