//! A partition's alarm: one for everything that is due.
//!
//! It is set to the earliest task. While it runs nobody else sets it, but rings: what comes meanwhile is found by it, or by
//! the alarm that it sets last, and the platform runs it again if it ends before.

use super::Ledger;
use super::work::{self, Next};
use crate::platform::clock::{self, to_platform_time};
use event_listener::{Event, EventListener};
use std::cell::Cell;
use worker::js_sys::{Date, Object};
use worker::{Result, State, Storage};

/// How long work may be late before its alarm is taken for lost: the platform's own may be a minute late.
pub const LATE_MS: u64 = 90_000;

/// What an object knows of its alarm. Lost with the object: then it is set once too often.
pub struct Alarm {
    storage: Storage,
    /// When it comes, Unix milliseconds, as far as is known; nothing while it runs.
    at: Cell<Option<u64>>,
    /// When the tables are looked through next, for which no alarm is set, Unix milliseconds.
    sweep_at: Cell<Option<u64>>,
    is_running: Cell<bool>,
    /// Rings when a task is added while the alarm runs.
    bell: Event,
}

impl Alarm {
    pub fn new(state: &State) -> Self {
        Self {
            storage: state.storage(),
            at: Cell::default(),
            sweep_at: Cell::default(),
            is_running: Cell::default(),
            bell: Event::new(),
        }
    }

    /// Notes that the alarm runs.
    pub fn begins(&self) {
        self.at.set(None);
        self.is_running.set(true);
    }

    /// Notes that the alarm has run, and sets it to the next time, if there is one. For looking through the tables it is not
    /// set: that can wait for the next request or the cron, and an alarm is a written row.
    pub fn ends(&self, next: Next) -> Result<()> {
        self.is_running.set(false);
        self.sweep_at.set(next.sweep_at);
        next.at.map_or(Ok(()), |at| self.set(at))
    }

    /// Resolves when a task is added while the alarm runs.
    pub fn task_added(&self) -> EventListener {
        self.bell.listen()
    }

    /// Sets the alarm, unless it comes by then in any case.
    pub fn set_by(&self, time: u64) -> Result<()> {
        let now = clock::now();
        let comes_by_then = |at: u64| at <= time.max(now.saturating_add(1)) && now < at.saturating_add(LATE_MS);
        if self.at.get().is_some_and(comes_by_then) { Ok(()) } else { self.set(time) }
    }

    /// Has the alarm come now, whatever is known of one: it may be lost, and somebody waits.
    pub fn set_anew(&self) -> Result<()> {
        self.set(clock::now())
    }

    /// Rings while the alarm runs. Else the platform starts the write at once and, like any other, makes it durable before
    /// anything leaves; `Storage::set_alarm` of `worker` does nothing before it is awaited.
    fn set(&self, time: u64) -> Result<()> {
        if self.is_running.get() {
            self.bell.notify(usize::MAX);
            return Ok(());
        }
        // An alarm that sets itself anew for now, or for before, can be lost:
        // <https://github.com/cloudflare/workerd/issues/6866>.
        let time = time.max(clock::now().saturating_add(1));
        let date = Date::new(&to_platform_time(time).into());
        let _promise = self.storage.as_raw().set_alarm(date, Object::new())?;
        self.at.set(Some(time));
        Ok(())
    }
}

impl Ledger {
    /// Works off what is due, then sets the alarm for what is due next. It never fails for what a shop or PayTR does: the
    /// platform gives an alarm up that failed too often.
    pub(super) async fn work_off(&self) -> Result<()> {
        self.open()?;
        self.alarm.begins();
        let next = work::work_off(self).await;
        self.alarm.ends(next)
    }

    /// Adds a task and sets the alarm for it.
    pub(super) fn schedule(&self, kind: work::Kind, due_at: u64, subject: &str) -> Result<()> {
        self.storage.add_task(kind.as_str(), due_at, subject)?;
        self.alarm.set_by(due_at)
    }

    /// Sets the alarm anew if there is work that is overdue by more than `late_ms`: an alarm can be lost. Until work can be
    /// late, the storage is not asked again.
    pub(super) fn re_arm(&self, late_ms: u64) -> Result<()> {
        self.open()?;
        let is_late = |at: u64| at.saturating_add(late_ms) <= clock::now();
        let Alarm { is_running, at, sweep_at, .. } = &self.alarm;
        if is_running.get() || at.get().or(sweep_at.get()).is_some_and(|at| !is_late(at)) {
            return Ok(());
        }
        let next = work::next(self)?;
        match next.soonest() {
            Some(due_at) if is_late(due_at) => self.alarm.set(due_at),
            _ => {
                at.set(next.at);
                sweep_at.set(next.sweep_at);
                Ok(())
            }
        }
    }

    /// Whether work is overdue whose alarm should have come.
    pub(super) fn is_late(&self) -> Result<bool> {
        self.open()?;
        let due_at = work::next(self)?.soonest();
        Ok(!self.alarm.is_running.get() && due_at.is_some_and(|due_at| due_at.saturating_add(LATE_MS) <= clock::now()))
    }

    /// Opens the storage. A new one is swept from now on.
    fn open(&self) -> Result<()> {
        if self.storage.open()? {
            self.schedule(work::Kind::Sweep, clock::now().saturating_add(crate::tasks::sweep::INTERVAL_MS), "")?;
        }
        Ok(())
    }
}
