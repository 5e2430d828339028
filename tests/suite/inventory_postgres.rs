//! The inventory of a PostgreSQL schema: everything is seen, a respelling is nothing, and what mends, mends.

use std::fmt::Write as _;
use std::path::PathBuf;

use strait::database::{Begin, Database, DatabaseError, Scope, mend};
use strait::schema::inventory::{Difference, Inventory, Item, Kind, What, compare};

use crate::support::place::{Place, ask, run, wait};

fn case(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/inventory_postgres").join(name)
}

fn rich() -> String {
    std::fs::read_to_string(case("rich.sql")).expect("the case can be read")
}

/// A database in which everything occurs.
pub(crate) fn rich_place() -> Place {
    let place = Place::postgres();
    assert!(place.server().server().major_version() >= 15, "the case needs PostgreSQL 15 or newer");
    place.server().psql(&rich());
    place
}

pub(crate) async fn read(database: &mut Database) -> Inventory {
    database.inventory(&Scope::default()).await.expect("the inventory can be read")
}

pub(crate) async fn read_schema(database: &mut Database, schema: &str) -> Inventory {
    let scope = Scope { schema: Some(schema.into()), ..Scope::default() };
    database.inventory(&scope).await.expect("the inventory can be read")
}

pub(crate) fn sentences(expected: &Inventory, found: &Inventory) -> Vec<String> {
    compare(expected, found).iter().map(Difference::sentence).collect()
}

fn facts(item: &Item) -> Vec<String> {
    item.facts.iter().map(|fact| format!("{}={}", fact.what, fact.value)).collect()
}

#[track_caller]
fn holds(inventory: &Inventory, kind: Kind, part_of: Option<&str>, name: &str, expected: &[&str]) {
    let same =
        |item: &&Item| item.kind == kind && item.part_of.as_deref() == part_of && item.name.as_deref() == Some(name);
    let item = inventory.items.iter().find(same).unwrap_or_else(|| panic!("no {} {name}", kind.name()));
    assert_eq!(facts(item), expected, "{} {name}", kind.name());
}

/// Runs statements one after another in the open transaction; gives what the server says of one that it refuses.
async fn run_all(database: &mut Database, sql: &str) -> Option<String> {
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        if let Err(error) = database.run(statement).await {
            return Some(error.message);
        }
    }
    None
}

#[test]
fn what_stands_for_itself_is_told_by_its_facts() {
    let place = rich_place();
    wait(async {
        let inventory = read(&mut place.open().await).await;
        let one = |kind, name, expected: &[&str]| holds(&inventory, kind, None, name, expected);
        one(
            Kind::Enum,
            "mood",
            &[
                "labels='sad', 'ok', 'happy'",
                "grants=owner: all; public: usage; pg_monitor: usage",
                "comment=how one feels",
            ],
        );
        one(Kind::Domain, "positive", &["type=integer", "not null=yes", "default=1"]);
        one(Kind::Domain, "short_text", &["type=character varying(20)", "collation=\"C\""]);
        one(
            Kind::Range,
            "period",
            &["definition=subtype = timestamp with time zone, multirange_type_name = period_multirange"],
        );
        one(
            Kind::Sequence,
            "counter",
            &[
                "type=integer",
                "start=10",
                "increment=5",
                "minimum=5",
                "maximum=1000",
                "cycle=yes",
                "cache=3",
                "grants=owner: all; pg_monitor: usage with grant option",
            ],
        );
        one(Kind::Sequence, "plain_counter", &[]);
        one(
            Kind::Function,
            "add_one(integer)",
            &[
                "arguments=n integer DEFAULT 1",
                "returns=integer",
                "language=sql",
                "definition=select n + 1",
                "volatility=immutable",
                "parallel=safe",
                "strict=yes",
                "grants=owner: all",
            ],
        );
        one(Kind::Table, "users", &["storage=fillfactor=70, toast.autovacuum_enabled=false", "comment=people"]);
        one(Kind::Table, "scratchpad", &["row security=enabled, forced", "unlogged=yes"]);
        one(Kind::Table, "composed", &["replica identity=full"]);
        one(Kind::Table, "child", &["inherits=parent"]);
        one(Kind::Table, "measured", &["partitioned by=RANGE (at)"]);
        one(Kind::Table, "granted", &["grants=owner: all; pg_monitor: insert, select"]);
    });
}

