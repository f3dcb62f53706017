//! What a partition does by itself: one file for each kind of task, and the list of them all.
//!
//! In scope: working off what is due, within the connections that there are. Not in scope: what follows from an attempt;
//! that is `tasks`'.

use super::storage::Task;
use super::{Ledger, places};
use crate::config::Config;
use crate::ledger::Unavailable;
use crate::platform::{clock, environment, log};
use crate::tasks::After;
use crate::telemetry::LogLine;
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, select, select_all};
use worker::Result;

macro_rules! kinds {
    ($($module:ident::$name:ident: $at_once:expr),+ $(,)?) => {
        $(mod $module;)+

        /// A kind of task.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($name),+
        }

        /// The kinds there are.
        pub const KINDS: &[Kind] = &[$(Kind::$name),+];

        impl Kind {
            /// Its name in the storage: the file's.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($module)),+ }
            }

            /// How many of this kind are worked on at once.
            const fn at_once(self) -> usize {
                match self { $(Self::$name => $at_once),+ }
            }

            async fn run(self, ledger: &Ledger, config: &Config, task: &Task) -> Result<After> {
                match self { $(Self::$name => $module::run(ledger, config, &task.subject).await),+ }
            }
        }
    };
}

pub use tell_order::AGAIN;

kinds![
    work_order::WorkOrder: 4,
    tell_order::TellOrder: 4,
    write_back::WriteBack: 1,
    deliver_event::DeliverEvent: places::TO_SHOP,
    close_link::CloseLink: 1,
    send_alert::SendAlert: 1,
    sweep::Sweep: 1,
];

/// The kinds that share the places to the shop. The first takes one at most, so it holds up none of the second for good, and
/// comes first, so that it is never held up itself.
const TO_SHOP: [Kind; 2] = [Kind::WriteBack, Kind::DeliverEvent];

/// The kinds that begin only while a place to the shop is free. An alert takes none, so one that hangs holds up no shop.
const WITH_A_PLACE: [Kind; 3] = [Kind::WriteBack, Kind::DeliverEvent, Kind::SendAlert];

/// How long one run of the alarm goes on beginning tasks: the platform ends it after 15 minutes.
const LONGEST_RUN_MS: u64 = 5 * 60_000;
/// When work is tried again that could not be done: the settings are wrong, or the storage failed.
const RETRY_MS: u64 = 5 * 60_000;

/// When the next task of each kind is due, Unix milliseconds, in the order of [`KINDS`].
fn next_tasks(ledger: &Ledger) -> Result<Vec<Option<u64>>> {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.as_str()).collect();
    ledger.storage.next_tasks(&names)
}

/// When there is more to do, Unix milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    /// For which the alarm has to come
    pub at: Option<u64>,
    /// For looking through the tables
    pub sweep_at: Option<u64>,
}

impl Next {
    fn of(next_tasks: &[Option<u64>]) -> Self {
        let soonest = |is_wanted: fn(Kind) -> bool| {
            let due = KINDS.iter().zip(next_tasks).filter(|(kind, _)| is_wanted(**kind));
            due.filter_map(|(_, due_at)| *due_at).min()
        };
        Self { at: soonest(|kind| kind != Kind::Sweep), sweep_at: soonest(|kind| kind == Kind::Sweep) }
    }

    /// The earlier of both.
    pub fn soonest(&self) -> Option<u64> {
        self.at.into_iter().chain(self.sweep_at).min()
    }
}

/// When the next tasks are due.
pub fn next(ledger: &Ledger) -> Result<Next> {
    next_tasks(ledger).map(|next| Next::of(&next))
}

