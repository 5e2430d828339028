//! What each edit makes of a table's text and rows.

use rusqlite::Connection;
use strait::sqlite::alter::{Edit, Step, plan};

use crate::support::alter::{contents, database, pragma, run, strings, structure, text};

fn add(definition: &str) -> Edit {
    Edit::AddConstraint { definition: definition.into() }
}

fn drop(name: &str) -> Edit {
    Edit::DropConstraint { name: name.into() }
}

fn add_column(definition: &str) -> Edit {
    Edit::AddColumn { definition: definition.into() }
}

fn drop_column(name: &str) -> Edit {
    Edit::DropColumn { name: name.into() }
}

fn not_null(name: &str, nullable: bool) -> Edit {
    Edit::SetNotNull { name: name.into(), nullable }
}

fn default(name: &str, default: Option<&str>) -> Edit {
    Edit::SetDefault { name: name.into(), default: default.map(Into::into) }
}

fn set_type(name: &str, declared: &str, using: Option<&str>) -> Edit {
    Edit::SetType { name: name.into(), declared: declared.into(), using: using.map(Into::into) }
}

/// Holds an edit of table t to give a text, and to leave the rows of other tables alone.
fn gives(setup: &str, edits: &[Edit], expected: &str) -> Connection {
    let build = || {
        let connection = database(setup);
        let kin =
            "create table if not exists kin (p references t on delete cascade, q references t on delete set null)";
        connection.execute_batch(kin).expect("kin");
        connection.execute_batch("insert into kin values (1, 1)").expect("a row");
        connection
    };
    for foreign_keys in [false, true] {
        let connection = build();
        let ran = run(&connection, "T", edits, foreign_keys)
            .unwrap_or_else(|error| panic!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string)));
        assert_eq!(text(&connection, "t"), expected);
        assert_eq!(strings(&connection, "select p || q from kin"), ["11"]);
        let replayed = build();
        replayed.execute_batch(&ran.join(";\n")).expect("the statements run again");
        assert_eq!((structure(&replayed), contents(&replayed)), (structure(&connection), contents(&connection)));
    }
    let connection = build();
    run(&connection, "t", edits, true).expect("it worked before");
    connection
}

fn is_native(setup: &str, edit: &Edit) -> bool {
    let plan = plan(&database(setup), "t", std::slice::from_ref(edit)).expect("it can be planned");
    assert_eq!(plan.needs_foreign_keys_off, !matches!(plan.steps[..], [Step::Native(_)]));
    !plan.needs_foreign_keys_off
}

#[test]
fn sqlite_makes_the_edits_that_it_can_make_without_loss() {
    let table = "create table t (a int not null, b int references t deferrable, constraint c check (a > 0))";
    let rename = Edit::RenameColumn { name: "a".into(), to: "z".into() };
    let native = [
        not_null("a", true),
        not_null("b", false),
        add("check (a <> 7)"),
        drop("c"),
        add_column("d int default (-1)"),
        drop_column("b"),
        rename,
        Edit::RenameTable { to: "u".into() },
    ];
    for edit in native {
        assert!(is_native(table, &edit), "{edit:?}");
    }
    let rebuilt = [
        default("a", Some("1")),
        set_type("a", "text", None),
        add("unique (a)"),
        add("foreign key (a) references t"),
        add_column("d int unique"),
        add_column("d text default current_timestamp"),
        add_column("d int as (a) stored"),
        add_column("d int references t default 1"),
    ];
    for edit in rebuilt {
        assert!(!is_native(table, &edit), "{edit:?}");
    }
}