#[test]
fn a_table_s_parts_are_told_by_their_facts() {
    let place = rich_place();
    wait(async {
        let inventory = read(&mut place.open().await).await;
        let of = |kind, name, expected: &[&str]| holds(&inventory, kind, Some("users"), name, expected);
        of(
            Kind::Column,
            "id",
            &["type=bigint", "not null=yes", "identity=always", "sequence=increment by 2, start with 100"],
        );
        of(
            Kind::Column,
            "email",
            &["type=character varying(40)", "collation=\"C\"", "not null=yes", "comment=where they are reached"],
        );
        of(
            Kind::Column,
            "full_name",
            &["type=text", "generated=((name || ' <'::text) || email::text) || '>'::text", "kept=stored"],
        );
        of(Kind::Column, "bio", &["type=text", "storage=external", "statistics target=500"]);
        of(Kind::Column, "kind", &["type=character varying(10)", "options=n_distinct=2", "compression=pglz"]);
        of(Kind::PrimaryKey, "users_pkey", &["columns=id"]);
        of(
            Kind::Unique,
            "name_and_kind",
            &["columns=name, kind", "include=bio", "nulls not distinct=yes", "deferrable=initially deferred"],
        );
        of(Kind::Check, "users_email_check", &["expression=length(email::text) > 3", "no inherit=yes"]);
        of(
            Kind::Index,
            "users_lower",
            &[
                "columns=lower(email::text) text_pattern_ops DESC NULLS LAST, name COLLATE \"C\"",
                "unique=yes",
                "include=bio",
                "where=kind::text = 'x'::text AND age::integer > 0",
            ],
        );
        of(Kind::Index, "users_brin", &["columns=id", "method=brin", "parameters=pages_per_range=32"]);
        of(
            Kind::Trigger,
            "idle",
            &["definition=AFTER INSERT ON users FOR EACH STATEMENT EXECUTE FUNCTION touch()", "enabled=no"],
        );
        of(
            Kind::Statistics,
            "users_stats",
            &["columns=(ndistinct, dependencies) ON name, kind", "statistics target=100"],
        );
    });
}

#[test]
fn odd_names_and_rarer_parts_are_told_by_their_facts() {
    let place = rich_place();
    wait(async {
        let inventory = read(&mut place.open().await).await;
        let odd = Some("Odd table");
        holds(&inventory, Kind::Column, odd, "id", &["type=integer", "not null=yes", "numbers rows=sequence"]);
        holds(
            &inventory,
            Kind::ForeignKey,
            odd,
            "odd_user",
            &[
                "columns=\"user id\"",
                "refers to=users (id)",
                "on delete=SET NULL",
                "on update=CASCADE",
                "deferrable=initially deferred",
            ],
        );
        holds(
            &inventory,
            Kind::ForeignKey,
            odd,
            "late_reference",
            &["columns=a", "refers to=\"Odd table\" (id)", "match=full", "valid=no"],
        );
        holds(
            &inventory,
            Kind::Exclusion,
            odd,
            "no_overlap",
            &["definition=EXCLUDE USING gist (room WITH &&) WHERE (a > 0)"],
        );
        holds(&inventory, Kind::PrimaryKey, Some("composed"), "composed_pkey", &["columns=y, x", "clustered=yes"]);
        holds(
            &inventory,
            Kind::Policy,
            Some("scratchpad"),
            "see",
            &["command=select", "permissive=no", "using=v = ANY (ARRAY['a'::text, 'b'::text])"],
        );
        holds(&inventory, Kind::Column, Some("granted"), "b", &["type=integer", "grants=public: update"]);
        assert_eq!(inventory.unmanaged, []);
    });
}

/// Splits the case file into changes, each with the lines that follow it.
fn mutations() -> (String, Vec<(String, String)>) {
    let text = std::fs::read_to_string(case("mutations.txt")).expect("the case can be read");
    let (head, rest) = text.split_once("\n\n").expect("a head and changes");
    let change = |block: &str| {
        let (sql, told) = block.split_once('\n').unwrap_or((block, ""));
        (sql.to_owned(), told.trim_end().to_owned())
    };
    (head.to_owned(), rest.trim_end().split("\n\n").map(change).collect())
}

