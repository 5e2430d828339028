//! Names: kept exactly, quoted, shortened to what PostgreSQL keeps, and never taken for each other.

use crate::support::{Source, copy, fresh_database, stopped, verify};

#[test]
fn every_character_of_a_name_is_kept() {
    let names = [
        "order by",
        "user",
        "Étage",
        "say \"hi\"",
        "a.b",
        "select",
        "it's",
        "back\\slash",
        "%s",
        "CamelCase",
        "naïve 表",
        "pg_class",
    ];
    let sql: Vec<String> = names
        .iter()
        .map(|name| {
            let quoted = name.replace('"', "\"\"");
            format!("create table \"{quoted}\" (id integer primary key, \"{quoted}\" text); insert into \"{quoted}\" values (1, 'x');
                     create index \"on {quoted}\" on \"{quoted}\" (\"{quoted}\");")
        })
        .collect();
    let source = Source::from_sql(&sql.concat());
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    for name in names {
        let (quoted, text) = (name.replace('"', "\"\""), name.replace('\'', "''"));
        assert_eq!(target.psql(&format!("select \"{quoted}\" from public.\"{quoted}\" where id = 1")), "x", "{name}");
        let indexes = target
            .psql(&format!("select count(*) from pg_indexes where tablename = '{text}' and indexname = 'on {text}'"));
        assert_eq!(indexes, "1", "{name}");
    }
}

#[test]
fn columns_may_be_named_with_words_of_sql_and_of_the_server() {
    let source = Source::from_sql(
        "create table t (\"select\" integer, ctid text, xmin text, tableoid text, MixedCase text, \"with space\" text, oid text,
           \"user\" text, unique (ctid));
         insert into t values (1, 'c', 'x', 't', 'm', 'w', 'o', 'u');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    copied.whole();
    let row = target.psql("select * from t");
    assert_eq!(row, "1|c|x|t|m|w|o|u");
    let notices = copied.report["notices"].to_string();
    assert!(notices.contains("column t.ctid is named ctid_"), "{notices}");
}

#[test]
fn a_column_that_gets_another_name_takes_nobody_s() {
    let source = Source::from_sql(
        "create table t (id integer primary key, ctid text, ctid_ text); insert into t values (1, 'a', 'b');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select count(*) from t where ctid_ = 'b'"), "1");
}

#[test]
fn a_name_that_is_too_long_is_shortened_and_told_and_its_references_follow() {
    let long = format!("t{}", "x".repeat(69));
    let (one, other) = (format!("{}one", "é".repeat(40)), format!("{}other", "é".repeat(40)));
    let column = format!("c{}", "y".repeat(80));
    let source = Source::from_sql(&format!(
        "create table {long} (id integer primary key, {column} text unique);
         create table \"{one}\" (id integer primary key, p integer references {long} (id), c text references {long} ({column}));
         create table \"{other}\" (id integer primary key);
         create index \"i{one}\" on \"{one}\" (p); create index \"i{other}\" on \"{one}\" (c);
         insert into {long} values (1, 'x'); insert into \"{one}\" values (1, 1, 'x'); insert into \"{other}\" values (1), (2);"
    ));
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    copied.whole();
    let named = |name: &str| copied.table(name)["target"].as_str().expect("it is in the target").to_owned();
    assert!(named(&long).len() <= 63 && named(&long).starts_with("txxx"));
    assert_ne!(named(&one), named(&other));
    for (name, rows) in [(&long, "1"), (&one, "1"), (&other, "2")] {
        assert_eq!(target.psql(&format!("select count(*) from \"{}\"", named(name))), rows);
        let notice = format!("table {name} is named {} in the target", named(name));
        assert!(copied.report["notices"].to_string().contains(&notice), "{}", copied.report["notices"]);
    }
    assert_eq!(target.psql("select count(*) from pg_constraint where contype = 'f' and convalidated and connamespace = 'public'::regnamespace"), "2");
    assert_eq!(target.psql("select count(*) from pg_indexes where indexname like 'ié%'"), "2");
    // The name is the same every time: a second copy finds the table.
    let again = stopped(&source.path(), &target, &[]);
    assert!(again.contains(&named(&long)), "{again}");
}

#[test]
fn names_of_keys_and_indexes_do_not_push_each_other_out() {
    let source = Source::from_sql(
        "create table t (id integer constraint k primary key, a text constraint u unique);
         create table s (id integer constraint k primary key, a text constraint u unique, b text constraint t_pkey unique);
         create index s_pkey on t (a);
         insert into t values (1, 'a'); insert into s values (1, 'a', 'b');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select count(*) from pg_indexes where schemaname = 'public'"), "6");
}

#[test]
fn a_table_is_found_in_the_target_when_only_its_case_differs() {
    let source = Source::from_sql(
        "create table Person (Id integer primary key, FullName text); insert into Person values (1, 'Ann');",
    );
    let target = fresh_database();
    target.psql("create table person (id bigint primary key, fullname text)");
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.whole().table("Person")["target"], "person");
    assert_eq!(target.psql("select id, fullname from person"), "1|Ann");
}

#[test]
fn two_tables_of_the_target_that_differ_in_case_are_two() {
    let source = Source::from_sql("create table Person (id integer primary key); insert into Person values (1);");
    let target = fresh_database();
    target.psql("create table \"Person\" (id bigint primary key); create table person (id bigint primary key)");
    assert_eq!(copy(&source.path(), &target, &[]).whole().table("Person")["target"], "Person");
    assert_eq!(target.psql("select (select count(*) from \"Person\"), (select count(*) from person)"), "1|0");

    // Neither is meant when both differ: the source's own is created beside them.
    let source = Source::from_sql("create table PERSON (id integer primary key); insert into PERSON values (2);");
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.whole().table("PERSON")["created"], true);
    assert_eq!(target.psql("select id from \"PERSON\""), "2");
}

#[test]
fn empty_names_become_words() {
    let source = Source::from_sql(
        "create table \"\" (\"\" integer primary key, a text); create index \"i\" on \"\" (\"\", a);
         insert into \"\" values (1, 'x'), (2, null);",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select sum(unnamed_e3b0c442), max(a) from unnamed_e3b0c442"), "3|x");
    assert_eq!(verify(&source.path(), &target).0, 0);
}
