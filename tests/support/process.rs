//! The program while it runs: watched, signalled, and never waited for without an end.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use super::Finished;

/// How often something that is awaited is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// A program that was started in the background; killed when it is dropped before its end.
pub(crate) struct Running {
    child: Child,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Running {
    /// Starts a command and reads what it writes.
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        Self { child, stdout: stdout.map(drained), stderr: stderr.map(drained) }
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, as a person would.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill can be started");
        assert!(status.success(), "the signal {name} could not be sent");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Waits for the end; a program that takes longer is killed and the test fails.
    pub(crate) fn end_within(mut self, limit: Duration) -> Finished {
        if !within(limit, || self.has_ended()) {
            self.child.kill().ok();
            self.child.wait().ok();
            panic!("the program still ran after {limit:?}; it wrote: {}", text(self.stderr.take()));
        }
        let status = self.child.wait().expect("the program has ended");
        Finished {
            status: status.code().unwrap_or(-1),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn drained(mut pipe: impl std::io::Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).ok();
        bytes
    })
}

fn text(reader: Option<JoinHandle<Vec<u8>>>) -> String {
    let bytes = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Waits until something holds; tells whether it came to hold in time.
pub(crate) fn within(limit: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if holds() {
            return true;
        }
        if began.elapsed() > limit {
            return false;
        }
        sleep(PAUSE);
    }
}

/// The command lines of all processes that name a path.
pub(crate) fn processes_naming(path: &Path) -> Vec<String> {
    let path = path.to_str().expect("the path is UTF-8");
    let lines = match std::fs::read_dir("/proc") {
        Ok(entries) => entries.flatten().filter_map(|entry| command_line(&entry.path())).collect(),
        // macOS has no such folder, and always has ps.
        Err(_) => {
            let output = Command::new("ps").args(["-A", "-o", "args="]).output().expect("ps can be started");
            String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect::<Vec<_>>()
        }
    };
    lines.into_iter().filter(|line| line.contains(path)).collect()
}

fn command_line(process: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(process.join("cmdline")).ok()?.read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " "))
}
