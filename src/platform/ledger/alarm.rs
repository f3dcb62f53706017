//! An object's alarm: one for everything that is due.

use super::{Ledger, outbox};
use crate::config::{MAX_LIMIT_COUNT, MAX_LIMIT_SECONDS};
use crate::ledger::{link_expires_at, retention_ms};
use crate::model::SendLimit;
use crate::platform::clock::{self, to_platform_time};
use crate::platform::environment;
use worker::Result;
use worker::js_sys::{Date, Object};

const LONGEST_LIMIT: SendLimit = SendLimit { count: MAX_LIMIT_COUNT, seconds: MAX_LIMIT_SECONDS };
/// How long an alarm may be late before it is taken for lost: the platform's own may be a minute late.
pub const LATE_MS: u64 = 90_000;
/// When an alarm is tried again that found the settings wrong.
const WRONG_SETTINGS_RETRY_MS: u64 = 5 * 60 * 1000;

impl Ledger {
    /// Everything that is due, then the alarm for what is due next. It never fails for what a shop or PayTR does: the
    /// platform gives an alarm up that failed too often.
    pub(super) async fn run_alarm(&self) -> Result<()> {
        let config = environment::config(&self.env).ok();
        // With settings that are wrong for a while nothing is sent, and nothing deleted that a limit may count.
        let retention = config.map_or(retention_ms(&[LONGEST_LIMIT]), |config| retention_ms(&config.send_limits));
        let tables = self.storage.open()?;
        match config {
            None if tables.link => return self.set_alarm(clock::now().saturating_add(WRONG_SETTINGS_RETRY_MS)),
            Some(config) if tables.link => {
                outbox::deliver_due(&self.env, config, &self.storage).await?;
                outbox::close_if_due(&self.env, config, &self.storage).await?;
            }
            _ if tables.entries => self.storage.delete_entries_before(clock::now().saturating_sub(retention))?,
            _ => {}
        }
        self.set_next_alarm(retention).await
    }

    /// Sets the alarm to the earliest thing that is due; an object with nothing left deletes itself.
    async fn set_next_alarm(&self, retention: u64) -> Result<()> {
        let tables = self.storage.open()?;
        let next = if tables.link {
            match self.storage.next_due_at()? {
                Some(due_at) => Some(due_at),
                None => Some(link_expires_at(self.storage.link()?.as_ref(), self.storage.last_payment_at()?))
                    .filter(|at| *at > clock::now()),
            }
        } else if tables.entries {
            self.storage.oldest_entry()?.map(|oldest| oldest.saturating_add(retention).saturating_add(1))
        } else {
            None
        };
        if let Some(next) = next {
            return self.set_alarm(next);
        }
        self.storage.forget_tables();
        self.state.storage().delete_all().await
    }

    /// The alarm of an object that keeps something for the first time.
    pub(super) fn set_first_alarm(&self, now: u64, limits: &[SendLimit]) -> Result<()> {
        let tables = self.storage.open()?;
        let next = if tables.link { self.storage.next_due_at()? } else { None };
        self.set_alarm(next.unwrap_or(now.saturating_add(retention_ms(limits))))
    }

    /// Sets the alarm anew if there is work that is overdue by more than `late_ms`: an alarm can be lost.
    pub(super) fn wake_alarm(&self, late_ms: u64) -> Result<()> {
        if self.storage.open()?.link
            && let Some(due_at) = self.storage.next_due_at()?
            && due_at.saturating_add(late_ms) <= clock::now()
        {
            // At another time than the one that is recorded, which the platform may take for set.
            self.set_alarm(due_at.saturating_add(late_ms))?;
        }
        Ok(())
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves;
    /// `Storage::set_alarm` of `worker` does nothing before it is awaited.
    pub(super) fn set_alarm(&self, time: u64) -> Result<()> {
        let date = Date::new(&to_platform_time(time).into());
        let _promise = self.state.storage().as_raw().set_alarm(date, Object::new())?;
        Ok(())
    }
}
