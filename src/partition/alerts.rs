//! What a person is to be told, kept until it is sent.

use super::Ledger;
use super::work::Kind;
use crate::alert::Alert;
use crate::config::Config;
use crate::platform::clock;
use crate::tasks::send_alert::due_at;
use worker::Result;

impl Ledger {
    /// Keeps an alert, with the task that sends it, if there is somebody to send it to. Nothing else fails for it.
    pub(super) fn alert(&self, config: &Config, alert: &Alert) {
        if config.alert_url.is_some() {
            // The line of the log is there in any case.
            let _ = self.keep_alert(alert);
        }
    }

    fn keep_alert(&self, alert: &Alert) -> Result<()> {
        let Some(waiting) = self.storage.add_alert(alert)? else { return Ok(()) };
        // With others before it, their task is there.
        if waiting.waiting > 1 {
            return Ok(());
        }
        self.schedule(Kind::SendAlert, due_at(waiting.tried_at, clock::now()), alert.kind.as_str())
    }
}
