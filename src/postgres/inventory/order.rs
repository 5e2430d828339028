//! The order of an inventory: what is needed first comes first, and a relation's parts follow it.

use std::collections::HashMap;

use crate::schema::inventory::{Item, Kind};

/// Puts items in order. The order among parts of one kind stays as it is: columns stand as in their table.
pub(super) fn arrange(items: &mut [Item]) {
    let whole = |item: &Item| item.name.clone().filter(|_| item.part_of.is_none());
    let kinds: HashMap<String, Kind> = items
        .iter()
        .filter(|item| item.kind.holds_parts())
        .filter_map(|item| Some((whole(item)?, item.kind)))
        .collect();
    items.sort_by_cached_key(|item| {
        let relation = item.part_of.clone();
        let kind = relation.as_ref().and_then(|name| kinds.get(name)).copied().unwrap_or(item.kind);
        let name = relation.or_else(|| item.name.clone());
        (kind, name, item.part_of.is_some(), item.kind)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_their_relation() {
        let mut items = vec![
            Item::new(Kind::Index, Some("t"), Some("i")),
            Item::new(Kind::View, None, Some("a")),
            Item::new(Kind::Column, Some("t"), Some("z")),
            Item::new(Kind::Column, Some("t"), Some("b")),
            Item::new(Kind::Table, None, Some("t")),
            Item::new(Kind::Enum, None, Some("z")),
        ];
        arrange(&mut items);
        let names: Vec<&str> = items.iter().filter_map(|item| item.name.as_deref()).collect();
        assert_eq!(names, ["z", "t", "z", "b", "i", "a"]);
    }
}