/// Runs what mends: what needs something that another makes is tried again after it. Gives what cannot be run at all.
async fn run_in_any_order(database: &mut Database, mut left: Vec<String>) -> Vec<String> {
    if let [only] = left.as_slice() {
        // Without a savepoint: the server does not take every statement about a domain after one.
        let done = database.query("mend", only, &[]).await;
        done.unwrap_or_else(|error| panic!("{only}: {error:?}"));
        return Vec::new();
    }
    loop {
        let (before, mut failed, mut messages) = (left.len(), Vec::new(), Vec::new());
        for sql in left {
            run(database, "savepoint mending").await;
            match database.query("mend", &sql, &[]).await {
                Ok(_) => drop(run(database, "release mending").await),
                Err(DatabaseError::Statement { source, .. }) => {
                    run(database, "rollback to mending").await;
                    messages.push(source.message);
                    failed.push(sql);
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        if failed.is_empty() || failed.len() == before {
            return messages;
        }
        left = failed;
    }
}

/// What a change makes of the inventory, what is said to mend it, and what remains when that is done.
async fn tell(database: &mut Database, expected: &Inventory) -> String {
    let found = read(database).await;
    let mut lines = String::new();
    let differences = compare(expected, &found);
    let mut mends = Vec::new();
    for difference in &differences {
        writeln!(lines, "  {} ({})", difference.sentence(), difference.grade.name()).expect("a text takes it");
        let mend = mend(difference, expected);
        let shown = mend.as_deref().map_or_else(|| "nothing".into(), |sql| sql.replace('\n', "\n    "));
        writeln!(lines, "  > {shown}").expect("a text takes it");
        mends.extend(mend);
    }
    let nothing_is_done = mends.is_empty();
    for message in run_in_any_order(database, mends).await {
        writeln!(lines, "  x {message}").expect("a text takes it");
    }
    let after = if nothing_is_done { found } else { read(database).await };
    let (mut expected, mut after) = (expected.clone(), after);
    if compare(&expected, &after).iter().any(|difference| matches!(difference.what, What::Changed { .. })) {
        database.agree_on_wording(&mut expected, &mut after).await.expect("they agree");
    }
    for difference in compare(&expected, &after) {
        writeln!(lines, "  ! {}", difference.sentence()).expect("a text takes it");
    }
    lines.trim_end().to_owned()
}

#[test]
fn every_single_change_is_seen_and_what_mends_it_mends_it() {
    let place = rich_place();
    let (head, mutations) = mutations();
    let mut told = Vec::new();
    wait(async {
        let mut database = place.open().await;
        let expected = read(&mut database).await;
        for (sql, _) in &mutations {
            database.begin(Begin::default()).await.expect("a transaction begins");
            told.push(match run_all(&mut database, sql).await {
                Some(message) => format!("  the change cannot be made: {message}"),
                None => tell(&mut database, &expected).await,
            });
            database.rollback().await.expect("it rolls back");
        }
        assert_eq!(sentences(&expected, &read(&mut database).await), [""; 0], "nothing of it stays");
    });
    if std::env::var_os("UPDATE").is_some() {
        let blocks: Vec<String> =
            mutations.iter().zip(&told).map(|((sql, _), told)| format!("{sql}\n{told}")).collect();
        std::fs::write(case("mutations.txt"), format!("{head}\n\n{}\n", blocks.join("\n\n")))
            .expect("it can be written");
        return;
    }
    for ((sql, expected), told) in mutations.iter().zip(&told) {
        assert!(
            told.starts_with("  ") && !told.contains("cannot be made"),
            "{sql}: nothing is seen, or nothing done: {told}"
        );
        assert_eq!(told, expected, "{sql}");
    }
}

#[test]
fn one_structure_reads_the_same_in_any_schema() {
    let place = rich_place();
    place.server().psql(&format!("create schema \"Else where\"; set search_path = \"Else where\"; {}", rich()));
    wait(async {
        let mut database = place.open().await;
        let expected = read(&mut database).await;
        let found = read_schema(&mut database, "Else where").await;
        assert_eq!(sentences(&expected, &found), [""; 0]);
        assert_eq!(expected.items, found.items, "the statements are the same, too");
        assert_eq!(
            ask(&mut database, "show search_path").await,
            ["\"$user\", public"],
            "the session is left as it was"
        );
        let all = Scope { other_schemas: true, ..Scope::default() };
        let both = database.inventory(&all).await.expect("both can be read");
        holds(&both, Kind::Column, Some("Else where.granted"), "b", &["type=integer", "grants=public: update"]);
        assert!(
            found.unmanaged.iter().any(|one| one.name == "public.users" && one.kind == "table"),
            "{:?}",
            found.unmanaged
        );
    });
}
