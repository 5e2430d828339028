//! Conditions: a check, a predicate or a generated column is the same in both engines.

use super::Both;

/// A condition, with values of the columns that it lets pass or not; NULL lets every row pass.
const CONDITIONS: &[(&str, &str, bool)] = &[
    ("a = 'x'", "a = 'x'", true),
    ("a = 'x'", "a = 'X'", false),
    ("a < 'a'", "a = 'B'", true),
    ("a < 'B'", "a = 'a'", false),
    ("a between 'A' and 'Z'", "a = 'b'", false),
    ("lower(a) = a", "a = 'É'", true),
    ("lower(a) = a", "a = 'E'", false),
    ("a like 'x_%'", "a = 'xy'", true),
    ("a like 'x_%'", "a = 'XY'", false),
    ("a not like '%*%'", "a = 'y*'", false),
    ("a not like '%[x]'", "a = 'x'", true),
    ("length(a) = 2", "a = 'éü'", true),
    ("trim(a) = 'x'", "a = ' x '", true),
    ("substr(a, 2, 1) = 'ü'", "a = 'xüz'", true),
    ("replace(a, 'x', 'yy') = 'ayya'", "a = 'axa'", true),
    ("a || 'z' = 'yz'", "a = 'y'", true),
    ("a in ('x', 'y')", "a = 'z'", false),
    ("a not in ('x', 'y')", "a = 'z'", true),
    ("price > 9.5", "price = '10'", true),
    ("price > 9", "price = '-10'", false),
    ("price between 1 and 9", "price = '10.00'", false),
    ("price in (1, 2)", "price = '2.00'", true),
    ("price = price2", "price = '1.5', price2 = '1.50'", true),
    ("coalesce(price, 0.00) > 1", "price = null", false),
    ("n / 2 = 1", "n = 3", true),
    ("n % 3 = -1", "n = -4", true),
    ("-n * 2 + 1 = 7", "n = -3", true),
    ("n is distinct from 3", "n = null", true),
    ("n is not distinct from 3", "n = null", false),
    ("cast(n as text) = '7'", "n = 7", true),
    ("abs(n) = 3", "n = -3", true),
    ("d * 2 > 1", "d = 0.6", true),
    ("round(d) = 3", "d = 2.5", true),
    ("round(d) = -3", "d = -2.5", true),
    ("cast(price as double) > 1.5", "price = '10'", true),
    ("greatest(n, 5) = 5", "n = null", true),
    ("least(n, 5) = 5", "n = 9", true),
    ("nullif(n, 3) is null", "n = 3", true),
    ("ok", "ok = false", false),
    ("ok = true", "ok = true", true),
    ("not ok", "ok = true", false),
    ("ok is not true", "ok = null", true),
    ("cast(ok as text) = 'true'", "ok = true", true),
    ("cast(ok as int) = 1", "ok = true", true),
    ("case a when 'x' then n > 1 else n > 10 end", "a = 'y', n = 5", false),
    ("case when ok then 1 else 2 end = 2", "ok = null", true),
    ("day > '2020-01-01'", "day = '2020-01-02'", true),
    ("at > '2020-01-01 00:00:00'", "at = '2020-01-01T00:00:01'", true),
    ("at < at2", "at = '2020-01-01 00:00:00', at2 = '2020-01-01T00:00:00.5'", true),
    ("seen = '2020-01-01 02:00:00+02:00'", "seen = '2020-01-01 00:00:00Z'", true),
    ("seen between '2020-01-01 00:00:00Z' and '2020-01-02 00:00:00Z'", "seen = '2020-01-02 01:00:00+00:00'", false),
    ("m <> 'sad'", "m = 'sad'", false),
    ("key = '123e4567-e89b-12d3-a456-426614174000'", "key = '123e4567-e89b-12d3-a456-426614174000'", true),
    ("a = 'x' or n > 1 and not ok", "a = 'y', n = 2, ok = false", true),
];

