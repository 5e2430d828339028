//! A view that is made again shows in PostgreSQL what it shows in SQLite.

use crate::support::{Source, copy, fresh_database};

const SHOP: &str = "
create table city (id integer primary key, name text not null);
create table person (id integer primary key, name text, city integer references city, born integer, vip boolean, nick text collate nocase, score real);
create table sale (id integer primary key, person integer not null references person, cents integer not null, note text);
insert into city values (1, 'Ulm'), (2, 'Äbtal'), (3, 'zürich');
insert into person values (1, 'Ann', 1, 1980, 1, 'A', 1.5), (2, 'Bob', 1, 1995, 0, 'a', 0.1), (3, 'ann', 2, null, null, null, null),
  (4, null, null, 1980, 1, 'x', 1e300), (5, 'Éva', 9, 2001, 0, '', -0.0);
insert into sale values (1, 1, 500, 'x'), (2, 1, 250, null), (3, 2, 100, 'y'), (4, 5, -50, 'x'), (5, 1, 500, '');
";

/// Views that are made again, whose rows are compared.
const MADE: &[(&str, &str)] = &[
    ("joined", "select p.id, p.name, c.name as city from person p join city c on c.id = p.city"),
    (
        "outer_joined",
        "select person.id, city.name from person left join city on city.id = person.city and city.name <> 'Ulm'",
    ),
    ("by_comma", "select p.id as p, s.id as s from person as p, sale s where s.person = p.id and s.cents > 0"),
    ("crossed", "select c.id, d.id as other from city c cross join city d where c.id < d.id"),
    ("all_of_both", "select * from city c join person p on p.city = c.id"),
    ("all_of_one", "select c.*, p.name as person from city c left join person p on p.city = c.id"),
    ("counted", "select city, count(*) as people, count(name) as named from person group by city"),
    (
        "summed",
        "select p.name, sum(s.cents) as cents, min(s.note) as first_note, max(s.cents) as most from person p left join sale s on s.person = p.id group by p.id, p.name",
    ),
    ("over_all", "select count(*) as n, sum(cents) as cents, max(note) as note from sale where cents > 0"),
    ("over_nothing", "select count(*) as n, sum(cents) as cents from sale where cents > 10000"),
    ("different_notes", "select distinct note from sale"),
    (
        "computed",
        "select id, name || ' #' || id as label, born < 1990 as old, case when vip then 'v' else '' end as mark, substr(name, 1, 2) as start from person",
    ),
    (
        "by_first_letter",
        "select upper(substr(name, 1, 1)) as letter, count(*) as n from person where name is not null group by upper(substr(name, 1, 1))",
    ),
    ("old_or_not", "select born < 1990 as old, count(*) as n from person group by born < 1990"),
    ("a_constant", "select 'x' as kind, 1 as one, id from city"),
    ("lowest_name", "select min(name) as low, max(name) as high from city"),
    ("by_place", "select city, count(*) as n from person group by 1"),
];

/// Views that are named: a part of each means something else, or is not known to mean the same.
const NAMED: &[(&str, &str)] = &[
    ("of_no_group", "select city, name, count(*) as n from person group by city"),
    ("averaged", "select avg(cents) as mean from sale"),
    ("totalled", "select sum(score) as total from person"),
    ("by_nick", "select nick, count(*) as n from person group by nick"),
    ("lowest_nick", "select min(nick) as low from person"),
    ("listed", "select group_concat(name) as names from person"),
    ("different", "select count(distinct note) as n from sale"),
    ("having_many", "select city, count(*) as n from person group by city having count(*) > 1"),
    ("ordered", "select id from person order by name"),
    ("naturally", "select * from city natural join person"),
    ("using_id", "select * from city join sale using (id)"),
    ("of_a_query", "select * from (select id from city) x"),
    ("of_a_view", "select * from counted"),
    ("halved", "select cents / 2 as half from sale"),
    ("over_rows", "select id, sum(cents) over (order by id) as so_far from sale"),
    ("united", "select id from city union select id from sale"),
];

#[test]
fn a_view_of_joined_tables_and_groups_shows_the_same_rows() {
    let views: String =
        MADE.iter().chain(NAMED).map(|(name, body)| format!("create view {name} as {body};\n")).collect();
    let source = Source::from_sql(&format!("{SHOP}{views}"));
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &["--orphans", "keep"]);
    let left_out: Vec<&str> = copied.report["left_out"]
        .as_array()
        .expect("what is left out is a list")
        .iter()
        .filter(|object| object["kind"] == "view")
        .filter_map(|object| object["name"].as_str())
        .collect();
    let mut expected: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
    let mut found = left_out.clone();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "{:#}", copied.report["left_out"]);
    assert!(copied.objects("unbuilt").iter().all(|one| !one.contains("view")), "{:#}", copied.report["unbuilt"]);
    let connection = source.connect();
    for (name, _) in MADE {
        let mut statement = connection.prepare(&format!("select * from {name}")).expect("the view is there");
        let width = statement.column_count();
        let cell = |value: rusqlite::types::Value| match value {
            rusqlite::types::Value::Null => "NULL".to_owned(),
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Real(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(_) => "a blob".to_owned(),
        };
        let read = |row: &rusqlite::Row<'_>| {
            let cells = (0..width).map(|at| row.get(at).map(cell)).collect::<rusqlite::Result<Vec<_>>>();
            cells.map(|cells| cells.join("|"))
        };
        let mut expected: Vec<String> =
            statement.query_map([], read).expect("it can be read").map(|row| row.expect("it is a row")).collect();
        let shown =
            (1..=width).map(|at| format!("coalesce(c{at}::text, 'NULL')")).collect::<Vec<_>>().join(" || '|' || ");
        let names = (1..=width).map(|at| format!("c{at}")).collect::<Vec<_>>().join(", ");
        let lines = target.psql(&format!("select {shown} from {name} as v ({names})"));
        // A boolean column is 1 or 0 in SQLite, and a real is written otherwise.
        let alike = |line: &str| {
            let cells = line.split('|').map(|cell| match cell {
                "true" => "1".to_owned(),
                "false" => "0".to_owned(),
                cell => cell.parse::<f64>().map_or_else(|_| cell.to_owned(), |number| number.to_string()),
            });
            cells.collect::<Vec<_>>().join("|")
        };
        let mut found: Vec<String> = lines.lines().map(alike).collect();
        expected.iter_mut().for_each(|line| *line = alike(line));
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
}
