//! Random tables in random spelling: edits that are taken back leave the text, the structure and the rows as they were.

use proptest::prelude::*;
use rusqlite::Connection;
use strait::sqlite::alter::Edit;

use crate::support::alter::{contents, database, run, strings, structure, text};

/// Names as they may be written.
const NAMES: [&str; 8] = ["a", "\"b, b\"", "[c (c]", "`d``d`", "'e''e'", "key", "\"check\"", "ünï_$1"];

const IDS: [&str; 5] = [
    "id integer primary key",
    "id INTEGER constraint pk PRIMARY KEY asc on conflict replace AUTOINCREMENT",
    "\"id\" int",
    "id text primary key",
    "id integer primary key desc",
];

const TYPES: [&str; 9] =
    ["", "int", "TEXT", "unsigned big int", "\"my, type\" ( 10 , - 2 )", "varchar ( 40 )", "numeric", "'x'", "blob"];

const CONSTRAINTS: [&str; 22] = [
    "not null",
    "NOT  NULL on conflict fail",
    "null",
    "unique",
    "unique on conflict rollback",
    "check ( id is not 'z)' )",
    "check ( ( 1 ) )",
    "default 5",
    "default - 1.5e3",
    "default ( 1 + ( 2 ) )",
    "default 'it''s, '",
    "default x'0f'",
    "default current_timestamp",
    "default true",
    "collate NoCase",
    "references p ( k ) on delete set default deferrable initially deferred",
    "references p not deferrable",
    "references p on update no action match full",
    "constraint lonely",
    "constraint \"not null\" not null",
    "constraint 'dd' default 'x'",
    "constraint f references p on delete set null",
];

const TABLE_CONSTRAINTS: [&str; 7] = [
    "unique ( id , last )",
    "constraint [u u] unique ( last desc , id collate nocase ) on conflict ignore",
    "check ( id is not 7 )",
    "constraint c check ( last is not \"id\" or 1 )",
    "foreign key ( id ) references p ( k ) match full on delete cascade not deferrable",
    "constraint lonely",
    "FOREIGN KEY ( last , id ) REFERENCES p",
];

/// What may stand between two tokens; the first three are spaces alone.
const GAPS: [&str; 6] = [" ", "\n  ", "\t", " /* ), ' */ ", " -- (, \"\n", "  "];

/// Writes tokens with gaps from a list of choices.
fn spelled(tokens: &str, gaps: &mut impl Iterator<Item = usize>) -> String {
    let mut gap = || GAPS[gaps.next().unwrap_or(0) % GAPS.len()];
    tokens.split(' ').filter(|token| !token.is_empty()).fold(String::new(), |sql, token| {
        let tight = sql.is_empty() || sql.ends_with('(') || ["(", ")", ","].contains(&token);
        let between = if tight && gap().len() == 1 { "" } else { gap() };
        if sql.is_empty() { token.to_owned() } else { format!("{sql}{between}{token}") }
    })
}

#[derive(Debug, Clone)]
struct Table {
    create: String,
    columns: usize,
}

fn column() -> impl Strategy<Value = String> {
    let constraints = prop::collection::vec(prop::sample::select(CONSTRAINTS.to_vec()), 0..4);
    let plain = (prop::sample::select(TYPES.to_vec()), constraints)
        .prop_map(|(declared, constraints)| format!("{declared} {}", constraints.join(" ")));
    let generated = prop::sample::select(vec![
        "int generated always as ( id || ')' ) stored",
        "as ( id ) virtual check ( 1 )",
        "text constraint g AS ( ( last ) )",
    ]);
    prop_oneof![5 => plain, 1 => generated.prop_map(str::to_owned)]
}

fn table() -> impl Strategy<Value = Table> {
    let columns = prop::collection::vec(column(), 0..4);
    let names = prop::sample::subsequence(NAMES.to_vec(), NAMES.len()).prop_shuffle();
    let own = prop::collection::vec((prop::sample::select(TABLE_CONSTRAINTS.to_vec()), any::<bool>()), 0..3);
    // Now and then without comments: SQLite's own ALTERs come to their right only there.
    let gaps = prop_oneof![prop::collection::vec(0_usize..12, 200), prop::collection::vec(0_usize..3, 200)];
    let name = prop::sample::select(vec!["t", "\"t\"", "[t]", "`T`", "'t'"]);
    (prop::sample::select(IDS.to_vec()), columns, names, own, gaps, name, any::<bool>()).prop_map(
        |(id, columns, names, own, gaps, name, without)| {
            let mut body = id.to_owned();
            for (name, rest) in names.iter().zip(&columns) {
                // A gap inside of a quoted name would change it.
                body.push_str(&format!(" , {} {rest}", name.replace(' ', "\u{1}")));
            }
            body.push_str(" , last int");
            for (at, (constraint, comma)) in own.iter().enumerate() {
                let comma = if *comma || at == 0 { " ," } else { "" };
                body.push_str(&format!("{comma} {constraint}"));
            }
            let options =
                if without && id.contains("primary key") && !id.contains("AUTO") { "without rowid" } else { "" };
            let quoted = ["\"my, type\"", "'it''s, '", "[u u]", "\"not null\"", "'z)'", "')'"];
            let body = quoted.iter().fold(body, |body, text| body.replace(text, &text.replace(' ', "\u{1}")));
            let tokens = format!("create table {name} ( {body} ) {options}");
            let create = spelled(&tokens, &mut gaps.into_iter()).replace('\u{1}', " ");
            Table { create, columns: columns.len() }
        },
    )
}

