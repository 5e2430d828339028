//! The shell that runs the server and survives us by a moment: started, asked, awaited.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::folder::Account;
use super::{LOG_FILE, PORT, PrivateServerError, Settings};

const SCRIPT: &str = include_str!("supervise.sh");
const START_LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);
const LOG_LINES: usize = 12;

const ALWAYS: [(&str, &str); 8] = [
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "60"),
    ("shared_buffers", "128MB"),
    ("max_wal_size", "4GB"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("logging_collector", "off"),
];
/// What a server need not do when nothing of it has to survive a crash.
const THROWN_AWAY: [(&str, &str); 5] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
];

/// Starts the supervisor, which makes the given folder and runs the server in it.
pub(super) fn spawn(
    folder: &Path,
    account: Option<Account>,
    bin: &Path,
    settings: &Settings,
) -> Result<(Child, ChildStdin), PrivateServerError> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", SCRIPT, "supervise"])
        .args([folder, bin])
        .args(server_arguments(folder, settings))
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    set_environment(&mut command);
    if let Some(account) = account {
        // The standard library drops root's supplementary groups along with root's id.
        command.uid(account.uid).gid(account.gid);
    }
    let failed = |source| PrivateServerError::Supervisor { source };
    let mut supervisor = command.spawn().map_err(failed)?;
    let lifeline = supervisor.stdin.take();
    lifeline.map(|lifeline| (supervisor, lifeline)).ok_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))
}

/// Waits until the supervisor has made its folder; tells whether it could.
pub(super) fn made_its_folder(folder: &Path, supervisor: &mut Child) -> bool {
    while !folder.exists() {
        if !matches!(supervisor.try_wait(), Ok(None)) {
            return false;
        }
        sleep(Duration::from_millis(1));
    }
    true
}

/// Waits until the server accepts connections.
pub(super) fn wait_until_ready(folder: &Path, supervisor: &mut Child) -> Result<(), PrivateServerError> {
    let began = Instant::now();
    while !is_ready(folder) {
        let ended = !matches!(supervisor.try_wait(), Ok(None));
        if ended || folder.join("exited").exists() {
            let log = log_tail(folder);
            return Err(PrivateServerError::NotStarted { log });
        }
        if began.elapsed() > START_LIMIT {
            let seconds = START_LIMIT.as_secs();
            let log = log_tail(folder);
            return Err(PrivateServerError::NotReady { seconds, log });
        }
        sleep(PAUSE);
    }
    Ok(())
}

/// Waits until the supervisor has cleaned up and ended.
pub(super) fn wait_until_gone(supervisor: &mut Child, limit: Duration) {
    let began = Instant::now();
    while matches!(supervisor.try_wait(), Ok(None)) && began.elapsed() < limit {
        sleep(PAUSE);
    }
}

/// Nothing of the user's settings may steer a server that is ours, nor may its log change with their language.
fn set_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C").env("TZ", "UTC");
}

fn server_arguments(folder: &Path, settings: &Settings) -> Vec<OsString> {
    let thrown_away: &[_] = if settings.durable { &[] } else { &THROWN_AWAY };
    let ours = ALWAYS.iter().chain(thrown_away).copied();
    let extra = settings.extra.iter().map(|(name, value)| (&**name, &**value));
    let mut arguments = vec![OsString::from("-p"), PORT.to_string().into()];
    // Of two values for one parameter the server takes the later.
    for (name, value) in ours.chain(extra) {
        arguments.extend(["-c".into(), format!("{name}={value}").into()]);
    }
    // Last: we look for the socket there and nowhere else.
    arguments.extend(["-k".into(), quoted_in_list(folder.as_os_str())]);
    arguments
}

/// One entry of a list of folders, which commas and blanks would otherwise end.
fn quoted_in_list(folder: &OsStr) -> OsString {
    let doubled = folder.to_string_lossy().replace('"', "\"\"");
    format!("\"{doubled}\"").into()
}

// Source: PostgreSQL, src/include/utils/pidfile.h: the eighth line of postmaster.pid is the server's state.
fn is_ready(folder: &Path) -> bool {
    let pid_file = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    let state = pid_file.lines().nth(7).unwrap_or_default().trim_end();
    state == "ready" && folder.join(format!(".s.PGSQL.{PORT}")).exists()
}

fn log_tail(folder: &Path) -> String {
    let log = fs::read(folder.join(LOG_FILE)).unwrap_or_default();
    last_lines(&String::from_utf8_lossy(&log), LOG_LINES)
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(settings: &Settings) -> Vec<String> {
        server_arguments(Path::new("/tmp/a b"), settings)
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect()
    }

    #[test]
    fn no_tcp_port_is_opened() {
        assert!(arguments(&Settings::default()).contains(&"listen_addresses=".to_owned()));
    }

    #[test]
    fn a_durable_server_keeps_its_commits() {
        let durable = Settings { durable: true, ..Settings::default() };
        assert!(!arguments(&durable).contains(&"fsync=off".to_owned()));
        assert!(arguments(&Settings::default()).contains(&"fsync=off".to_owned()));
    }

    #[test]
    fn a_setting_of_the_caller_comes_after_ours() {
        let settings = Settings { extra: vec![("shared_buffers".to_owned(), "1GB".to_owned())], ..Settings::default() };
        let arguments = arguments(&settings);
        let position = |text: &str| arguments.iter().position(|argument| argument == text);
        assert!(position("shared_buffers=128MB") < position("shared_buffers=1GB"));
    }

    #[test]
    fn a_socket_folder_with_blanks_is_one_entry_of_the_list() {
        let arguments = arguments(&Settings::default());
        assert_eq!(arguments.last().unwrap(), "\"/tmp/a b\"");
    }

    #[test]
    fn the_tail_of_a_log_leaves_empty_lines_out() {
        assert_eq!(last_lines("one\n\ntwo\nthree\n\n", 2), "two\nthree");
        assert_eq!(last_lines("", 2), "");
    }
}
