//! What makes a thing anew for a moment, so that the server words it once more.

use super::constant::plain_default;
use super::keys::{first_list, one_line};
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Item, Kind};

/// What is made is called so, whatever it stands for.
const STAND_IN: &str = "strait_wording";

/// Statements that make a thing again in a place of its own, and the question how the server words it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reload {
    /// The statements.
    pub(super) make: String,
    /// The question; a column for each fact.
    pub(super) ask: String,
    /// The facts that the answer tells, in its order.
    pub(super) whats: Vec<&'static str>,
    /// What stands for the stand-in in the answer.
    whole: Option<String>,
    is_on_one_line: bool,
}

impl Reload {
    /// How to make an item of an inventory anew in a schema; nothing for what is not known to be worded in several ways.
    pub(super) fn of(item: &Item, inventory: &Inventory, place: &str) -> Option<Self> {
        match item.kind {
            Kind::Check => check(item, inventory, place),
            Kind::Column if item.fact("generated").is_some() => generated(item, inventory, place),
            Kind::Column => default(item, place),
            Kind::Domain => domain_default(item, place),
            Kind::Exclusion => exclusion(item, inventory, place),
            Kind::Index => index(item, inventory, place),
            Kind::View | Kind::MaterializedView => view(item, place),
            Kind::Trigger => trigger(item, inventory, place),
            Kind::Policy => policy(item, inventory, place),
            Kind::Statistics => statistics(item, inventory, place),
            Kind::Table => partitions(item, inventory, place),
            Kind::Rule => rule(item, inventory, place),
            Kind::Function => function(item, inventory, place),
            _ => None,
        }
    }

    /// A fact's text, from the server's answer.
    pub(super) fn text(&self, what: &str, answer: &str) -> String {
        let answer = if self.is_on_one_line { one_line(answer) } else { answer.to_owned() };
        match (what, &self.whole) {
            ("columns", _) => first_list(&answer).to_owned(),
            (_, Some(whole)) => answer.replacen(&format!(" {STAND_IN} "), &format!(" {whole} "), 1),
            _ => answer,
        }
    }
}

