//! Times a copy against the floor: psql loading the same rows from a file that is already in COPY's binary form.
//!
//! ```text
//! cargo bench --bench crossing                          5,000,000 narrow rows
//! cargo bench --bench crossing -- documents 40000       1 GB of JSON documents of about 25 KB
//! ```
//!
//! Both run against one private PostgreSQL with fsync on, one after the other, three times. The figures compare within
//! a run, not between machines: they are ratios. Needs psql, and Linux for the peak of memory.
#![expect(clippy::print_stdout, reason = "a benchmark shows its figures")]

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use strait::postgres::private::{PrivateServer, Settings};

const ROUNDS: usize = 3;

/// A kind of source: its table, how it is filled, its default size.
struct Shape {
    name: &'static str,
    rows: u64,
    create: &'static str,
    fill: &'static str,
}

const SHAPES: [Shape; 2] = [
    Shape {
        name: "narrow",
        rows: 5_000_000,
        create: "create table narrow (id integer primary key, user_id integer not null, score real, name text not null, \
                 created_at datetime, active boolean not null)",
        fill: "select i, i * 7919 % 100000, i * 0.5, 'user name ' || i, datetime(1600000000 + i, 'unixepoch'), i % 2",
    },
    Shape {
        name: "documents",
        rows: 40_000,
        create: "create table documents (id integer primary key, chat json not null, created_at integer not null)",
        fill: "select i, json_object('title', 'chat ' || i, 'messages', json_array(hex(randomblob(6000)), \
               hex(randomblob(6500)))), 1600000000 + i",
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted = words.first().map_or("narrow", String::as_str);
    let shape = SHAPES.iter().find(|shape| shape.name == wanted).ok_or("say narrow or documents")?;
    let rows = words.get(1).map_or(Ok(shape.rows), |word| word.parse())?;
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source.db");
    println!("making {rows} rows of shape {wanted} …");
    make_source(&source, shape, rows)?;
    let extra = [("shared_buffers", "1GB"), ("max_wal_size", "8GB")];
    let extra = extra.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let server = PrivateServer::start(&Settings { durable: true, extra, ..Settings::default() })?;
    let megabytes = std::fs::metadata(&source)?.len() / 1_000_000;
    println!("source: {megabytes} MB; server: PostgreSQL {}", server.version());
    let binary = folder.path().join("rows.bin");
    for round in 1..=ROUNDS {
        let ours = copy(&server, &source, round)?;
        let floor = reference(&server, shape.name, &binary, round)?;
        println!("{}", line(round, rows, &ours, &floor));
    }
    Ok(())
}

fn make_source(path: &Path, shape: &Shape, rows: u64) -> Result<(), Box<dyn Error>> {
    let source = rusqlite::Connection::open(path)?;
    source.execute_batch(&format!(
        "pragma journal_mode = off; pragma synchronous = off; {}; with recursive n (i) as (select 1 union all select i + \
         1 from n where i < {rows}) insert into {} {} from n;",
        shape.create, shape.name, shape.fill
    ))?;
    Ok(())
}

/// What a copy took.
struct Ours {
    report: serde_json::Value,
    wall: Duration,
    peak_mb: f64,
}

/// What psql took.
struct Floor {
    load: Duration,
    keys: Duration,
}

fn copy(server: &PrivateServer, source: &Path, round: usize) -> Result<Ours, Box<dyn Error>> {
    let database = format!("copied_{round}");
    psql(server, "postgres", &format!("create database {database}"))?;
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(["copy", &source.display().to_string(), &server.url(&database), "--quiet", "--format", "json"])
        .stdout(Stdio::piped())
        .spawn()?;
    let peak_kb = watch_memory(&mut child)?;
    let output = child.wait_with_output()?;
    let wall = started.elapsed();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    if report["complete"] != true {
        return Err("the copy is not complete".into());
    }
    Ok(Ours { report, wall, peak_mb: f64::from(peak_kb) / 1024.0 })
}

/// The highest resident memory of a process until it ends, in KB.
///
/// Source: Linux manual, proc(5), `VmHWM`.
fn watch_memory(child: &mut Child) -> Result<u32, Box<dyn Error>> {
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
        peak = peak.max(kb);
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(peak)
}

fn reference(server: &PrivateServer, table: &str, file: &Path, round: usize) -> Result<Floor, Box<dyn Error>> {
    let (copied, database) = (format!("copied_{round}"), format!("reference_{round}"));
    let path = file.display();
    psql(server, &copied, &format!("\\copy {table} to '{path}' (format binary)"))?;
    let columns = psql(
        server,
        &copied,
        &format!(
            "select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum) from \
             pg_attribute where attrelid = '{table}'::regclass and attnum > 0"
        ),
    )?;
    psql(server, "postgres", &format!("create database {database}"))?;
    psql(server, &database, &format!("create table {table} ({columns})"))?;
    let started = Instant::now();
    psql(server, &database, &format!("\\copy {table} from '{path}' (format binary)"))?;
    let load = started.elapsed();
    let add_key =
        format!("set maintenance_work_mem = '256MB'; alter table {table} add primary key (id); analyze {table}");
    psql(server, &database, &add_key)?;
    let keys = started.elapsed() - load;
    psql(server, "postgres", &format!("drop database {database}"))?;
    psql(server, "postgres", &format!("drop database {copied}"))?;
    Ok(Floor { load, keys })
}

fn psql(server: &PrivateServer, database: &str, sql: &str) -> Result<String, Box<dyn Error>> {
    let url = server.url(database);
    let output = Command::new("psql").args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", sql]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn line(round: usize, rows: u64, ours: &Ours, floor: &Floor) -> String {
    let phase = |name: &str| ours.report["phases"][name].as_f64().unwrap_or(0.0);
    let (load, floor_load, floor_keys) = (phase("load"), floor.load.as_secs_f64(), floor.keys.as_secs_f64());
    let wall = ours.wall.as_secs_f64();
    format!(
        "round {round}: load {load:.2} s ({:.0} rows/s), psql {floor_load:.2} s ({:.0} rows/s): {:.2} of psql's rate | whole \
         {wall:.2} s = plan {:.2} + load {load:.2} + finish {:.2} + verify {:.2}; psql with key {:.2} s: {:.2} times | peak {:.0} MB",
        rows as f64 / load,
        rows as f64 / floor_load,
        floor_load / load,
        phase("plan"),
        phase("finish"),
        phase("verify"),
        floor_load + floor_keys,
        wall / (floor_load + floor_keys),
        ours.peak_mb,
    )
}
