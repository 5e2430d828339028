//! What is read of a SQLite file: every change is seen and named, no respelling is, and what can be mended is.

mod mutations;
mod respellings;

use rusqlite::Connection;
use strait::database::{Access, Database, Location, Scope, mend};
use strait::schema::inventory::{Difference, Inventory, Item, Kind, What, compare};
use tempfile::TempDir;

use crate::support::fixture;
use crate::support::place::wait;

/// A file made by some statements.
struct File {
    folder: TempDir,
}

impl File {
    fn new(sql: &str) -> Self {
        let file = Self { folder: TempDir::new().expect("a folder can be made") };
        file.run(sql);
        file
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("app.db")
    }

    fn connection(&self) -> Connection {
        Connection::open(self.path()).expect("the file can be opened")
    }

    fn run(&self, sql: &str) {
        let journal = "pragma journal_mode = memory; pragma synchronous = off;";
        self.connection().execute_batch(&format!("{journal} {sql}")).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    fn inventory(&self) -> Inventory {
        inventory(&self.path())
    }
}

fn inventory(path: &std::path::Path) -> Inventory {
    wait(async {
        let location = Location::Sqlite(path.to_owned());
        let mut database = Database::open(&location, Access::Read).await.expect("the file can be opened");
        database.inventory(&Scope::default()).await.expect("it can be read")
    })
}

fn told(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(Difference::sentence).collect()
}

/// A thing's facts in one line.
fn facts(item: &Item) -> String {
    item.facts.iter().map(|fact| format!("{}: {}", fact.what, fact.value)).collect::<Vec<_>>().join("; ")
}

const RICH: &str = include_str!("inventory_sqlite/rich.sql");

#[test]
fn everything_in_a_file_is_read_as_facts() {
    let found = File::new(RICH).inventory();
    let line = |item: &Item| {
        let place = item.part_of.as_deref().map(|whole| format!("{whole}: ")).unwrap_or_default();
        let name = item.name.as_deref().unwrap_or("-");
        format!("{place}{} {name} | {}", item.kind.name(), facts(item)).trim_end().to_owned()
    };
    let mut lines: Vec<String> = found.items.iter().map(line).collect();
    lines.extend(found.unmanaged.iter().map(|one| format!("unmanaged {} {}: {}", one.kind, one.name, one.why)));
    assert_eq!(lines.join("\n"), include_str!("inventory_sqlite/rich.txt").trim_end());
}

#[test]
fn each_change_is_seen_and_says_from_what_to_what() {
    for (expected, found, sentences) in mutations::MUTATIONS {
        let differences = compare(&File::new(expected).inventory(), &File::new(found).inventory());
        assert_eq!(told(&differences).join("\n"), sentences, "{expected}\n{found}");
    }
}

#[test]
fn no_respelling_is_a_change() {
    for (one, other) in respellings::RESPELLINGS {
        let (one_file, other_file) = (File::new(one).inventory(), File::new(other).inventory());
        assert_eq!(told(&compare(&one_file, &other_file)), [""; 0], "{one}\n{other}");
        assert_eq!(told(&compare(&other_file, &one_file)), [""; 0], "{other}\n{one}");
    }
}

/// Runs whatever is offered to mend a file; gives how much was offered, and what is left.
fn mended(expected: &Inventory, file: &File) -> (usize, Vec<Difference>) {
    let mut differences = compare(expected, &file.inventory());
    // What is unexpected goes before what is missing comes.
    differences.sort_by_key(|one| !matches!(one.what, What::Unexpected));
    let offers: Vec<String> = differences.iter().filter_map(|one| mend(one, expected)).collect();
    offers.iter().for_each(|sql| file.run(sql));
    let hopeless: Vec<String> =
        told(&differences.into_iter().filter(|one| mend(one, expected).is_none()).collect::<Vec<_>>());
    let mut left = compare(expected, &file.inventory());
    left.retain(|one| !hopeless.contains(&one.sentence()) && !matches!(one.what, What::Order { .. }));
    (offers.len(), left)
}

#[test]
fn what_can_be_mended_is_gone_once_it_is() {
    let mut offers = 0;
    for (expected, found, _) in mutations::MUTATIONS {
        for (expected, found) in [(expected, found), (found, expected)] {
            let (offered, left) = mended(&File::new(expected).inventory(), &File::new(found));
            assert_eq!(told(&left), [""; 0], "{expected}\n{found}");
            offers += offered;
        }
    }
    assert!(offers >= 40, "{offers} statements were offered");
}

#[test]
fn a_whole_database_can_be_taken_down_and_built_again() {
    let expected = File::new(RICH).inventory();
    let (_, left) =
        mended(&expected, &File::new("create table strange (a); create view stranger as select a from strange"));
    assert_eq!(told(&left), [""; 0]);
}

#[test]
fn a_column_that_something_uses_is_not_offered_to_be_dropped() {
    let base = "create table t (a, b); create table u (c)";
    for used in [
        "create table t (a, b, x unique)",
        "create table t (a, b, x, check (x > 1))",
        "create table t (a, b check (b > x), x)",
        "create table t (a, b, x, foreign key (x) references t (a))",
        "create table t (a, b, x, y as (x + 1))",
        "create table t (a, b, x); create index i on t (a) where x > 1",
        "create table t (a, b, x); create view v as select x from t",
        "create table t (a, b, x); create trigger g after insert on u begin update t set x = 1; end",
    ] {
        let expected = File::new(base).inventory();
        let found = File::new(&format!("create table u (c); {used}"));
        let differences = compare(&expected, &found.inventory());
        let dropped = differences.iter().find(|one| one.sentence() == "t.x is there and should not be");
        let dropped = dropped.unwrap_or_else(|| panic!("{used}: {:?}", told(&differences)));
        assert_eq!(mend(dropped, &expected), None, "{used}");
    }
}

#[test]
fn the_files_of_open_webui_are_read_whole_and_equal_themselves_built_anew() {
    for version in ["0.5.11", "0.12.4"] {
        let path = fixture(&format!("open-webui-{version}.db"));
        let found = inventory(&path);
        let tables = found.items.iter().filter(|item| item.kind == Kind::Table).count();
        assert!(tables > 20, "{tables} tables");
        let unread = found.items.iter().filter(|item| item.kind != Kind::View && item.kind != Kind::Trigger);
        let unread: Vec<&Item> = unread.filter(|item| item.fact("definition").is_some()).collect();
        assert!(unread.is_empty(), "{unread:?}");
        let rebuilt = File::new(&stored(&Connection::open(&path).expect("it can be opened")));
        assert_eq!(told(&compare(&found, &rebuilt.inventory())), [""; 0]);
        agrees_with_sqlite(&Connection::open(&path).expect("it can be opened"), &found);
    }
}

/// The stored texts, one after the other.
fn stored(connection: &Connection) -> String {
    let sql = "select group_concat(sql, ';' || char(10)) from (select sql from sqlite_schema where sql is not null \
               and name not like 'sqlite\\_%' escape '\\' order by type <> 'table', rowid)";
    connection.query_row(sql, [], |row| row.get(0)).expect("it can be read")
}

/// Holds what the texts tell to what SQLite's own pragmas tell.
fn agrees_with_sqlite(connection: &Connection, found: &Inventory) {
    let texts = |sql: &str, table: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("it can be prepared");
        let rows = statement.query_map([table], |row| row.get(0)).expect("it can be asked");
        rows.map(|row| row.expect("it is text")).collect()
    };
    let columns = "select lower(name) || '|' || lower(replace(type, ' ', '')) || '|' || case when \"notnull\" and not \
                   (pk > 0 and lower(type) = 'integer') then 'yes' else '' end from pragma_table_xinfo(?1) order by cid";
    let indexes = "select origin from pragma_index_list(?1) where origin in ('u', 'pk')";
    let references =
        "select distinct id || '|' || lower(\"table\") || '|' || on_delete from pragma_foreign_key_list(?1)";
    for table in found.items.iter().filter(|item| item.kind == Kind::Table) {
        let name = table.name.as_deref().expect("a table has a name");
        let told = found.parts(name, Kind::Column).map(|column| {
            let numbered = column.fact("numbers rows").is_some();
            let not_null = column.fact("not null").filter(|_| !numbered).unwrap_or_default();
            let own = column.name.as_deref().unwrap_or_default().to_lowercase();
            let declared = column.fact("type").unwrap_or_default().replace(' ', "");
            format!("{own}|{declared}|{not_null}")
        });
        assert_eq!(told.collect::<Vec<_>>(), texts(columns, name), "{name}");
        let has_rowid_key = found.parts(name, Kind::Column).any(|column| column.fact("numbers rows").is_some());
        let keys = found.parts(name, Kind::PrimaryKey).filter(|_| !has_rowid_key).count();
        let uniques = found.parts(name, Kind::Unique).count();
        assert_eq!(keys + uniques, texts(indexes, name).len(), "{name}");
        let listed = texts(references, name);
        let keys: Vec<&Item> = found.parts(name, Kind::ForeignKey).collect();
        assert_eq!(keys.len(), listed.len(), "{name}");
        for key in keys {
            let parent = key.fact("refers to").and_then(|to| to.split(" (").next()).expect("it refers to a table");
            let action = key.fact("on delete").unwrap_or("no action").to_uppercase();
            let ending = format!("|{}|{action}", parent.trim_matches('"'));
            assert!(listed.iter().any(|line| line.ends_with(&ending)), "{name}: {ending} in {listed:?}");
        }
    }
}

