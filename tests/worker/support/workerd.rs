//! A workerd process: started from a configuration, listened to, and killed.

use super::config::config;
use super::data_directory::DataDirectory;
use super::services::Service;
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use std::{fs, thread};

const WORKERD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/.bin/workerd");
const START_PATIENCE: Duration = Duration::from_mins(1);
const END_PATIENCE: Duration = Duration::from_secs(5);
const STREAMS: usize = 2;

/// A running workerd. It dies when this is dropped and, on Linux, when the thread that started it does.
pub struct Workerd {
    child: Mutex<Child>,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    said: Mutex<Said>,
    changed: Condvar,
}

#[derive(Default)]
struct Said {
    output: String,
    errors: String,
    ports: HashMap<String, u16>,
    closed: usize,
}

impl Workerd {
    /// Starts workerd with `services` in `data`, and waits until all of them listen.
    pub fn start(data: &DataDirectory, services: &[Service]) -> Self {
        let path = data.directory.path().join("config.capnp");
        fs::write(&path, config(services, &data.build(), &data.storage())).unwrap();
        let sockets: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
        let mut child = command()
            // Standard output takes the port numbers too; -I lets absolute paths be embedded.
            // Analytics Engine counts as experimental.
            .args(["serve", "-I/", "--control-fd=1", "--experimental"])
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("workerd is not there: npm ci");
        let heard = Arc::new(Heard::default());
        listen(&heard, child.stdout.take().unwrap(), false);
        listen(&heard, child.stderr.take().unwrap(), true);
        let workerd = Self { child: Mutex::new(child), heard };
        workerd.wait_for(&sockets);
        workerd
    }

    pub fn address(&self, socket: &str) -> SocketAddr {
        let port = self.heard.said.lock().unwrap().ports[socket];
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// All that it has said so far, on both streams.
    pub fn output(&self) -> String {
        self.heard.said.lock().unwrap().output.clone()
    }

    pub fn lines(&self) -> Vec<Value> {
        self.output().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    pub fn errors(&self) -> Vec<Value> {
        let errors = self.heard.said.lock().unwrap().errors.clone();
        errors.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// SIGKILL, and waits for the end of the process and of what it said.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
        let said = self.heard.said.lock().unwrap();
        let _ = self.heard.changed.wait_timeout_while(said, END_PATIENCE, |said| said.closed < STREAMS).unwrap();
    }

    fn wait_for(&self, sockets: &[&str]) {
        let waiting = |said: &mut Said| said.closed == 0 && !sockets.iter().all(|name| said.ports.contains_key(*name));
        let said = self.heard.said.lock().unwrap();
        let (said, _) = self.heard.changed.wait_timeout_while(said, START_PATIENCE, waiting).unwrap();
        let all_listen = sockets.iter().all(|name| said.ports.contains_key(*name));
        let output = said.output.clone();
        // A panic under the lock would poison it for the `kill` that follows.
        drop(said);
        assert!(all_listen, "workerd does not start:\n{output}");
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where util-linux is, the kernel kills workerd if this process is killed and cannot do it.
fn command() -> Command {
    const GUARD: [&str; 3] = ["--pdeathsig", "KILL", "--"];
    let guarded = Command::new("setpriv").args(GUARD).arg("true").stderr(Stdio::null()).status();
    if guarded.is_ok_and(|status| status.success()) {
        let mut command = Command::new("setpriv");
        command.args(GUARD).arg(WORKERD);
        return command;
    }
    Command::new(WORKERD)
}

fn listen(heard: &Arc<Heard>, stream: impl Read + Send + 'static, is_error: bool) {
    let heard = Arc::clone(heard);
    thread::spawn(move || {
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            heard.said.lock().unwrap().hear(&String::from_utf8_lossy(&line), is_error);
            heard.changed.notify_all();
            line.clear();
        }
        heard.said.lock().unwrap().closed += 1;
        heard.changed.notify_all();
    });
}

impl Said {
    fn hear(&mut self, line: &str, is_error: bool) {
        let json: Value = serde_json::from_str(line).unwrap_or_default();
        if json["event"] == "listen" {
            let port = json["port"].as_u64().unwrap().try_into().unwrap();
            self.ports.insert(json["socket"].as_str().unwrap().to_owned(), port);
        }
        self.output.push_str(line);
        if is_error {
            self.errors.push_str(line);
        }
    }
}
