//! The command line as a person or a script meets it: help, one report, one exit status, streams that close early.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::support::process::Running;
use crate::support::{account, fixture, fresh_database, strait, strait_command};

const LIMIT: Duration = Duration::from_secs(20);
const COMMANDS: [&str; 3] = ["copy", "verify", "rehearse"];

fn source() -> String {
    fixture("open-webui-0.5.11.db").to_str().expect("the path is UTF-8").to_owned()
}

/// The only JSON document of a text; nothing but blanks may stand around it.
fn one_document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not one JSON document ({error}): {text}"))
}

#[test]
fn the_help_of_every_command_has_an_example() {
    for command in COMMANDS {
        let help = strait(&[command, "--help"]);
        assert_eq!((help.status, help.stderr.as_str()), (0, ""));
        assert!(help.stdout.contains(&format!("Example: strait {command} webui.db")), "{}", help.stdout);
        assert!(help.stdout.contains("--format"), "{}", help.stdout);
    }
    let help = strait(&["--help"]);
    assert_eq!(help.status, 0);
    for told in COMMANDS.into_iter().chain(["Exit status: 0"]) {
        assert!(help.stdout.contains(told), "{told} is not in: {}", help.stdout);
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    for flag in ["--version", "-V"] {
        let version = strait(&[flag]);
        assert_eq!((version.status, version.stdout), (0, format!("strait {}\n", env!("CARGO_PKG_VERSION"))));
    }
}

#[test]
fn a_slip_of_the_finger_is_answered_with_the_right_word() {
    for (typed, meant) in [
        (&["copy", "--formt", "json", "a", "b"][..], "--format"),
        (&["copy", "--on-nonempy", "truncate", "a", "b"], "--on-nonempty"),
        (&["verify", "--target-shema", "x", "a", "b"], "--target-schema"),
        (&["rehearse", "--kep", "a"], "--keep"),
        (&["copi", "a", "b"], "copy"),
        (&["copy", "a", "b", "--format", "jsn"], "json"),
    ] {
        let said = strait(typed);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{typed:?}");
        assert!(
            said.stderr.contains("similar") && said.stderr.contains(&format!("'{meant}'")),
            "{typed:?}: {}",
            said.stderr
        );
    }
}

#[test]
fn nothing_typed_shows_what_could_be() {
    let said = strait(&[]);
    assert_eq!(said.status, 2);
    assert!(COMMANDS.iter().all(|command| said.stderr.contains(command)), "{}", said.stderr);
    for wrong in
        [&["copy"][..], &["copy", "a", "b", "c"], &["copy", "a", "b", "--jobs", "0"], &["copy", "a", "b", "-j", "many"]]
    {
        let said = strait(wrong);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(said.stderr.contains("error: "), "{wrong:?}: {}", said.stderr);
    }
}

#[test]
fn the_json_report_is_all_there_is_on_standard_output() {
    for loud in [&[][..], &["-v"], &["-vv"], &["-vv", "--log-format", "json"], &["--quiet"]] {
        let target = fresh_database();
        for command in ["copy", "verify"] {
            let source = source();
            let mut arguments = vec![command, &source, target.url(), "--format", "json"];
            arguments.extend(loud);
            let run = strait(&arguments);
            assert_eq!(run.status, 0, "{loud:?}: {}", run.stderr);
            let report = if command == "copy" { account(&run) } else { one_document(&run.stdout) };
            assert_eq!(report["tables"].as_array().map(Vec::len), Some(23), "{loud:?}");
            let only_notices = run.stderr.lines().all(|line| line.starts_with("note: "));
            assert!(only_notices || !loud.contains(&"--quiet"), "{}", run.stderr);
            if loud.contains(&"json") {
                for line in run.stderr.lines().filter(|line| line.starts_with('{')) {
                    one_document(line);
                }
                assert!(run.stderr.lines().any(|line| line.starts_with('{')), "{}", run.stderr);
            }
        }
    }
}

#[test]
fn a_users_value_is_never_logged() {
    let connection = rusqlite::Connection::open(fixture("open-webui-0.5.11.db")).expect("the fixture can be opened");
    let email: String =
        connection.query_row("select max(email) from auth", [], |row| row.get(0)).expect("there is one");
    let target = fresh_database();
    for command in ["copy", "verify"] {
        let mut command = strait_command(&[command, &source(), target.url(), "-vv"]);
        let ended = Running::start(command.env("RUST_LOG", "trace")).end_within(LIMIT);
        assert_eq!(ended.status, 0);
        assert!(!ended.stderr.contains(&email) && !ended.stdout.contains(&email));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let target = fresh_database();
    let program = env!("CARGO_BIN_EXE_strait");
    for command in ["copy", "verify"] {
        for format in ["text", "json"] {
            let line = format!(
                "('{program}' {command} '{}' '{}' --format {format} {}; echo \"status $?\" >&2) | head -c 1",
                source(),
                target.url(),
                if command == "copy" { "--on-nonempty truncate" } else { "" }
            );
            let ended = Running::start(Command::new("sh").args(["-c", &line])).end_within(LIMIT);
            assert_eq!(ended.stdout.len(), 1, "{line}: {}", ended.stderr);
            assert!(
                !ended.stderr.contains("panicked") && !ended.stderr.contains("a fault of"),
                "{line}: {}",
                ended.stderr
            );
            assert!(ended.stderr.contains("status 0"), "{line}: {}", ended.stderr);
        }
    }
    // Closed before the program began, both of them.
    let closed = format!("'{program}' verify '{}' '{}' >&- 2>&-; test $? -lt 3", source(), target.url());
    assert_eq!(Running::start(Command::new("sh").args(["-c", &closed])).end_within(LIMIT).status, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    let target = fresh_database();
    let line = format!("'{}' copy '{}' '{}' > /dev/full", env!("CARGO_BIN_EXE_strait"), source(), target.url());
    let ended = Running::start(Command::new("sh").args(["-c", &line])).end_within(LIMIT);
    assert_eq!(ended.status, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("cannot write the report"), "{}", ended.stderr);
}