#[test]
fn what_the_texts_tell_is_what_sqlite_says_of_them() {
    let texts = mutations::MUTATIONS.iter().flat_map(|(expected, found, _)| [*expected, *found]);
    let texts = texts.chain(respellings::RESPELLINGS.iter().flat_map(|(one, other)| [*one, *other]));
    for sql in texts.chain([RICH]) {
        let file = File::new(sql);
        agrees_with_sqlite(&file.connection(), &file.inventory());
    }
}

#[test]
fn the_tools_own_tables_are_not_told_and_what_was_put_on_them_is() {
    let file = File::new(
        "create table strait_version (a unique); create index i on strait_version (a); \
                          create table strait_history (a); create table strait_refinery_history (a); \
                          create table strait_notes (a)",
    );
    let names: Vec<Option<String>> = file.inventory().items.into_iter().map(|item| item.name).collect();
    assert_eq!(names, ["strait_notes", "a", "i"].map(|name| Some(name.to_owned())));
}

#[test]
fn a_text_that_cannot_be_taken_apart_is_told_as_a_whole() {
    let file = File::new("create table t (a)");
    let write = |sql: &str| {
        let text = format!("pragma writable_schema = on; update sqlite_schema set sql = '{sql}' where name = 't'");
        file.run(&text);
        file.inventory()
    };
    // SQLite reads IF NOT EXISTS, and never stores it.
    let expected = write("CREATE TABLE IF NOT EXISTS t (A)");
    assert_eq!(facts(&expected.items[0]), "definition: create table if not exists t(a)");
    assert_eq!(told(&compare(&expected, &write("CREATE TABLE if not exists t ( a )"))), [""; 0]);
    let sentences = told(&compare(&expected, &write("CREATE TABLE IF NOT EXISTS t (b)")));
    assert_eq!(sentences, ["table t: definition create table if not exists t(a) → create table if not exists t(b)"]);
}

#[test]
fn the_tables_of_a_module_that_is_not_here_are_known_by_their_names() {
    let file = File::new("create table near_chunks (a); create table nearby (a)");
    file.run(
        "pragma writable_schema = on; \
         insert into sqlite_schema values ('table', 'near', 'near', 0, 'CREATE VIRTUAL TABLE near USING Vec9(At float[3])')",
    );
    let found = file.inventory();
    let named: Vec<&str> = found.items.iter().filter_map(|item| item.name.as_deref()).collect();
    assert_eq!(named, ["nearby", "a", "near"]);
    assert_eq!(facts(&found.items[2]), "definition: vec9(At float [3])");
    assert_eq!(found.unmanaged[0].name, "near_chunks");
}
