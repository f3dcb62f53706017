//! The sandbox's memory on disk, so that a link of it lives as long as the relay's record of that link.
//!
//! In scope: a file with one line of JSON for each change, in their order; what stands in it after a restart. It grows
//! until everything is cleared. Not in scope: what a change means (`store.rs`).
//!
//! A crash can cut off the last line alone. A line that this version cannot read is passed over.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    mem,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::store::Change;

/// Shop customers stand in it.
const OWNER_ONLY: u32 = 0o600;

/// A file that changes are appended to.
pub struct Journal {
    /// `None` once a write has failed.
    file: Option<File>,
    earlier: Vec<Change>,
}

impl Journal {
    /// Opens the file and reads the changes in it; creates it, and its folder, if they are missing.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).mode(OWNER_ONLY).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
        bytes.truncate(whole);
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        let earlier = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        Ok(Self { file: Some(file), earlier })
    }

    /// Takes the changes that stood in the file when it was opened, oldest first.
    pub(crate) fn take_earlier(&mut self) -> Vec<Change> {
        mem::take(&mut self.earlier)
    }

    pub(crate) fn append(&mut self, change: &Change) {
        self.write(|file| {
            let mut line = serde_json::to_vec(change)?;
            line.push(b'\n');
            file.write_all(&line)
        });
    }

    pub(crate) fn clear(&mut self) {
        self.write(|file| file.set_len(0));
    }

    /// Goes on without the file if it cannot be written: the sandbox is of use all the same.
    fn write(&mut self, write: impl FnOnce(&mut File) -> io::Result<()>) {
        let Some(file) = &mut self.file else { return };
        if let Err(error) = write(file) {
            eprintln!("paytr-sandbox: what happens from now on is forgotten at the end: {error}");
            self.file = None;
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Journal").finish_non_exhaustive()
    }
}
