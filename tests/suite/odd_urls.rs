//! Whatever is named as the target, the program says what to do; and a password is never shown, whatever happens.

use std::process::Command;
use std::time::Duration;

use crate::support::process::Running;
use crate::support::{Database, Finished, fixture, fresh_database, strait, strait_command};

const LIMIT: Duration = Duration::from_secs(20);
/// A password that can occur nowhere by chance.
const SECRET: &str = "Xq7-s3cretW0rd";

fn source() -> String {
    fixture("open-webui-0.5.11.db").to_str().expect("the path is UTF-8").to_owned()
}

fn run(arguments: &[&str]) -> Finished {
    Running::start(&mut strait_command(arguments)).end_within(LIMIT)
}

/// Both commands refuse a target and say these words.
fn assert_refused(target: &str, words: &[&str]) {
    for command in ["copy", "verify"] {
        let ended = run(&[command, &source(), target]);
        assert_eq!((ended.status, ended.stdout.as_str()), (2, ""), "{command} {target}: {}", ended.stderr);
        for fault in ["panicked", "a fault of", "ServerSays"] {
            assert!(!ended.stderr.contains(fault), "{command} {target}: {}", ended.stderr);
        }
        for word in words {
            assert!(ended.stderr.contains(word), "{command} {target}: `{word}` is not in: {}", ended.stderr);
        }
    }
}

/// The URL of a database with more in it: a password, a parameter, another name.
fn changed(target: &Database, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(target.url()).expect("it is a URL");
    change(&mut url);
    url.into()
}

#[test]
fn urls_that_cannot_be_understood() {
    assert_refused("", &["the location is empty; give a path"]);
    assert_refused("postgres:", &["two slashes"]);
    assert_refused(
        "postgres://h:99999/x",
        &["cannot be understood", "port", "postgres://USER:PASSWORD@HOST:PORT/DATABASE"],
    );
    assert_refused("postgres://h:port/x", &["cannot be understood", "port"]);
    assert_refused("postgres://me@one,two/x", &["several hosts are not supported: name the writable one"]);
    assert_refused("postgres://me@one:5432,two:5433/x", &["several hosts are not supported: name the writable one"]);
    assert_refused("postgres://h/x?sslmode=bogus", &["sslmode", "verify-full"]);
    assert_refused("postgres://h/x?port=0x10", &["port", "65535"]);
    assert_refused("postgres://h/x?connect_timeout=soon", &["connect_timeout", "a number of seconds"]);
    assert_refused("mysql://me@h/x", &["`mysql:` names no engine", "postgres://USER@HOST/DATABASE"]);
    assert_refused("jdbc:postgresql://h/x", &["`jdbc:` names no engine"]);
}

#[test]
fn garbage_behind_percent_signs_is_no_crash() {
    for garbage in [
        "postgres://%/x",
        "postgres://me:%zz@h/%",
        "postgres://%ff%fe@localhost:1/%c3%28",
        "postgres://h/x?%=%&&=",
        "postgres://[::1/x",
        "postgres://me@ho st/x",
        "postgresql+%41://h/x",
    ] {
        for command in ["copy", "verify"] {
            let ended = run(&[command, &source(), garbage]);
            assert_eq!((ended.status, ended.stdout.as_str()), (2, ""), "{garbage}: {}", ended.stderr);
            assert!(
                !ended.stderr.contains("panicked") && !ended.stderr.contains("a fault of"),
                "{garbage}: {}",
                ended.stderr
            );
        }
    }
}

#[test]
fn servers_that_are_not_there() {
    // Nothing listens on port 1 of this machine.
    assert_refused("postgres://me@127.0.0.1:1/x", &["cannot connect to postgres://me@127.0.0.1:1/x", "refused"]);
    assert_refused("postgres://me@localhost:1", &["cannot connect"]);
    // RFC 6761: no host has a name that ends so.
    assert_refused("postgres://me@nowhere.invalid/x?connect_timeout=5", &["nowhere.invalid"]);
    assert_refused("postgres://me@localhost/x?host=%2Fno%2Fsuch%2Ffolder", &["cannot connect", "/no/such/folder"]);
    let target = fresh_database();
    let absent = changed(&target, |url| url.set_path("/absent"));
    assert_refused(&absent, &["absent", "does not exist"]);
    let stranger = changed(&target, |url| url.set_username("stranger").expect("a URL has a user"));
    assert_refused(&stranger, &["stranger", "does not exist"]);
    let elsewhere = changed(&target, |url| url.set_port(Some(5999)).expect("a URL has a port"));
    assert_refused(&elsewhere, &["cannot connect", "5999"]);
}