#[test]
fn sqlites_own_mistakes_are_not_made() {
    let deferred = "create table t (a int references t not deferrable initially deferred not null on conflict fail, b)";
    gives(deferred, &[not_null("a", true)], "CREATE TABLE t (a int references t not deferrable initially deferred, b)");
    let deferred = "create table t (a int references t not deferrable, b)";
    gives(deferred, &[not_null("a", false)], "CREATE TABLE t (a int references t not deferrable not null, b)");
    let set_default = "create table t (a int constraint f references t on delete set default default 3, b)";
    gives(set_default, &[drop("f")], "CREATE TABLE t (a int default 3, b)");
    let comment = "create table t (a int, -- the a, really\n b int, c int)";
    gives(comment, &[drop_column("b")], "CREATE TABLE t (a int, -- the a, really\n c int)");
    let comment = "create table t (a int, -- the a, really\n b int)";
    gives(comment, &[drop_column("b")], "CREATE TABLE t (a int -- the a, really\n )");
    let comment = "create table t (a int, constraint c check (a > 0) /* kept */)";
    gives(comment, &[drop("c")], "CREATE TABLE t (a int /* kept */)");
    let doubtful = "create table t (a text default \"x\" check (a <> \"y\"), b int, c int)";
    gives(doubtful, &[drop_column("b")], "CREATE TABLE t (a text default \"x\" check (a <> \"y\"), c int)");
}

#[test]
fn constraints_are_dropped_by_name_wherever_they_stand() {
    let table =
        "create table t (a int constraint \"A check\" check (a > 0)constraint aa unique, b int constraint nn not null,
        c constraint dd default 5 constraint f references absent deferrable initially deferred, constraint u unique (a, b)
        constraint pk primary key (a desc), constraint last check (b > 0)); create table kin (p, q)";
    let built = database(table);
    let whole = text(&built, "t");
    for (name, gone) in [
        ("a CHECK", " constraint \"A check\" check (a > 0)"),
        ("nn", " constraint nn not null"),
        ("dd", " constraint dd default 5"),
        ("f", " constraint f references absent deferrable initially deferred"),
        ("pk", "constraint pk primary key (a desc)"),
        ("last", ", constraint last check (b > 0)"),
    ] {
        let expected = whole.replace(gone, if name == "a CHECK" { " " } else { "" });
        gives(table, &[drop(name)], &expected);
    }
    gives(table, &[drop("u")], &whole.replace("constraint u unique (a, b)", ""));
    gives(table, &[drop("aa")], &whole.replace("constraint aa unique", ""));
}

#[test]
fn a_constraint_added_and_dropped_leaves_the_text_as_it_was() {
    for table in [
        "create table t (a int, b int)",
        "create table t(a int,b int -- b\n)",
        "create table t (a, b, check (a) /* x */ ) strict",
    ] {
        let table = table.replace("(a, b, check", "(a int, b int, check");
        let whole = text(&database(&table), "t");
        for definition in [
            "constraint x check (a > (0))",
            "constraint x unique (a, b)",
            "constraint x foreign key (a) references absent (b) on delete set default",
            "constraint x primary key (a)",
        ] {
            gives(&table, &[add(definition), default("a", Some("1")), default("a", None), drop("x")], &whole);
            let connection = database(&table);
            run(&connection, "t", &[add(definition)], true).expect("it is added");
            assert!(text(&connection, "t").contains(definition));
            run(&connection, "t", &[drop("x")], true).expect("it is dropped");
            assert_eq!(text(&connection, "t"), whole);
        }
    }
}

#[test]
fn a_column_added_and_dropped_leaves_the_text_as_it_was() {
    let table = "create table t (a int, b int default 3 /* b */, unique (a))";
    let whole = text(&database(table), "t");
    for definition in
        ["c", "\"c\" numeric(3, 2) not null default (1 + 1)", "c int unique", "c int as (a) stored", "c int as (a)"]
    {
        gives(table, &[add_column(definition)], &whole.replace(" /* b */", &format!(" /* b */, {definition}")));
        let connection = database(table);
        run(&connection, "t", &[add_column(definition)], true).expect("it is added");
        run(&connection, "t", &[drop_column("C")], true).expect("it is dropped");
        assert_eq!(text(&connection, "t"), whole);
    }
}

