//! One case: a source, a target, the program run between them, and what came of it.

use std::fs;
use std::path::Path;

use super::{exact, says, target};
use crate::support::{Database, Finished, Source, account, file_hash, strait_command};

/// What came of a case: each golden file's name and what it must hold.
pub(super) type Outcome = [(&'static str, String); 3];

/// Runs the case of a folder; what is wrong with it whatever its golden files say comes with the outcome.
pub(super) fn run(folder: &Path, target: &Database) -> (Outcome, Vec<String>) {
    target::empty(target);
    if let Some(sql) = read(folder, "target.sql") {
        target.psql(&sql);
    }
    let source = Source::from_sql(&read(folder, "source.sql").expect("a case has a source"));
    if let Some(schema) = read(folder, "schema.sql") {
        fs::write(source.path().with_file_name("schema.sql"), schema).expect("the folder can be written");
    }
    let mut faults = Vec::new();
    let before = file_hash(&source.path());
    let flags = read(folder, "flags.txt").unwrap_or_default();
    let mut flags: Vec<&str> = flags.split_whitespace().collect();
    if folder.join("schema.sql").is_file() {
        flags.extend(["--schema", "schema.sql"]);
    }
    let copied = between(&source, target, "copy", &flags);
    let mut said = if copied.stdout.is_empty() {
        says::refusal(&copied)
    } else {
        let report = account(&copied);
        faults.extend(exact::missing(&source.path(), target, &report));
        let verified = between(&source, target, "verify", &of_verify(&flags));
        format!("{}{}", says::report(copied.status, &report), says::verification(&verified))
    };
    if file_hash(&source.path()) != before {
        faults.push("the source was written".to_owned());
    }
    for (machine, word) in [(target.url(), "TARGET"), (target.name(), "DATABASE")] {
        said = said.replace(machine, word);
    }
    let socket = target.server().socket_dir().display().to_string();
    let said = said.replace(&socket, "SOCKET");
    ([("rows.txt", target::rows(target)), ("structure.txt", target::structure(target)), ("says.txt", said)], faults)
}

fn read(folder: &Path, name: &str) -> Option<String> {
    let path = folder.join(name);
    path.is_file().then(|| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Runs a command of the program in the source's folder, where paths are short.
pub(super) fn between(source: &Source, target: &Database, command: &str, flags: &[&str]) -> Finished {
    let mut arguments = vec![command, "source.db", target.url(), "--format", "json", "--quiet"];
    arguments.extend(flags);
    let path = source.path();
    let folder = path.parent().expect("the file is in a folder");
    let output = strait_command(&arguments).current_dir(folder).output().expect("the program can be started");
    Finished {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("the report is UTF-8"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The flags of a copy that say what is compared, as `verify` takes them.
fn of_verify<'f>(flags: &[&'f str]) -> Vec<&'f str> {
    let shared = |flag: &str, value: &str| match flag {
        "--exclude" | "--target-schema" | "--schema" | "--system" | "--orphans" => true,
        "--extra-tables" | "--extra-columns" => value == "leave-out",
        _ => false,
    };
    flags.windows(2).filter(|pair| shared(pair[0], pair[1])).flatten().copied().collect()
}
