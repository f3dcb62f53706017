//! An object's alarm: one for everything that is due.

use super::{Ledger, outbox};
use crate::config::{MAX_LIMIT_COUNT, MAX_LIMIT_SECONDS};
use crate::ledger::retention_ms;
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
    /// Everything that is due, then the alarm for what is due next; an object with nothing left deletes itself. It never
    /// fails for what a shop or PayTR does: the platform gives an alarm up that failed too often.
    pub(super) async fn run_alarm(&self) -> Result<()> {
        self.alarm_at.set(None);
        let config = environment::config(&self.env).ok();
        // With settings that are wrong for a while nothing is sent, and nothing deleted that a limit may count.
        let retention = config.map_or(retention_ms(&[LONGEST_LIMIT]), |config| retention_ms(&config.send_limits));
        let tables = self.storage.open()?;
        let next = if tables.link {
            let Some(config) = config else {
                return self.set_alarm(clock::now().saturating_add(WRONG_SETTINGS_RETRY_MS));
            };
            outbox::deliver_due(&self.env, config, &self.storage).await?;
            let mut status = self.storage.link_status()?;
            if outbox::close_if_due(&self.env, config, &self.storage, status.link.as_ref()).await? {
                status = self.storage.link_status()?;
            }
            status.due_at().or_else(|| Some(status.expires_at()).filter(|at| *at > clock::now()))
        } else if tables.entries {
            self.storage.delete_entries_before(clock::now().saturating_sub(retention))?;
            self.storage.oldest_entry()?.map(|oldest| oldest.saturating_add(retention).saturating_add(1))
        } else {
            None
        };
        match next {
            Some(next) => self.set_alarm(next),
            None => self.delete_all().await,
        }
    }

    /// Deletes everything, the alarm too: what is stored from here on sets it anew.
    async fn delete_all(&self) -> Result<()> {
        self.storage.forget_tables();
        self.alarm_at.set(None);
        self.state.storage().delete_all().await
    }

    /// The alarm of an object that keeps something for the first time.
    pub(super) fn set_first_alarm(&self, now: u64, limits: &[SendLimit]) -> Result<()> {
        let tables = self.storage.open()?;
        let next = if tables.link { self.storage.link_status()?.due_at() } else { None };
        self.set_alarm_by(next.unwrap_or(now.saturating_add(retention_ms(limits))))
    }

    /// Sets the alarm anew if there is work that is overdue by more than `late_ms`: an alarm can be lost. Nothing is due
    /// before the alarm is, but while the settings are wrong, when nothing can be sent; so the storage is asked only if
    /// that is unknown or late itself.
    pub(super) fn wake_alarm(&self, late_ms: u64) -> Result<()> {
        let is_late = |at: u64| at.saturating_add(late_ms) <= clock::now();
        if self.alarm_at.get().is_none_or(is_late)
            && self.storage.open()?.link
            && let Some(due_at) = self.storage.link_status()?.due_at()
            && is_late(due_at)
        {
            self.set_alarm(due_at)?;
        }
        Ok(())
    }

    /// Sets the alarm, unless this object knows that it comes by then.
    pub(super) fn set_alarm_by(&self, time: u64) -> Result<()> {
        let now = clock::now();
        let comes_by_then = |at: u64| at <= time.max(now.saturating_add(1)) && now < at.saturating_add(LATE_MS);
        if self.alarm_at.get().is_some_and(comes_by_then) { Ok(()) } else { self.set_alarm(time) }
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves;
    /// `Storage::set_alarm` of `worker` does nothing before it is awaited.
    fn set_alarm(&self, time: u64) -> Result<()> {
        // An alarm that sets itself anew for now, or for before, can be lost:
        // <https://github.com/cloudflare/workerd/issues/6866>.
        let time = time.max(clock::now().saturating_add(1));
        let date = Date::new(&to_platform_time(time).into());
        let _promise = self.state.storage().as_raw().set_alarm(date, Object::new())?;
        self.alarm_at.set(Some(time));
        Ok(())
    }
}
