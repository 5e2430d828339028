//! What a schema file holds beside the structure that both engines share: statements of one engine, and rows.

use crate::migrate::folder::{Folder, Script};
use crate::schema::language::{Kind, Statement, block, parse};

/// The first revision of a folder: all that a schema file holds, in an order in which it can be run.
pub(super) fn whole(schema_file: &str, portable: &str) -> String {
    let statements = parse(schema_file).map_or_else(|_| Vec::new(), |script| script.statements);
    let is_shared = |statement: &Statement| matches!(statement.kind, Kind::Changes(_));
    let first = statements.iter().position(is_shared).unwrap_or(statements.len());
    let (before, after) = statements.split_at(first);
    let after: Vec<Statement> = after.iter().filter(|statement| !is_shared(statement)).cloned().collect();
    [written(before), portable.to_owned(), written(&after)].concat()
}

fn written(statements: &[Statement]) -> String {
    let part = |alike: &[Statement]| {
        let texts: Vec<String> = alike.iter().map(|statement| statement.text.clone()).collect();
        match alike.first().map(|first| &first.kind) {
            Some(Kind::Opaque(engine)) => block::write(*engine, &[], &texts),
            _ => texts.iter().map(|text| format!("{text};\n")).collect(),
        }
    };
    statements.chunk_by(|one, next| one.kind == next.kind).map(part).collect()
}

/// What a schema file holds that no revision of a folder has in the same words, a sentence for each.
pub(super) fn missing(statements: &[Statement], folder: &Folder) -> Vec<String> {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let scripts = folder.revisions.iter().flat_map(|revision| revision.up.all());
    let known: Vec<String> = scripts.map(|script: &Script| words(&script.text)).collect();
    let is_new = |statement: &&Statement| !known.iter().any(|text| text.contains(&words(&statement.text)));
    let sentence = |statement: &Statement| {
        let what = match statement.kind {
            Kind::Opaque(engine) => format!("is for {} alone", engine.name()),
            _ => "inserts rows".to_owned(),
        };
        format!(
            "line {} of the schema file {what}, and no revision has it in these words; where it is new, write it by hand",
            statement.at.line
        )
    };
    statements.iter().filter(is_new).map(sentence).collect()
}