/// Builds the table with rows and kin; none when SQLite does not take it.
fn build(table: &Table) -> Option<Connection> {
    let connection =
        database("create table p (k primary key); create table log (n); insert into p values (1), (2), (3)");
    connection.execute_batch(&table.create).ok()?;
    let stored = "select quote(name) from pragma_table_xinfo('t') where hidden = 0 and name not in ('id', 'last')";
    let stored = strings(&connection, stored);
    for row in 1..=3 {
        let names: String = stored.iter().map(|name| format!(", {name}")).collect();
        let values: String = (0..stored.len()).map(|at| format!(", '{row}.{at}0'")).collect();
        let _ = connection.execute_batch(&format!("insert into t (id, last{names}) values ({row}, {row}0{values})"));
    }
    let more = "create index i on t (last desc, lower(id)) where last > 0; create view v as select id, last from t;
        create trigger r after insert on t begin insert into log values (new.id); end;
        create table kin (p references t (id) on delete cascade); insert into kin select id from t";
    connection.execute_batch(more).expect("more can be built");
    Some(connection)
}

/// An edit, the one that takes it back, and what the column `last` must say of itself in between.
fn pairs() -> Vec<(Edit, Edit, Option<&'static str>)> {
    let last = || "last".to_owned();
    let default = |default: Option<&str>| Edit::SetDefault { name: last(), default: default.map(Into::into) };
    let declared = |declared: &str| Edit::SetType { name: last(), declared: declared.into(), using: None };
    let collation = |collation: Option<&str>| Edit::SetCollation { name: last(), collation: collation.map(Into::into) };
    let not_null = |nullable| Edit::SetNotNull { name: last(), nullable };
    let add = |definition: &str| Edit::AddConstraint { definition: definition.into() };
    let drop = || Edit::DropConstraint { name: "zz".into() };
    let column = |definition: &str| Edit::AddColumn { definition: definition.into() };
    let drop_column = || Edit::DropColumn { name: "zz".into() };
    vec![
        (default(Some("7 + 1")), default(None), Some("INT/0/7 + 1")),
        (declared("odd (1, 2)"), declared("int"), Some("odd (1, 2)/0/")),
        (collation(Some("rtrim")), collation(None), Some("INT/0/")),
        (add("constraint zz check (last is not 5)"), drop(), None),
        (add("constraint zz unique (id, last)"), drop(), None),
        (column("zz int default 3"), drop_column(), None),
        (column("\"zz\" text not null default (1 + 1) /* , */ check (zz > '')"), drop_column(), None),
        (not_null(false), not_null(true), Some("INT/1/")),
    ]
}

fn of_last(connection: &Connection) -> String {
    let sql =
        "select format('%s/%d/%s', type, \"notnull\", dflt_value) from pragma_table_xinfo('t') where name = 'last'";
    strings(connection, sql).remove(0)
}

/// Spaces aside: where SQLite sets NOT NULL itself, it takes those before the next comma away with it.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn structure_without_texts(connection: &Connection) -> Vec<String> {
    let is_text = |fact: &String| fact.contains("CREATE TABLE");
    structure(connection).into_iter().filter(|fact| !is_text(fact)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, max_global_rejects: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_that_are_taken_back_leave_no_trace(table in table(), foreign_keys: bool) {
        let Some(connection) = build(&table) else { return Err(TestCaseError::reject("SQLite does not take it")) };
        let name = strings(&connection, "select name from sqlite_schema where type = 'table' and name = 't' collate nocase").remove(0);
        let whole = text(&connection, &name);
        let before = (structure_without_texts(&connection), contents(&connection), of_last(&connection));
        prop_assert!(table.columns < NAMES.len());
        for (edit, back, said) in pairs() {
            let ran = run(&connection, "t", std::slice::from_ref(&edit), foreign_keys);
            prop_assert!(ran.is_ok(), "{edit:?}: {ran:?}");
            if let Some(said) = said {
                prop_assert_eq!(of_last(&connection), said);
            }
            let ran = run(&connection, "t", std::slice::from_ref(&back), foreign_keys);
            prop_assert!(ran.is_ok(), "{back:?}: {ran:?}");
            let now = text(&connection, &name);
            prop_assert_eq!(squeezed(&now), squeezed(&whole), "{:?}", edit);
            if !matches!(edit, Edit::SetNotNull { .. }) {
                prop_assert_eq!(&now, &whole, "{:?}", edit);
            }
            let after = (structure_without_texts(&connection), contents(&connection), of_last(&connection));
            prop_assert_eq!(&after, &before, "{:?}", edit);
        }
    }
}
