//! A connection pooler in front of the server: refused with the reason where sessions are shared, used where they are not.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use strait::database::{self, Access, Location};
use tempfile::TempDir;
use url::Url;

use crate::support::picture::picture;
use crate::support::place::{told, wait};
use crate::support::process::{Running, within};
use crate::support::{Database, Finished, fixture, fresh_database, strait_command, verify};

const LIMIT: Duration = Duration::from_secs(20);
/// Names the socket in the pooler's own folder; no TCP port is opened.
const PORT: u16 = 6432;

/// A pgbouncer in front of the server of one database.
struct Pooler {
    process: Child,
    folder: TempDir,
    url: String,
}

impl Pooler {
    /// Starts a pooler as it comes: it knows the server and a mode, and lets no unusual start-up parameter through.
    fn start(target: &Database, mode: &str) -> Self {
        let mut url = Url::parse(target.url()).expect("the target has a URL");
        let socket =
            url.query_pairs().find(|(name, _)| name == "host").expect("the server has a socket").1.into_owned();
        let folder = TempDir::new().expect("a folder can be made");
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={socket} port={} user={}\n[pgbouncer]\nunix_socket_dir = {}\nlisten_port = {PORT}\nauth_type \
             = any\npool_mode = {mode}\nlogfile = {}\n",
            url.port().unwrap_or(5432),
            url.username(),
            folder.path().display(),
            folder.path().join("log").display()
        );
        std::fs::write(&settings, text).expect("the settings can be written");
        let mut command = Command::new(program());
        command.arg("-q").arg(&settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It must reach the server's socket, and refuses to run as root: so it runs as the account that the server runs as.
        let (server, own) = (owner(&socket), owner(folder.path()));
        if server != own {
            for path in [folder.path(), &settings] {
                chown(path, Some(server.0), Some(server.1)).expect("the folder can be given away");
            }
            command.uid(server.0).gid(server.1);
        }
        let process = command.spawn().expect("pgbouncer can be started; scripts/setup installs it");
        let database = url.path().to_owned();
        url.set_port(Some(PORT)).expect("a port can be set");
        url.query_pairs_mut().clear().append_pair("host", folder.path().to_str().expect("the path is UTF-8"));
        assert!(!database.is_empty());
        let mut pooler = Self { process, url: url.into(), folder };
        // The socket is there a moment before somebody listens on it.
        let ready = || UnixStream::connect(pooler.folder.path().join(format!(".s.PGSQL.{PORT}"))).is_ok();
        assert!(within(LIMIT, ready), "pgbouncer did not start: {:?}; {}", pooler.process.try_wait(), pooler.log());
        pooler
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn run(&self, command: &str, flags: &[&str]) -> Finished {
        let source = fixture("open-webui-0.5.11.db");
        let mut command = strait_command(&[command, source.to_str().expect("the path is UTF-8"), &self.url]);
        Running::start(command.args(flags)).end_within(LIMIT)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn owner(path: impl AsRef<std::path::Path>) -> (u32, u32) {
    let found = std::fs::metadata(path).expect("the folder is there");
    (found.uid(), found.gid())
}

/// Debian keeps it where only root's PATH looks.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file());
    found.expect("pgbouncer is missing; scripts/setup installs it")
}

#[test]
fn a_pooler_that_shares_sessions_is_refused_with_the_reason() {
    for mode in ["transaction", "statement"] {
        let target = fresh_database();
        let pooler = Pooler::start(&target, mode);
        let before = picture(&target);
        for command in ["copy", "verify"] {
            let run = pooler.run(command, &[]);
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{mode} {command}: {} {}", run.stderr, pooler.log());
            for said in ["pooler", "session mode", "connect to the server itself"] {
                assert!(run.stderr.contains(said), "{mode} {command}: {said} is not in: {}", run.stderr);
            }
        }
        assert_eq!(picture(&target), before, "something was changed");
    }
}

#[test]
fn a_busy_pooler_is_recognised_every_time() {
    // Whether two connections meet the same server process depends on who else is served.
    let target = fresh_database();
    let pooler = Pooler::start(&target, "transaction");
    let runs: Vec<Running> = (0..4)
        .map(|_| {
            let source = fixture("open-webui-0.5.11.db");
            Running::start(&mut strait_command(&["verify", source.to_str().expect("the path is UTF-8"), &pooler.url]))
        })
        .collect();
    for run in runs {
        let ended = run.end_within(LIMIT);
        assert!(ended.status == 2 && ended.stderr.contains("pooler"), "{}", ended.stderr);
    }
}

#[test]
fn a_pooler_in_session_mode_carries_the_whole_copy() {
    let target = fresh_database();
    let pooler = Pooler::start(&target, "session");
    for command in ["copy", "verify"] {
        let run = pooler.run(command, &[]);
        assert_eq!(run.status, 0, "{command}: {} {}", run.stderr, pooler.log());
    }
    // Past the pooler the same is found.
    assert_eq!(verify(&fixture("open-webui-0.5.11.db"), &target).0, 0);
}

#[test]
fn the_runner_needs_a_session_of_its_own_too() {
    for (mode, fits) in [("transaction", false), ("statement", false), ("session", true)] {
        let target = fresh_database();
        let pooler = Pooler::start(&target, mode);
        let location = Location::parse(&pooler.url).expect("it is a location");
        wait(async {
            match database::Database::open(&location, Access::Write).await {
                Ok(mut database) => {
                    assert!(fits, "{mode} was let through");
                    database.lock(LIMIT, "migrate up").await.expect("nobody else is there");
                }
                Err(error) => {
                    let said = told(&error);
                    assert!(!fits && said.contains("pooler") && said.contains("session mode"), "{mode}: {said}");
                }
            }
        });
    }
}