#[test]
fn columns_of_every_kind_are_added_to_rows_that_are_there() {
    let table = "create table t (id integer primary key, a int); insert into t values (1, 5), (2, 6)";
    for (definition, expected) in [
        ("c int default 4", "4"),
        ("c int not null default (2 + 2)", "4"),
        ("c int as (a - 1) virtual not null", "4"),
        ("c int generated always as (a - 1) stored", "4"),
        ("c int constraint four check (c < 5) default 4 collate nocase", "4"),
        ("c references t on delete cascade deferrable default 1", "1"),
        ("c text not null default (typeof(current_timestamp))", "text"),
        ("'c' unsigned big int null default x'34'", "4"),
    ] {
        let connection = gives(
            table,
            &[add_column(definition)],
            &format!("CREATE TABLE t (id integer primary key, a int, {definition})"),
        );
        let found = strings(&connection, "select cast(cast(c as blob) as text) from t where id = 1");
        assert_eq!(found, [expected], "{definition}");
        assert_eq!(strings(&connection, "select cast(count(*) as text) from t"), ["2"]);
    }
    gives(table, &[add_column("c int unique")], "CREATE TABLE t (id integer primary key, a int, c int unique)");
}

#[test]
fn defaults_and_nullability_are_set_and_dropped() {
    let table = "create table t (id integer primary key, a int, b text not null constraint d default 'x' default 'y' collate nocase)";
    let start = "CREATE TABLE t (id integer primary key, a int";
    for (value, clause) in [
        ("5", "default 5"),
        ("-5", "default -5"),
        ("'it''s'", "default 'it''s'"),
        ("current_timestamp", "default current_timestamp"),
        ("(1)", "default (1)"),
        ("1 + 1", "default (1 + 1)"),
        ("(1) + (1)", "default ((1) + (1))"),
        ("-(1)", "default (-(1))"),
    ] {
        let expected =
            format!("{start} {clause}, b text not null constraint d default 'x' default 'y' collate nocase)");
        gives(table, &[default("a", Some(value))], &expected);
    }
    gives(table, &[default("b", Some("1"))], &format!("{start}, b text not null default 1 collate nocase)"));
    gives(table, &[default("B", None)], &format!("{start}, b text not null collate nocase)"));
    let both = "constraint d default 'x' default 'y' collate nocase";
    gives(table, &[not_null("b", true)], &format!("{start}, b text {both})"));
    gives(table, &[not_null("a", false)], &format!("{start} not null, b text not null {both})"));
    let connection = gives(table, &[not_null("b", false), not_null("a", true)], &text(&database(table), "t"));
    assert!(run(&connection, "t", &[not_null("b", false)], false).expect("nothing to do").is_empty());
    let collated = Edit::SetCollation { name: "b".into(), collation: None };
    gives(table, &[collated], &format!("{start}, b text not null constraint d default 'x' default 'y')"));
}

#[test]
fn a_type_changes_where_every_value_can_be_kept() {
    for (from, values, to, becomes) in [
        ("text", "('12'), ('x'), (null), (x'00')", "int", "integer 12,text 'x',null NULL,blob X'00'"),
        ("int", "(12), (-7), ('x')", "text", "text '12',text '-7',text 'x'"),
        ("real", "(0.1), (1e300)", "text", "text '0.1',text '1.0e+300'"),
        ("real", "(2), (2.5)", "int", "integer 2,real 2.5"),
        ("int", "(9007199254740992)", "real", "real 9007199254740992.0"),
        ("", "('1.0'), (1), (1.0)", "blob", "text '1.0',integer 1,real 1.0"),
        ("text", "('1.0')", "", "text '1.0'"),
        ("text", "('1.0')", "string_text(5)", "text '1.0'"),
    ] {
        let setup =
            format!("create table t (id integer primary key, a {from}, b int); insert into t (a) values {values}");
        let space = |declared: &str| if declared.is_empty() { String::new() } else { format!(" {declared}") };
        let expected = format!("CREATE TABLE t (id integer primary key, a{}, b int)", space(to));
        if from.is_empty() {
            database(&setup);
        }
        let connection = gives(&setup.replace("a ,", "a,"), &[set_type("a", to, None)], &expected);
        let found = strings(
            &connection,
            "select group_concat(typeof(a) || ' ' || quote(a)) from (select a from t order by id)",
        );
        assert_eq!(found, [becomes], "{from} to {to}");
    }
}

