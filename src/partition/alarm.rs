//! A partition's alarm: one for everything that is due.
//!
//! It is set to the earliest task. While it runs nobody else sets it, but rings: what comes meanwhile is found by it, or by
//! the alarm that it sets last, and the platform runs it again if it ends before.

use super::{Ledger, work};
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
    /// When it comes, Unix milliseconds, as far as is known.
    at: Cell<Option<u64>>,
    is_running: Cell<bool>,
    /// Rings when a task is added while the alarm runs.
    bell: Event,
}

impl Alarm {
    pub fn new(state: &State) -> Self {
        Self { storage: state.storage(), at: Cell::default(), is_running: Cell::default(), bell: Event::new() }
    }

    /// Notes that the alarm runs.
    pub fn begins(&self) {
        self.at.set(None);
        self.is_running.set(true);
    }

    /// Notes that the alarm has run, and sets it to the next time, if there is one.
    pub fn ends(&self, next: Option<u64>) -> Result<()> {
        self.is_running.set(false);
        next.map_or(Ok(()), |next| self.set(next))
    }

    /// Resolves when a task is added while the alarm runs.
    pub fn task_added(&self) -> EventListener {
        self.bell.listen()
    }

    /// Sets the alarm, unless it comes by then in any case.
    pub fn set_by(&self, time: u64) -> Result<()> {
        if self.is_running.get() {
            self.bell.notify(usize::MAX);
            return Ok(());
        }
        let now = clock::now();
        let comes_by_then = |at: u64| at <= time.max(now.saturating_add(1)) && now < at.saturating_add(LATE_MS);
        if self.at.get().is_some_and(comes_by_then) { Ok(()) } else { self.set(time) }
    }

    /// The platform starts the write at once and, like any other, makes it durable before anything leaves;
    /// `Storage::set_alarm` of `worker` does nothing before it is awaited.
    fn set(&self, time: u64) -> Result<()> {
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
        if self.alarm.is_running.get() || self.alarm.at.get().is_some_and(|at| !is_late(at)) {
            return Ok(());
        }
        match self.next_task()? {
            Some(due_at) if is_late(due_at) => self.alarm.set(due_at),
            due_at => {
                self.alarm.at.set(due_at);
                Ok(())
            }
        }
    }

    /// Opens the storage. A new one is swept from now on.
    fn open(&self) -> Result<()> {
        if self.storage.open()? {
            self.schedule(work::Kind::Sweep, clock::now().saturating_add(crate::tasks::sweep::INTERVAL_MS), "")?;
        }
        Ok(())
    }

    /// When the next task is due, Unix milliseconds.
    fn next_task(&self) -> Result<Option<u64>> {
        Ok(work::next_tasks(self)?.into_iter().flatten().min())
    }
}