/// A server on a port of this machine that says no to TLS and yes to nothing else.
fn without_tls() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let port = listener.local_addr().expect("it has a port").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let mut request = [0; 8];
            std::io::Read::read_exact(&mut stream, &mut request).ok();
            // Source: PostgreSQL manual, "Frontend/Backend Protocol", "SSL Session Encryption".
            std::io::Write::write_all(&mut stream, b"N").ok();
        }
    });
    port
}

#[test]
fn tls_that_is_asked_for_and_not_there_is_no_plain_connection() {
    let port = without_tls();
    for mode in ["require", "verify-ca", "verify-full"] {
        assert_refused(&format!("postgres://me@127.0.0.1:{port}/x?sslmode={mode}"), &["cannot connect", "TLS"]);
    }
}

#[test]
fn source_and_target_that_changed_places_are_told_apart() {
    let target = fresh_database();
    for command in ["copy", "verify"] {
        let swapped = run(&[command, target.url(), &source()]);
        assert_eq!((swapped.status, swapped.stdout.as_str()), (2, ""), "{}", swapped.stderr);
        assert!(swapped.stderr.contains("the source must be a SQLite database"), "{}", swapped.stderr);
        assert!(swapped.stderr.contains("the source comes first, then the target"), "{}", swapped.stderr);
        let twice = run(&[command, &source(), &source()]);
        assert_eq!((twice.status, twice.stdout.as_str()), (2, ""), "{}", twice.stderr);
        assert!(twice.stderr.contains("the target must be a PostgreSQL database"), "{}", twice.stderr);
    }
}

#[test]
fn the_target_may_come_from_the_environment() {
    let target = fresh_database();
    for command in ["copy", "verify"] {
        let mut command = strait_command(&[command, &source()]);
        let ended = Running::start(command.env("DATABASE_URL", target.url())).end_within(LIMIT);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
    }
    let without = run(&["copy", &source()]);
    assert_eq!(without.status, 2);
    assert!(without.stderr.contains("<TARGET>"), "{}", without.stderr);
}

fn assert_kept_secret(command: &mut Command, status: i32) {
    let ended = Running::start(command).end_within(LIMIT);
    assert_eq!(ended.status, status, "{command:?}: {}", ended.stderr.replace(SECRET, "(the secret)"));
    for told in [&ended.stdout, &ended.stderr] {
        assert!(!told.contains(SECRET), "{command:?} shows the password: {}", told.replace(SECRET, "(the secret)"));
    }
}