#[test]
fn an_expression_gives_the_values_of_a_new_type() {
    let setup =
        "create table t (id integer primary key, a text, b int); insert into t values (1, ' 1.50', 2), (2, null, 3)";
    let edits = [set_type("a", "int", Some("coalesce(t.a * 100, b)")), not_null("a", false), add("unique (a)")];
    let connection = gives(setup, &edits, "CREATE TABLE t (id integer primary key, a int not null, b int, unique (a))");
    assert_eq!(strings(&connection, "select group_concat(quote(a)) from (select a from t order by id)"), ["150,3"]);
}

#[test]
fn an_expression_gives_new_values_of_the_same_type() {
    let setup = "create table t (id integer primary key, a text); insert into t values (1, 'x')";
    let connection = gives(
        setup,
        &[set_type("a", "text", Some("upper(a) -- loud"))],
        "CREATE TABLE t (id integer primary key, a text)",
    );
    assert_eq!(strings(&connection, "select a from t"), ["X"]);
}

#[test]
fn a_text_that_another_program_wrote_into_the_schema_is_read() {
    let setup = "create table t (id integer primary key, a text); insert into t values (1, 'x');
        pragma writable_schema = on;
        update sqlite_schema set sql = replace(sql, 'CREATE TABLE', 'create -- by hand\n\ttable') || ' /* end */;' where name = 't';
        pragma writable_schema = reset";
    let expected = "CREATE TABLE t (id integer primary key, a text default 1)";
    let connection = gives(setup, &[default("a", Some("1"))], expected);
    assert_eq!(strings(&connection, "select a from t"), ["x"]);
}

#[test]
fn a_table_may_have_as_many_columns_as_sqlite_takes() {
    let columns: String = (1..2000).map(|column| format!(", c{column} int")).collect();
    let setup =
        format!("create table t (id integer primary key{columns}); insert into t (id, c7, c1999) values (1, 5, 6)");
    let expected = text(&database(&setup), "t").replace("c1998 int", "c1998 text");
    let connection = gives(&setup, &[set_type("c1998", "text", None)], &expected);
    assert_eq!(strings(&connection, "select c7 || c1999 from t"), ["56"]);
}

#[test]
fn the_key_of_a_table_without_rowid_changes_its_type() {
    let setup =
        "create table t (a text, b int, primary key (a)) without rowid; insert into t values ('10', 1), ('9', 2)";
    let expected = "CREATE TABLE t (a int, b int, primary key (a)) without rowid";
    let connection = gives(setup, &[set_type("a", "int", None)], expected);
    assert_eq!(strings(&connection, "select group_concat(quote(a)) from t"), ["9,10"]);
    let connection = gives(setup, &[set_type("a", "int", Some("a * 2"))], expected);
    assert_eq!(strings(&connection, "select group_concat(a || '-' || b) from t"), ["18-2,20-1"]);
}

#[test]
fn a_key_added_to_an_integer_becomes_the_rowid() {
    let setup = "create table t (a int, id integer); insert into t (rowid, a, id) values (5, 1, 20), (6, 2, 10)";
    let connection = gives(setup, &[add("primary key (id)")], "CREATE TABLE t (a int, id integer, primary key (id))");
    assert_eq!(strings(&connection, "select group_concat(rowid || ':' || a) from t"), ["10:2,20:1"]);
    let bare = "create table t (a int); insert into t (rowid, a) values (5, 1), (60, 2); create table kin (p, q)";
    let expected = "CREATE TABLE t (a int, id integer primary key autoincrement)";
    let connection = gives(bare, &[add_column("id integer primary key autoincrement")], expected);
    assert_eq!(strings(&connection, "select group_concat(id || ':' || a) from t"), ["5:1,60:2"]);
    assert_eq!(strings(&connection, "select name || seq from sqlite_sequence"), ["t60"]);
    let keyed = "create table t (a int, id integer constraint k primary key); create table kin (p, q); insert into t values (1, 20)";
    let connection = gives(keyed, &[drop("k")], "CREATE TABLE t (a int, id integer)");
    assert_eq!(strings(&connection, "select rowid || ':' || id from t"), ["20:20"]);
}

