//! The order of what mends, without an engine.

use super::in_turn;
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, Use, compare};

fn item(kind: Kind, part_of: Option<&str>, name: &str) -> Item {
    let mut item = Item::new(kind, part_of, Some(name));
    item.create = Some(format!("create {name}"));
    item.drop = Some(format!("drop {name}"));
    item
}

fn using(mut item: Item, of: &str, part: Option<&str>) -> Item {
    item.uses.push(Use { of: of.into(), part: part.map(str::to_owned) });
    item
}

fn of(items: Vec<Item>) -> Inventory {
    Inventory { items, ..Inventory::new(Engine::Postgres) }
}

fn mends(expected: Vec<Item>, found: Vec<Item>) -> Vec<String> {
    let (expected, found) = (of(expected), of(found));
    let mut differences = compare(&expected, &found);
    for one in differences.iter_mut().filter(|one| one.mend.is_none()) {
        one.mend = Some(format!("alter {}", one.subject()));
    }
    in_turn(differences, &expected, &found).into_iter().filter_map(|one: Difference| one.mend).collect()
}

#[test]
fn a_view_goes_before_its_column_changes_and_comes_again_after_it() {
    let table = |kind: &str| {
        vec![item(Kind::Table, None, "t"), item(Kind::Column, Some("t"), "a").with("type", Some(kind.to_owned()))]
    };
    let views = || {
        [using(item(Kind::View, None, "v"), "t", Some("a")), using(item(Kind::View, None, "over_v"), "v", Some("a"))]
    };
    let (mut expected, mut found) = (table("bigint"), table("integer"));
    expected.extend(views());
    found.extend(views());
    assert_eq!(mends(expected, found), ["drop over_v;\ndrop v;\nalter t.a;\ncreate v;\ncreate over_v"]);
}

#[test]
fn a_key_comes_before_the_reference_that_needs_it_and_goes_after_it() {
    let tables = || vec![item(Kind::Table, None, "child"), item(Kind::Table, None, "parent")];
    let reference = || using(item(Kind::ForeignKey, Some("child"), "fk"), "parent", Some("key"));
    let mut both = tables();
    both.extend([reference(), item(Kind::PrimaryKey, Some("parent"), "key")]);
    assert_eq!(mends(both.clone(), tables()), ["create key", "create fk"]);
    assert_eq!(mends(tables(), both), ["drop fk", "drop key"]);
}

#[test]
fn tables_that_refer_to_each_other_come_and_go() {
    let tables = || {
        let mut items = vec![
            item(Kind::Table, None, "one"),
            using(item(Kind::ForeignKey, Some("one"), "to_two"), "two", Some("k")),
            item(Kind::Table, None, "two"),
            using(item(Kind::ForeignKey, Some("two"), "to_one"), "one", Some("k")),
        ];
        items[0].create = Some("create one;\ncreate to_two".into());
        items[2].create = Some("create two;\ncreate to_one".into());
        items
    };
    let made = mends(tables(), Vec::new()).join(";\n");
    let at = |text: &str, what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is in {text}"));
    let last_table = at(&made, "create one").max(at(&made, "create two"));
    assert!(made.ends_with("create to_two") || made.ends_with("create to_one"), "{made}");
    assert!(at(&made, "create to_two").max(at(&made, "create to_one")) > last_table, "{made}");
    let gone = mends(Vec::new(), tables()).join(";\n");
    assert!(at(&gone, "drop to_") < at(&gone, "drop one").min(at(&gone, "drop two")), "{gone}");
}
