//! A data directory for one workerd after another: its storage, and the Worker as it was at the start.

use super::config::MODULES;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const BUILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/build");

/// Goes, with all that is in it, when it is dropped.
pub struct DataDirectory {
    pub directory: TempDir,
}

impl DataDirectory {
    /// Copies the Worker, so that one that is built meanwhile is not taken for it.
    pub fn new() -> Self {
        let data = Self { directory: TempDir::new().unwrap() };
        fs::create_dir(data.storage()).unwrap();
        fs::create_dir(data.build()).unwrap();
        for module in MODULES {
            let built = Path::new(BUILD).join(module);
            fs::copy(built, data.build().join(module)).expect("the Worker is not built: cargo run --release -p bundle");
        }
        data
    }

    /// Puts something in front of the Worker's JavaScript.
    pub fn prepend(&self, prelude: &str) {
        let path = self.build().join("index.js");
        let worker = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{prelude}{worker}")).unwrap();
    }

    pub fn build(&self) -> PathBuf {
        self.directory.path().join("build")
    }

    pub fn storage(&self) -> PathBuf {
        self.directory.path().join("storage")
    }
}
