//! What is on the list of translated forms, and what is not.

use super::*;
use crate::schema::Column;

fn table() -> Table {
    let columns = vec![
        Column::new("email", LogicalType::Text),
        Column::new("active", LogicalType::Boolean),
        Column::new("size", LogicalType::BigInt),
        Column::new("data", LogicalType::Json),
        Column::new("nick", LogicalType::Text),
        Column::new("mixed", LogicalType::Text),
        Column::new("emptied", LogicalType::Timestamp(6)),
        Column::new("price", LogicalType::Numeric(None)),
        Column::new("ratio", LogicalType::Double),
        Column::new("large", LogicalType::BigInt),
    ];
    Table { columns, ..Table::default() }
}

fn translated(sql: &str) -> Result<String, String> {
    let table = table();
    let meaning = |column: &Column| match column.name.as_str() {
        "nick" => Meaning::Collated,
        "mixed" => Meaning::Otherwise("it is mixed".into()),
        "emptied" => Meaning::WithOtherNulls("it is emptied".into()),
        "large" => Meaning::Large,
        _ => Meaning::Same,
    };
    let meanings = table.columns.iter().map(|column| (column.name.clone(), meaning(column))).collect();
    let name_of = |name: &str| table.column_like(name).map(|column| column.name.clone());
    condition(sql, &Columns { table: &table, name_of: &name_of, meanings: &meanings })
}

#[test]
fn what_is_on_the_list_keeps_its_meaning() {
    for (sqlite, postgres) in [
        ("email IS NOT NULL", "\"email\" is not null"),
        ("(email IS NULL) != (size IS NULL)", "(\"email\" is null) <> (\"size\" is null)"),
        ("active = 1", "\"active\" = true"),
        ("active", "\"active\""),
        ("size", "\"size\" <> 0"),
        ("SIZE > 3 AND (email = 'a' OR active)", "\"size\" > 3 and (\"email\" collate \"C\" = 'a' or \"active\")"),
        ("lower(email) = email", "lower(\"email\" collate \"C\") collate \"C\" = \"email\""),
        ("email IN ('a', 'b')", "\"email\" collate \"C\" in ('a', 'b')"),
        ("length(email) <= 10", "char_length(\"email\") <= 10"),
        ("email BETWEEN 'a' AND 'b'", "\"email\" collate \"C\" between 'a' and 'b'"),
        ("length(nick) + 1 > 2", "char_length(\"nick\")::bigint + 1 > 2"),
        ("mixed IS NULL AND (nick) IS NOT NULL", "\"mixed\" is null and \"nick\" is not null"),
        ("price >= 0.01 OR ratio < 0.1", "\"price\" >= 0.01 or \"ratio\" < 0.1"),
        ("size + 1 > - -5", "\"size\" + 1 > -(-5::bigint)"),
        ("large > 9223372036854775806", "\"large\" > 9223372036854775806"),
        ("coalesce(size, 0) = 0", "coalesce(\"size\", 0) = 0"),
        (
            "email IS 'a' AND size IS NOT 3",
            "\"email\" collate \"C\" is not distinct from 'a' and \"size\" is distinct from 3",
        ),
        ("active IS NOT NULL AND active IS 1", "\"active\" is not null and \"active\" is not distinct from true"),
        ("email || '/' || size = 'a'", "((\"email\" || '/') || (\"size\")::text) collate \"C\" = 'a'"),
        ("substr(email, 1, 3) = 'abc'", "substr(\"email\", 1, 3) collate \"C\" = 'abc'"),
        ("trim(email) <> ltrim(email)", "btrim(\"email\") collate \"C\" <> ltrim(\"email\")"),
        (
            "case when size > 1 then 'a' when active then null else email end = 'b'",
            "case when \"size\" > 1 then 'a' when \"active\" then null else \"email\" end collate \"C\" = 'b'",
        ),
        ("- -ratio > abs(-ratio)", "(0 - (0 - \"ratio\")) > abs((0 - \"ratio\"))"),
        ("large >= -9223372036854775808", "\"large\" >= '-9223372036854775808'::bigint"),
        ("email is 'a' is null or 1", "(\"email\" collate \"C\" is not distinct from 'a') is null or 1 <> 0"),
        ("size between 1 and 2.5", "\"size\" between 1 and 2.5"),
        ("substr(email, 2147483647) = ''", "substr(\"email\", 2147483647) collate \"C\" = ''"),
        ("iif(size > 1, 1, 2) = 2", "case when \"size\" > 1 then 1 else 2 end = 2"),
        ("replace(email, 'a', nick) = ''", "replace(\"email\" collate \"C\", 'a', \"nick\") collate \"C\" = ''"),
    ] {
        assert_eq!(translated(sqlite).as_deref(), Ok(postgres), "{sqlite}");
    }
}

