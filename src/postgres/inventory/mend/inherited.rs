//! What a partition has from its parent and was switched on or off apart from it: triggers, and the checks of references.

use super::{Change, relation};
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::full;
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Kind};

/// What is told of one trigger: its kind, its name in quotes where it needs them, and how it is switched.
type Told<'t> = (&'t str, &'t str, &'t str);

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    let table = full(change.item.name.as_deref()?, change.inventory);
    let (wanted, there) = (read(change.expected)?, read(change.found)?);
    let same = |one: &Told<'_>, other: &Told<'_>| (one.0, one.1) == (other.0, other.1);
    let mut statements = Vec::new();
    if there.iter().any(|(kind, ..)| *kind == REFERENCE) {
        statements.push(checked_again(&table));
    }
    for (kind, name, how) in wanted.iter().filter(|one| !there.contains(one)) {
        // Those that check a reference have no name that stays the same.
        let by_name = *kind == TRIGGER;
        statements
            .push(by_name.then(|| format!("alter table {table} {} trigger {name}", relation::switch(Some(how))))?);
    }
    for (_, name, _) in there.iter().filter(|one| one.0 == TRIGGER && !wanted.iter().any(|other| same(one, other))) {
        let how = relation::switch(of_parent(name, change.inventory));
        statements.push(format!("alter table {table} {how} trigger {name}"));
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

const TRIGGER: &str = "trigger";
const REFERENCE: &str = "foreign key";

/// Reads what is told: `trigger t disabled, foreign key f disabled`.
fn read(text: Option<&str>) -> Option<Vec<Told<'_>>> {
    let one = |entry| {
        let (what, how) = str::rsplit_once(entry, ' ')?;
        [TRIGGER, REFERENCE].iter().find_map(|kind| Some((*kind, what.strip_prefix(kind)?.trim_start(), how)))
    };
    text.map(parts).unwrap_or_default().into_iter().map(one).collect()
}

/// Whether the trigger of which a partition has a copy is switched on.
fn of_parent<'i>(name: &str, inventory: &'i Inventory) -> Option<&'i str> {
    let own = inventory.items.iter().filter(|item| item.kind == Kind::Trigger);
    let mut named = own.filter(|item| item.name.as_deref().is_some_and(|known| known == name || quote(known) == name));
    named.find_map(|item| item.fact("enabled"))
}

/// Switches on what checks the references of a partition; the server has named it by a number.
fn checked_again(table: &str) -> String {
    let alter = literal(&format!("alter table {table} enable trigger "));
    let table = literal(table);
    format!(
        "do $mend$ declare one name; begin\n    for one in select tgname from pg_catalog.pg_trigger where tgrelid = \
         {table}::regclass and tgisinternal and tgconstraint <> 0 and tgenabled <> 'O' loop\n        execute {alter} || \
         quote_ident(one);\n    end loop;\nend $mend$"
    )
}