#[test]
fn a_password_is_never_shown() {
    let target = fresh_database();
    let in_front = |url: &mut url::Url| url.set_password(Some(SECRET)).expect("a URL has a password");
    let behind = |url: &mut url::Url| {
        url.query_pairs_mut().append_pair("password", SECRET);
    };
    let mut urls: Vec<(String, i32)> = Vec::new();
    for url in [changed(&target, in_front), changed(&target, behind)] {
        let broken = |from: &str, to: &str| (url.replace(from, to), 2);
        urls.push((url.clone(), 0));
        urls.push(broken(":5432", ":5999"));
        urls.push(broken("/test_", "/absent_"));
        urls.push((format!("{url}&sslmode=bogus"), 2));
        urls.push((format!("{url}&sslpassword={SECRET}"), 0));
        urls.push((url.replace("postgres:", "mysql:"), 2));
    }
    urls.push((format!("postgres://me:{SECRET}@127.0.0.1:1/x"), 2));
    urls.push((format!("postgres://me:{SECRET}@h:99999/x"), 2));
    urls.push((format!("postgres://me:{SECRET}@one,two/x"), 2));
    urls.push((format!("postgres://me:{SECRET}@[::1/x"), 2));
    urls.push((format!("postgres://me:{SECRET}/x@h/x"), 2));
    urls.push((format!("postgres:me:{SECRET}@h/x"), 2));
    urls.push((format!("postgres://h:1/x?password={SECRET}&connect_timeout={SECRET}"), 2));
    urls.push((format!("\"postgres://me:{SECRET}@127.0.0.1:1/x\""), 2));
    urls.push((format!("\"postgres://me:{SECRET}@127.0.0.1:1/x"), 2));
    urls.push((format!(" postgres://me:{SECRET}@127.0.0.1:1/x"), 2));
    urls.push((format!("//me:{SECRET}@h/x"), 2));
    urls.push((format!("postgres:/me:{SECRET}@h/x"), 2));
    urls.push((format!("postgres//me:{SECRET}@h/x"), 2));
    urls.push((format!("sqlite://me:{SECRET}@h/x"), 2));
    urls.push((format!("host=h user=me password={SECRET}"), 2));
    for (at, (url, status)) in urls.iter().enumerate() {
        let verbose: &[&str] = if at % 2 == 0 { &["-vv"] } else { &["-vv", "--log-format", "json"] };
        // What was copied once is refused the second time: so the successes are comparisons.
        let wanted = if *status == 0 { "verify" } else { "copy" };
        if *status == 0 {
            let again = ["copy", &source(), url, "--on-nonempty", "truncate"];
            assert_kept_secret(strait_command(&again).args(verbose), 0);
        }
        assert_kept_secret(strait_command(&[wanted, &source(), url]).args(verbose), *status);
    }
    let (url, _) = &urls[0];
    assert_kept_secret(strait_command(&["verify", &source(), url]).env("RUST_LOG", "trace"), 0);
    assert_kept_secret(strait_command(&["verify", &source()]).env("DATABASE_URL", url), 0);
    assert_kept_secret(strait_command(&["copy", &source(), "--bogus"]).env("DATABASE_URL", url), 2);
    assert_kept_secret(strait_command(&["copy", "--help"]).env("DATABASE_URL", url), 0);
    // Swapped with the source, and where a path is expected.
    assert_kept_secret(&mut strait_command(&["copy", url, &source()]), 2);
    assert_kept_secret(&mut strait_command(&["rehearse", url]), 2);
    assert_kept_secret(&mut strait_command(&["rehearse", &source(), url]), 2);
    assert_kept_secret(&mut strait_command(&[url]), 2);
    assert_kept_secret(&mut strait_command(&["copy", &source(), url, "--jobs", url]), 2);
    assert_kept_secret(&mut strait_command(&["rehearse", &format!("//me:{SECRET}@h/x")]), 2);
    // What a run keeps on the target tells its source, not its target.
    assert_eq!(target.psql(&format!("select count(*) from strait.run r where r::text like '%{SECRET}%'")), "0");
    assert_eq!(strait(&["--version"]).status, 0);
}

#[test]
fn a_socket_may_be_the_only_host() {
    let target = fresh_database();
    let without_host = target.url().replacen("@localhost", "@", 1);
    assert_ne!(without_host, target.url(), "the URL of the tests' server has a host");
    let as_sqlalchemy = without_host.replacen("postgres://", "postgresql+asyncpg://", 1);
    for url in [without_host, as_sqlalchemy] {
        let ended = run(&["migrate", "history", "--database-url", &url]);
        assert_eq!((ended.status, ended.stdout.as_str()), (0, "nothing has run yet\n"), "{url}: {}", ended.stderr);
    }
}

#[test]
fn a_sqlite_url_says_how_its_file_is_used() {
    let place = tempfile::TempDir::new().expect("a folder can be made");
    let file = place.path().join("app.db");
    let folder = place.path().join("revisions");
    std::fs::create_dir(&folder).expect("a folder can be made");
    std::fs::write(folder.join("V1__t.sql"), "create table t (id int primary key);\n").expect("it can be written");
    let folder = folder.to_str().expect("the path is UTF-8");
    let migrate = |verb: &str, query: &str| {
        run(&["migrate", verb, "--dir", folder, "--database-url", &format!("sqlite:{}?{query}", file.display())])
    };
    for (query, words) in [
        ("mode=ro", "says `mode=ro`"),
        ("mode=rw", "there is no database at"),
        ("immutable=1", "`immutable=1`: locks"),
        ("cache=shared", "`cache=shared`"),
        ("mode=rx", "ro, rw and rwc"),
    ] {
        let refused = migrate("up", query);
        assert_eq!(refused.status, 2, "{query}: {}", refused.stdout);
        assert!(refused.stderr.contains(words), "{query}: {}", refused.stderr);
        assert!(!file.exists(), "{query}");
    }
    assert_eq!(migrate("up", "mode=rwc").status, 0);
    assert_eq!(migrate("up", "mode=rw").status, 0);
    std::fs::remove_file(place.path().join("app.db-strait.lock")).ok();
    let (written, looked) = (migrate("up", "mode=ro"), migrate("status", "mode=ro"));
    assert_eq!((written.status, looked.status), (2, 0), "{}{}", written.stderr, looked.stderr);
    assert!(!place.path().join("app.db-strait.lock").exists());
}