fn reload(make: String, ask: &str, whats: &[&'static str]) -> Option<Reload> {
    let ask = ask.replace("$stand_in", &format!("'{STAND_IN}'"));
    Some(Reload { make, ask, whats: whats.to_vec(), whole: None, is_on_one_line: false })
}

/// A table with the columns of the one that an item is a part of; `besides` stands for one of them.
fn table(item: &Item, inventory: &Inventory, place: &str, besides: Option<(&str, &str)>) -> Option<String> {
    let whole = item.part_of.as_deref().or(item.name.as_deref())?;
    let relation =
        |item: &&Item| item.part_of.is_none() && item.kind.holds_parts() && item.name.as_deref() == Some(whole);
    let columns = match inventory.items.iter().find(relation)?.fact("columns") {
        Some(columns) => columns.to_owned(),
        None => {
            let columns = inventory.parts(whole, Kind::Column).filter_map(|column| match besides {
                Some((name, instead)) if column.name.as_deref() == Some(name) => Some(instead.to_owned()),
                _ => declared(column),
            });
            columns.collect::<Vec<_>>().join(", ")
        }
    };
    Some(format!("create table {place}.{STAND_IN} ({columns})"))
}

/// A column with its type and collation.
pub(super) fn declared(column: &Item) -> Option<String> {
    let collation = column.fact("collation").map_or(String::new(), |collation| format!(" collate {collation}"));
    Some(format!("{} {}{collation}", quote(column.name.as_deref()?), column.fact("type")?))
}

fn check(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let expression = item.fact("expression")?;
    let ask = "select pg_get_expr(k.conbin, k.conrelid, true) from pg_catalog.pg_constraint k \
               where k.contype = 'c' and ";
    if let Some(domain) = inventory.item(Kind::Domain, item.part_of.as_deref()?) {
        let make = format!("create domain {place}.{STAND_IN} as {} check ({expression})", domain.fact("type")?);
        return reload(make, &format!("{ask} k.contypid = $stand_in::regtype"), &["expression"]);
    }
    let table = table(item, inventory, place, None)?;
    let make = format!("{table}; alter table {place}.{STAND_IN} add check ({expression})");
    reload(make, &format!("{ask} k.conrelid = $stand_in::regclass"), &["expression"])
}

const ASK_DEFAULT: &str =
    "select pg_get_expr(d.adbin, d.adrelid, true) from pg_catalog.pg_attrdef d where d.adrelid = $stand_in::regclass";

/// A default names no other column, so that its own stands for the table.
fn default(item: &Item, place: &str) -> Option<Reload> {
    let (name, default) = (item.name.as_deref()?, item.fact("default")?);
    let table = format!("create table {place}.{STAND_IN} ({})", declared(item)?);
    let plain = item.fact("type").and_then(|kind| plain_default(default, kind));
    let default = plain.as_deref().unwrap_or(default);
    let make = format!("{table}; alter table {place}.{STAND_IN} alter column {} set default {default}", quote(name));
    reload(make, ASK_DEFAULT, &["default"])
}

fn generated(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let (name, expression, kept) = (item.name.as_deref()?, item.fact("generated")?, item.fact("kept")?);
    let column = format!("{} generated always as ({expression}) {kept}", declared(item)?);
    reload(table(item, inventory, place, Some((name, &column)))?, ASK_DEFAULT, &["generated"])
}

fn domain_default(item: &Item, place: &str) -> Option<Reload> {
    let make = format!("create domain {place}.{STAND_IN} as {} default {}", item.fact("type")?, item.fact("default")?);
    let ask = "select coalesce(pg_get_expr(t.typdefaultbin, 0, true), t.typdefault) from pg_catalog.pg_type t \
               where t.oid = $stand_in::regtype";
    reload(make, ask, &["default"])
}

fn exclusion(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let definition = item.fact("definition")?;
    let table = table(item, inventory, place, None)?;
    let make = format!("{table}; alter table {place}.{STAND_IN} add {definition}");
    let ask = "select pg_get_constraintdef(k.oid, true) from pg_catalog.pg_constraint k \
               where k.contype = 'x' and k.conrelid = $stand_in::regclass";
    reload(make, ask, &["definition"])
}

fn index(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let method = item.fact("method").unwrap_or("btree");
    let condition = item.fact("where").map_or(String::new(), |condition| format!(" where {condition}"));
    let keys = item.fact("columns")?;
    let table = table(item, inventory, place, None)?;
    let make =
        format!("{table}; create index strait_wording_i on {place}.{STAND_IN} using {method} ({keys}){condition}");
    let ask = "select substr(pg_get_indexdef(i.indexrelid, 0, true), 1 + length(format( \
               'CREATE INDEX strait_wording_i ON strait_wording USING %I (', m.amname))), pg_get_expr(i.indpred, i.indrelid, true) \
               from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid \
               join pg_catalog.pg_am m on m.oid = c.relam where i.indrelid = $stand_in::regclass";
    reload(make, ask, &["columns", "where"])
}

fn view(item: &Item, place: &str) -> Option<Reload> {
    let make = format!("create view {place}.{STAND_IN} as {}", item.fact("definition")?);
    let ask = "select rtrim(ltrim(pg_get_viewdef($stand_in::regclass, true)), ';')";
    reload(make, ask, &["definition"]).map(|reload| Reload { is_on_one_line: true, ..reload })
}

fn trigger(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let (definition, name) = (item.fact("definition")?, item.part_of.as_deref()?);
    let written =
        [name.to_owned(), quote(name)].into_iter().find(|name| definition.contains(&format!(" ON {name} ")))?;
    let here = definition.replacen(&format!(" ON {written} "), &format!(" ON {place}.{STAND_IN} "), 1);
    let constraint = if item.fact("constraint").is_some() { "constraint " } else { "" };
    let mut make = table(item, inventory, place, None)?;
    if inventory.item(Kind::View, name).is_some() {
        make = make.replacen(STAND_IN, "strait_wording_t", 1);
        make.push_str(&format!("; create view {place}.{STAND_IN} as select * from {place}.strait_wording_t"));
    }
    let ask = format!(
        "select substr(pg_get_triggerdef(t.oid, true), {}) from pg_catalog.pg_trigger t where t.tgrelid = $stand_in::regclass",
        format!("CREATE {constraint}TRIGGER strait_wording ").len() + 1
    );
    let make = format!("{make}; create {constraint}trigger strait_wording {here}");
    reload(make, &ask, &["definition"]).map(|reload| Reload { whole: Some(written), ..reload })
}

fn statistics(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let table = table(item, inventory, place, None)?;
    let make =
        format!("{table}; create statistics {place}.{STAND_IN} {} from {place}.{STAND_IN}", item.fact("columns")?);
    // The server always names the schema of the statistics.
    let ask = "select ltrim(regexp_replace(d.text, '^CREATE STATISTICS [^ ]+| FROM strait_wording$', '', 'g')) \
               from pg_catalog.pg_statistic_ext s cross join lateral (select pg_get_statisticsobjdef(s.oid) as text) d \
               where s.stxrelid = $stand_in::regclass";
    reload(make, ask, &["columns"])
}

fn partitions(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let make = format!("{} partition by {}", table(item, inventory, place, None)?, item.fact("partitioned by")?);
    reload(make, "select pg_get_partkeydef($stand_in::regclass)", &["partitioned by"])
}

fn rule(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let (definition, name) = (item.fact("definition")?, item.part_of.as_deref()?);
    let written =
        [name.to_owned(), quote(name)].into_iter().find(|name| definition.contains(&format!(" TO {name} ")))?;
    let here = definition.replacen(&format!(" TO {written} "), &format!(" TO {place}.{STAND_IN} "), 1);
    let make = format!("{}; {here}", table(item, inventory, place, None)?);
    let ask = "select rtrim(pg_get_ruledef(r.oid, true), ';') from pg_catalog.pg_rewrite r \
               where r.ev_class = $stand_in::regclass";
    let reload = reload(make, ask, &["definition"])?;
    Some(Reload { whole: Some(written), is_on_one_line: true, ..reload })
}

/// A function whose body the server keeps parsed. It keeps its name, by which the body calls the arguments.
fn function(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let (arguments, definition) = (item.fact("arguments").unwrap_or_default(), item.fact("definition")?);
    let (name, _) = item.name.as_deref()?.split_once('(')?;
    let name = match name.split_once('.') {
        Some((schema, own)) if inventory.item(Kind::Schema, schema).is_some() => own,
        _ => name,
    };
    let (word, returns) = match item.fact("kind") {
        None => ("function", format!(" returns {}", item.fact("returns")?)),
        Some("procedure") => ("procedure", String::new()),
        Some(_) => return None,
    };
    let is_parsed = item.fact("language") == Some("sql") && is_parsed(definition);
    let make = format!("create {word} {place}.{}({arguments}){returns} language sql {definition}", quote(name));
    let ask = format!(
        "select pg_get_function_arguments(f.oid), {PARSED_BODY} from pg_catalog.pg_proc f where f.proname = {} and \
         f.pronamespace in (pg_my_temp_schema(), (select n.oid from pg_catalog.pg_namespace n where n.nspname = $stand_in))",
        literal(name)
    );
    is_parsed.then(|| reload(make, &ask, &["arguments", "definition"]))?
}

/// As `routines.sql` has it.
const PARSED_BODY: &str =
    r"rtrim((regexp_match(pg_get_functiondef(f.oid), E'\n ?(BEGIN ATOMIC\n.*|RETURN .*)$'))[1], E'\n')";

fn is_parsed(definition: &str) -> bool {
    definition.starts_with("BEGIN ATOMIC") || definition.starts_with("RETURN ")
}

fn policy(item: &Item, inventory: &Inventory, place: &str) -> Option<Reload> {
    let clause = |word: &str, fact: &str| item.fact(fact).map_or(String::new(), |text| format!(" {word} ({text})"));
    let command = item.fact("command").map_or(String::new(), |command| format!(" for {command}"));
    let (using, check) = (clause("using", "using"), clause("with check", "check"));
    let table = table(item, inventory, place, None)?;
    let make = format!("{table}; create policy strait_wording on {place}.{STAND_IN}{command}{using}{check}");
    let ask = "select pg_get_expr(p.polqual, p.polrelid, true), pg_get_expr(p.polwithcheck, p.polrelid, true) \
               from pg_catalog.pg_policy p where p.polrelid = $stand_in::regclass";
    reload(make, ask, &["using", "check"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;

    #[test]
    fn a_check_is_tried_on_a_table_with_the_same_columns() {
        let column = Item::new(Kind::Column, Some("t"), Some("A b")).with("type", Some("character varying(3)"));
        let column = column.with("collation", Some("\"C\"")).with("not null", Some("yes"));
        let check = Item::new(Kind::Check, Some("t"), Some("c")).with_sql("expression", Some("\"A b\" <> ''"));
        let items = vec![Item::new(Kind::Table, None, Some("t")), column, check];
        let inventory = Inventory { items, ..Inventory::new(Engine::Postgres) };
        let reload = Reload::of(&inventory.items[2], &inventory, "pg_temp").expect("it is known");
        let expected = "create table pg_temp.strait_wording (\"A b\" character varying(3) collate \"C\"); \
                        alter table pg_temp.strait_wording add check (\"A b\" <> '')";
        assert_eq!(reload.make, expected);
    }
}
