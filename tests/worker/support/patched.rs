//! A relay on a platform that was changed.

use super::answer::Answer;
use super::data_directory::DataDirectory;
use super::services::Service;
use super::signed::Signed;
use super::suite::Suite;
use super::workerd::Workerd;
use serde_json::Value;

const SERVICE: &str = "patched";

pub struct Patched {
    workerd: Workerd,
    /// The Worker's files are read when it starts, and its ledgers are here.
    _data: DataDirectory,
}

impl Patched {
    /// A relay before which this JavaScript runs.
    pub fn start(suite: &Suite, prelude: &str) -> Self {
        let data = DataDirectory::new();
        data.prepend(prelude);
        let service = Service::new(SERVICE, &suite.sandbox.base_url());
        let workerd = Workerd::start(&data, &[service]);
        Self { workerd, _data: data }
    }

    pub async fn post(&self, signed: &Signed) -> Answer {
        self.workerd.post(SERVICE, signed).await
    }

    pub fn lines(&self) -> Vec<Value> {
        self.workerd.lines()
    }
}