const COLUMNS: &str = "id int primary key, a text, n int, price numeric(9,2), price2 numeric, ok boolean, d double, \
                       day date, at timestamp, at2 timestamp, seen timestamptz, m mood, key uuid";

#[test]
fn a_check_lets_the_same_rows_pass_in_both_engines() {
    let tables: Vec<String> = CONDITIONS
        .iter()
        .enumerate()
        .map(|(at, (condition, ..))| format!("create table t{at} ({COLUMNS}, check ({condition}));\n"))
        .collect();
    let both = Both::of(&format!("create type mood as enum ('sad', 'happy');\n{}", tables.concat()));
    for (at, (condition, row, passes)) in CONDITIONS.iter().enumerate() {
        let pairs: Vec<(&str, &str)> =
            row.split(", ").map(|pair| pair.split_once(" = ").expect("a column and its value")).collect();
        let columns: Vec<&str> = pairs.iter().map(|(column, _)| *column).collect();
        let values: Vec<&str> = pairs.iter().map(|(_, value)| *value).collect();
        let sql = format!("insert into t{at} (id, {}) values (1, {})", columns.join(", "), values.join(", "));
        assert_eq!(both.takes(&sql), (*passes, *passes), "{condition} with {row}");
    }
}

#[test]
fn a_condition_that_is_kept_in_a_column_or_bounds_an_index_is_the_same_in_both_engines() {
    let tables = CONDITIONS.iter().enumerate().map(|(at, (condition, ..))| {
        format!(
            "create table t{at} ({COLUMNS}, made boolean generated always as ({condition}) stored);
             create unique index on t{at} (d, coalesce(a, 'x')) where {condition};\n"
        )
    });
    let both =
        Both::of(&format!("create type mood as enum ('sad', 'happy');\n{}", tables.collect::<Vec<_>>().concat()));
    for (at, (condition, row, passes)) in CONDITIONS.iter().enumerate() {
        let pairs: Vec<(&str, &str)> =
            row.split(", ").map(|pair| pair.split_once(" = ").expect("a column and its value")).collect();
        let columns: Vec<&str> = pairs.iter().map(|(column, _)| *column).collect();
        let values: Vec<&str> = pairs.iter().map(|(_, value)| *value).collect();
        let sql = format!("insert into t{at} (id, {}) values (1, {})", columns.join(", "), values.join(", "));
        assert_eq!(both.takes(&sql), (true, true), "{condition} with {row}");
        let (sqlite, postgres) =
            both.values(&format!("select case when made then 't' when not made then 'f' else 'n' end from t{at}"));
        assert_eq!(sqlite, postgres, "{condition} with {row}");
        assert_eq!(sqlite == "f", !passes, "{condition} with {row}: {sqlite}");
    }
}

#[test]
fn the_same_condition_added_later_and_as_a_predicate_is_the_same() {
    let mut both = Both::of(&format!(
        "create type mood as enum ('sad', 'happy'); create table t ({COLUMNS});
         create unique index one_dear on t (lower(a), n desc) where price > 9.5;
         create index by_day on t (day, coalesce(a, 'x'));"
    ));
    both.run("alter table t add constraint dear check (price > 1.5)");
    for (row, expected) in [
        ("1, 'A', 1, '10'", true),
        ("2, 'a', 1, '10'", false),
        ("3, 'a', 2, '10'", true),
        ("4, 'a', 1, '9'", true),
        ("5, 'a', 1, '1.5'", false),
    ] {
        let sql = format!("insert into t (id, a, n, price) values ({row})");
        assert_eq!(both.takes(&sql), (expected, expected), "{row}");
    }
    let indexes = both
        .postgres
        .psql("select string_agg(indexname, ' ' order by indexname) from pg_indexes where tablename = 't'");
    assert_eq!(indexes, "by_day one_dear t_pkey");
}