#[test]
fn a_column_that_compares_otherwise_is_asked_for_null_alone() {
    for sqlite in
        ["mixed > '5'", "lower(mixed) = 'a'", "coalesce(mixed, '') is null", "not mixed", "size > 0 or mixed = ''"]
    {
        assert_eq!(translated(sqlite), Err("it is mixed".into()), "{sqlite}");
    }
    for sqlite in ["emptied IS NULL", "emptied = 'x'"] {
        assert_eq!(translated(sqlite), Err("it is emptied".into()), "{sqlite}");
    }
    assert!(translated("nick = 'a'").is_err());
    assert!(translated("nick BETWEEN 'a' AND 'b'").is_err());
}

#[test]
fn what_one_engine_rounds_or_does_not_hold_is_refused() {
    for sqlite in [
        "price * 3 > 0.3",
        "ratio + 1 > 2",
        "size * 0.1 = 0.3",
        "0.1 + 0.2 = 0.3",
        "size + 9223372036854775807 > 0",
        "size - 4294967296 > 0",
        "size * size > 0",
        "large + 1 > 0",
        "-large < 0",
        "large > ratio",
        "ratio > 9007199254740993",
        "size > 9223372036854775808",
        "price > 0.12345678901234567",
        "ratio < 9e999",
    ] {
        assert!(translated(sqlite).is_err(), "{sqlite}: {:?}", translated(sqlite));
    }
}

#[test]
fn what_is_not_on_the_list_is_refused_with_a_reason() {
    for sqlite in [
        "size = '3'",
        "json_valid(data)",
        "email GLOB 'a*'",
        "gone = 1",
        "active = 2",
        "email",
        "size / 2 = 1",
        "data = data",
        "size = 1 = active",
        "email IS 'a' IS 1",
        "active IS TRUE",
        "size > 1 COLLATE x",
        "size + 1 || email = '1'",
        "size * 2 || email = '1'",
        "-size || email = '1'",
        "email || ratio = 'x'",
        "email || null = 'x'",
        "substr(email, -2) = 'x'",
        "substr(email, 0, 2) = 'x'",
        "substr(email, size) = 'x'",
        "trim(email, 'x') = 'y'",
        "substr(email, 2147483648) = 'x'",
        "substr(email, 1, 3000000000) = 'x'",
        "1 in (active, size)",
        "1 between active and size",
        "coalesce(ratio, -0.0) = 1",
        "case size when 1 then 'a' end = 'a'",
        "case when size > 1 then 'a' else 2 end = 'a'",
        "case when size > 1 then null end is null or gone = 1",
    ] {
        assert!(translated(sqlite).is_err(), "{sqlite}");
    }
}

#[test]
fn a_key_that_is_always_null_is_refused() {
    let (table, meanings) = (Table::default(), BTreeMap::new());
    let columns = Columns { table: &table, name_of: &|_| None, meanings: &meanings };
    assert_eq!(key("null", &columns), Err("its key is always NULL".into()));
    assert_eq!(key("1", &columns).as_deref(), Ok("1"));
}

#[test]
fn a_chain_of_twenty_thousand_parts_is_refused_before_a_tree_is_made_of_it() {
    let chain = |part: &str, glue: &str| vec![part; 20_000].join(glue);
    for sql in [chain("size = 1", " or "), chain("email", " || ") + " = ''", chain("size", " * ") + " > 1"] {
        assert_eq!(translated(&sql), Err("it is nested too deep".into()));
    }
    let listed = format!("size in ({})", chain("7", ", "));
    assert!(translated(&listed).is_ok());
    let same = |sql: &str| is_the_same(sql, sql);
    assert!(same(&vec!["a"; 100].join(" or ")) && !same(&chain("a", " or ")));
}

#[test]
fn what_a_column_is_computed_of_is_of_its_type() {
    let table = table();
    let meanings = table.columns.iter().map(|column| (column.name.clone(), Meaning::Same)).collect();
    let name_of = |name: &str| table.column_like(name).map(|column| column.name.clone());
    let columns = Columns { table: &table, name_of: &name_of, meanings: &meanings };
    let computed = |sql: &str, logical: LogicalType| value(sql, &columns, &logical);
    assert_eq!(computed("size + 1", LogicalType::BigInt).as_deref(), Ok("\"size\" + 1"));
    assert_eq!(computed("size > 1", LogicalType::BigInt).as_deref(), Ok("(\"size\" > 1)::int::bigint"));
    assert_eq!(computed("size > 1", LogicalType::Boolean).as_deref(), Ok("\"size\" > 1"));
    assert_eq!(computed("ratio", LogicalType::Double).as_deref(), Ok("\"ratio\""));
    for (sql, logical) in [
        ("size", LogicalType::Text),
        ("email", LogicalType::BigInt),
        ("price", LogicalType::Numeric(None)),
        ("data", LogicalType::Json),
        ("null", LogicalType::Text),
        ("size", LogicalType::Boolean),
    ] {
        assert!(computed(sql, logical).is_err(), "{sql}");
    }
}