/// Works off what is due. Returns when there is more to do.
pub async fn work_off(ledger: &Ledger) -> Next {
    let began_at = clock::now();
    let later = |now: u64| Next { at: Some(now.saturating_add(RETRY_MS)), sweep_at: None };
    // With settings that are wrong for a while nothing is sent, and nothing deleted that a limit may count.
    let Ok(config) = environment::config(&ledger.env) else { return later(began_at) };
    let mut running: Vec<LocalBoxFuture<'_, (Kind, Task, Result<()>)>> = Vec::new();
    let mut taken: Vec<(Kind, Task)> = Vec::new();
    let mut failed: Vec<(Kind, Task)> = Vec::new();
    let mut is_readable = true;
    loop {
        let now = clock::now();
        let next = next_tasks(ledger);
        if now.saturating_sub(began_at) < LONGEST_RUN_MS {
            for (kind, due_at) in KINDS.iter().zip(next.as_deref().unwrap_or_default()) {
                if due_at.is_none_or(|due_at| due_at > now) {
                    continue;
                }
                let Ok(tasks) = due(ledger, *kind, &taken, &failed, now) else {
                    is_readable = false;
                    continue;
                };
                for task in tasks {
                    taken.push((*kind, task.clone()));
                    running.push(work_on(ledger, config, *kind, task).boxed_local());
                }
            }
        }
        if running.is_empty() {
            // What could not be done, or not be read, is due again later.
            return match next {
                Ok(next) if failed.is_empty() && is_readable => Next::of(&next),
                _ => later(clock::now()),
            };
        }
        match select(select_all(running), ledger.alarm.task_added()).await {
            Either::Left((((kind, task, done), _, rest), _)) => {
                running = rest;
                let key = (kind, task);
                taken.retain(|other| *other != key);
                if done.is_err() {
                    log_failure(ledger, kind);
                    failed.push(key);
                }
            }
            Either::Right(((), all)) => running = all.into_inner(),
        }
    }
}

/// The tasks of a kind that are due and neither taken nor failed, as many as may be begun.
fn due(ledger: &Ledger, kind: Kind, taken: &[(Kind, Task)], failed: &[(Kind, Task)], now: u64) -> Result<Vec<Task>> {
    let count = |tasks: &[(Kind, Task)]| tasks.iter().filter(|(known, _)| *known == kind).count();
    let mut free = kind.at_once().saturating_sub(count(taken));
    if WITH_A_PLACE.contains(&kind) {
        let to_shop = taken.iter().filter(|(known, _)| TO_SHOP.contains(known)).count();
        free = free.min(places::TO_SHOP.saturating_sub(to_shop));
    }
    if free == 0 {
        return Ok(Vec::new());
    }
    let most = u32::try_from(kind.at_once().saturating_add(count(failed))).unwrap_or(u32::MAX);
    let due = ledger.storage.due_tasks(kind.as_str(), now, most)?;
    // What is worked on already may be due twice, such as an event that was replayed.
    let is_taken = |task: &Task| taken.iter().any(|(known, other)| *known == kind && other.subject == task.subject);
    let is_new = |task: &Task| !is_taken(task) && !failed.contains(&(kind, task.clone()));
    Ok(due.into_iter().filter(is_new).take(free).collect())
}

/// Works on a task. What it writes last, and what becomes of the task, is one commit.
async fn work_on(ledger: &Ledger, config: &Config, kind: Kind, task: Task) -> (Kind, Task, Result<()>) {
    let done = kind.run(ledger, config, &task).await.and_then(|after| {
        ledger.storage.delete_task(kind.as_str(), &task)?;
        match after {
            After::Done => Ok(()),
            After::Again(due_at) => ledger.storage.add_task(kind.as_str(), due_at, &task.subject),
        }
    });
    (kind, task, done)
}

/// A task that the storage failed is left as it is, and worked on in a later run.
fn log_failure(ledger: &Ledger, kind: Kind) {
    let line = LogLine {
        message_type: Some(kind.as_str()),
        outcome: "failed",
        code: "failed",
        reason: Some(Unavailable::StorageFailed.as_str()),
        ..LogLine::default()
    };
    log::log(&ledger.env, &line);
}
