//! The private server: it is what its settings say, and nothing of it stays.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use strait::postgres::private::{PrivateServer, Settings};

fn start(extra: &[(&str, &str)]) -> PrivateServer {
    let extra = extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    PrivateServer::start(&Settings { extra, ..Settings::default() }).expect("the server starts")
}

fn ask(server: &PrivateServer, sql: &str) -> String {
    let psql = server.bin_dir().join("psql");
    let output =
        Command::new(psql).args(["-XAtq", "-d", &server.url("postgres"), "-c", sql]).output().expect("psql runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("psql writes UTF-8").trim().to_owned()
}

fn wait_for(what: impl Fn() -> bool) {
    let started = Instant::now();
    while !what() {
        assert!(started.elapsed() < Duration::from_secs(20), "it did not happen in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn kill_postmaster(folder: &Path) {
    let pid_file = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("the server left its number");
    let pid = pid_file.lines().next().expect("the first line is the number").to_owned();
    assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs").success());
}

#[test]
fn it_runs_with_the_settings_that_were_given_and_listens_on_no_port() {
    let server = start(&[("work_mem", "99MB")]);
    assert_eq!(ask(&server, "show work_mem"), "99MB");
    assert_eq!(ask(&server, "show listen_addresses"), "");
    assert_eq!(ask(&server, "show fsync"), "off");
    assert!(ask(&server, "show server_version").starts_with(server.version()));
    let folder = server.socket_dir().to_owned();
    server.stop().expect("the server stops");
    assert!(!folder.exists());
}

#[test]
fn a_setting_that_means_nothing_is_told_from_the_server_s_own_log() {
    let settings = Settings { extra: vec![("nonsense".into(), "1".into())], ..Settings::default() };
    let error = PrivateServer::start(&settings).expect_err("the server cannot start");
    assert!(error.to_string().contains("unrecognized configuration parameter"), "{error}");
}

#[test]
fn a_server_that_dies_leaves_its_log_until_we_let_go() {
    let server = start(&[]);
    let folder = server.socket_dir().to_owned();
    kill_postmaster(&folder);
    wait_for(|| folder.join("exited").exists());
    assert!(server.log_path().exists());
    drop(server);
    wait_for(|| !folder.exists());
}