#[test]
fn renames_reach_every_place_and_other_edits_follow_them() {
    let setup = "create table t (a int, b int check (b > 0), unique (a)); create index i on t (b); create view v as select b from t;
        create trigger r after insert on t begin update t set b = 5; end; create table kin (p references t (a), q references t (a));
        insert into t values (1, 1)";
    let connection = database(setup);
    connection.execute_batch("insert into kin values (1, 1)").expect("a row");
    let edits = [
        Edit::RenameColumn { name: "B".into(), to: "the b".into() },
        not_null("the b", false),
        Edit::RenameTable { to: "u u".into() },
        default("the b", Some("9")),
        add("constraint late unique (\"the b\")"),
        Edit::RenameColumn { name: "a".into(), to: "z".into() },
    ];
    assert!(plan(&connection, "t", &edits).expect("it can be planned").needs_foreign_keys_off);
    run(&connection, "t", &edits, true).expect("it works");
    assert_eq!(
        text(&connection, "u u"),
        "CREATE TABLE \"u u\" (\"z\" int, \"the b\" int check (\"the b\" > 0) not null default 9, unique (\"z\"), constraint late unique (\"the b\"))"
    );
    assert_eq!(
        text(&connection, "kin"),
        "CREATE TABLE kin (p references \"u u\" (\"z\"), q references \"u u\" (\"z\"))"
    );
    connection.execute_batch("insert into \"u u\" (z) values (2)").expect_err("the trigger breaks the new constraint");
    assert_eq!(strings(&connection, "select cast(\"the b\" as text) from v"), ["5"]);
}

#[test]
fn an_application_that_wants_legacy_renames_keeps_them() {
    for edit in [default("a", Some("1")), Edit::RenameTable { to: "u".into() }] {
        let connection = database("create table t (a int unique); create table kin (p references t (a))");
        connection.execute_batch("pragma legacy_alter_table = on; begin immediate").expect("it begins");
        strait::sqlite::alter::alter(&connection, "t", std::slice::from_ref(&edit)).expect("it works");
        assert_eq!(pragma(&connection, "legacy_alter_table"), 1);
        let parent = if matches!(edit, Edit::RenameTable { .. }) { "\"u\"" } else { "t" };
        assert_eq!(text(&connection, "kin"), format!("CREATE TABLE kin (p references {parent} (a))"));
    }
}

#[test]
fn a_database_in_utf_16_is_altered_alike() {
    let setup = "pragma encoding = 'UTF-16le'; create table t (id integer primary key, a text, b int);
        insert into t values (1, 'ß\u{1F600}', 1), (2, '1.0', 2)";
    let connection = gives(
        setup,
        &[default("a", Some("'é'")), set_type("b", "text", None)],
        "CREATE TABLE t (id integer primary key, a text default 'é', b text)",
    );
    assert_eq!(strings(&connection, "select group_concat(a || b) from t"), ["ß\u{1F600}1,1.02"]);
}

#[test]
fn a_collation_that_another_table_needs_is_not_needed() {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.create_collation("of the application", str::cmp).expect("it is made");
    let setup = "create table u (x text collate \"of the application\" unique); insert into u values ('a');
        create table t (a int, b int); insert into t values (1, 2)";
    connection.execute_batch(setup).expect("it is built");
    connection.remove_collation("of the application").expect("it is gone");
    for edit in [default("a", Some("1")), add("unique (a)"), add("check (b > 0)"), add_column("c int")] {
        run(&connection, "t", &[edit], true).expect("it works");
    }
    assert_eq!(strings(&connection, "select a || b from t"), ["12"]);
}
