//! The verification finds whatever is changed in the target after a copy, and names the table.

use crate::support::open_webui::{KINDS, Kind, VERSIONS, crossings, database_of, target_for};
use crate::support::{Database, copy, strait, verify};

/// The names of the tables that a verification says to differ, from both forms of its report.
fn differing(version: &str, target: &Database) -> Vec<String> {
    let source = database_of(version);
    let (status, report) = verify(&source, target);
    let tables = report["tables"].as_array().expect("tables are listed").iter();
    let named = tables.filter(|table| !table["verdict"].as_str().is_some_and(|verdict| verdict.starts_with("equal")));
    let names: Vec<String> = named.map(|table| table["name"].as_str().expect("it has a name").to_owned()).collect();
    assert_eq!((status, report["equal"] == true), (i32::from(!names.is_empty()), names.is_empty()), "{report:#}");
    let run = strait(&["verify", source.to_str().expect("the path is UTF-8"), target.url(), "--quiet"]);
    let sentence = format!(
        "Different: {} of {} tables: {}.",
        names.len(),
        report["tables"].as_array().map_or(0, Vec::len),
        names.join(", ")
    );
    assert_eq!(run.stdout.contains(&sentence), !names.is_empty(), "{}", run.stdout);
    names
}

/// Copies, changes so many rows of the target (none where the change is one of structure), verifies.
fn differing_after(version: &str, kind: Kind, change: &str, rows: usize) -> Vec<String> {
    let target = target_for(version, kind);
    assert_eq!(copy(&database_of(version), &target, &[]).status, 0);
    let changed = target.psql(change);
    assert_eq!(changed.lines().filter(|line| *line == "changed").count(), rows, "{change}: {changed}");
    differing(version, &target)
}

#[test]
fn one_character() {
    for kind in KINDS {
        let change = "update memory set content = overlay(content placing case left(content, 1) when '#' then '*' else '#' end \
                      from 1 for 1) where id = (select max(id) from memory) returning 'changed'";
        assert_eq!(differing_after("0.12.4", kind, change, 1), ["memory"]);
    }
}

#[test]
fn one_blank_inside_a_json_document() {
    let change =
        "update chat set chat = (chat::text || ' ')::json where id = (select min(id) from chat) returning 'changed'";
    assert_eq!(differing_after("0.5.11", Kind::Application, change, 1), ["chat"]);
}

#[test]
fn one_flag() {
    let change =
        "update folder set is_expanded = not is_expanded where id = (select min(id) from folder) returning 'changed'";
    assert_eq!(differing_after("0.5.11", Kind::Application, change, 1), ["folder"]);
}

#[test]
fn one_microsecond() {
    for kind in KINDS {
        let change = "update config set created_at = created_at + interval '1 microsecond' returning 'changed'";
        assert_eq!(differing_after("0.5.11", kind, change, 1), ["config"]);
    }
}

#[test]
fn a_row_that_is_gone() {
    let change = "delete from message_reaction where id = (select max(id) from message_reaction) returning 'changed'";
    for kind in KINDS {
        assert_eq!(differing_after("0.12.4", kind, change, 1), ["message_reaction"]);
    }
}

#[test]
fn a_row_too_many() {
    let change = "insert into tag select 'added', name, user_id, meta from tag limit 1 returning 'changed'";
    for version in VERSIONS {
        assert_eq!(differing_after(version, Kind::Application, change, 1), ["tag"]);
    }
}

#[test]
fn a_row_twice_and_another_gone() {
    // As many rows as before; a sum that were an exclusive or would miss it where no key forbids it.
    let change = "with gone as (delete from chatidtag where id = (select max(id) from chatidtag) returning id) insert into \
                  chatidtag select 'twin', tag_name, chat_id, user_id, timestamp from chatidtag where id = (select min(id) \
                  from chatidtag) returning 'changed'";
    assert_eq!(differing_after("0.5.11", Kind::Application, change, 1), ["chatidtag"]);
}

#[test]
fn a_column_that_is_gone() {
    for kind in KINDS {
        assert_eq!(differing_after("0.12.4", kind, "alter table feedback drop column snapshot", 0), ["feedback"]);
    }
}

#[test]
fn a_table_that_is_gone() {
    for kind in KINDS {
        assert_eq!(differing_after("0.12.4", kind, "drop table channel_webhook", 0), ["channel_webhook"]);
    }
}

#[test]
fn two_values_that_changed_places() {
    let change = "update auth a set email = b.email from auth b where a.id in (select min(id) from auth union select max(id) \
                  from auth) and b.id in (select min(id) from auth union select max(id) from auth) and a.id <> b.id \
                  returning 'changed'";
    for (version, kind) in crossings() {
        assert_eq!(differing_after(version, kind, change, 2), ["auth"], "{version} {kind:?}");
    }
}

#[test]
fn two_columns_that_changed_places() {
    let change = "update \"user\" set name = email, email = name where id = (select min(id) from \"user\" where name <> email) \
                  returning 'changed'";
    assert_eq!(differing_after("0.12.4", Kind::Empty, change, 1), ["user"]);
}

#[test]
fn a_json_null_that_became_a_null() {
    let change = "update message set data = null where id = (select min(id) from message where data::text = 'null') returning \
                  'changed'";
    for version in VERSIONS {
        assert_eq!(differing_after(version, Kind::Application, change, 1), ["message"]);
    }
}

#[test]
fn a_null_that_became_a_json_null() {
    let change = "update knowledge set data = 'null' where id = (select min(id) from knowledge where data is null) \
                  returning 'changed'";
    for kind in KINDS {
        assert_eq!(differing_after("0.12.4", kind, change, 1), ["knowledge"]);
    }
}

#[test]
fn a_null_that_became_an_empty_text() {
    let change = "update folder set parent_id = '' where id = (select min(id) from folder where parent_id is null) returning 'changed'";
    assert_eq!(differing_after("0.12.4", Kind::Application, change, 1), ["folder"]);
}
