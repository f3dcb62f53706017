//! What a partition does by itself: one file for each kind of task, and the list of them all.
//!
//! In scope: working off what is due, within the connections that there are. Not in scope: what follows from an attempt;
//! that is `tasks`'.

use super::storage::Task;
use super::{Ledger, places};
use crate::config::Config;
use crate::platform::{clock, environment};
use crate::tasks::After;
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, select, select_all};
use std::collections::BTreeSet;
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

kinds![
    deliver_event::DeliverEvent: places::TO_SHOP,
    close_link::CloseLink: 1,
    sweep::Sweep: 1,
];

/// How long one run of the alarm goes on beginning tasks: the platform ends it after 15 minutes.
const LONGEST_RUN_MS: u64 = 5 * 60_000;
/// When work is tried again that could not be done: the settings are wrong, or the storage failed.
const RETRY_MS: u64 = 5 * 60_000;

/// Works off what is due. Returns when to try again, Unix milliseconds, if it could not be done.
pub async fn work_off(ledger: &Ledger) -> Option<u64> {
    let began_at = clock::now();
    let later = |now: u64| Some(now.saturating_add(RETRY_MS));
    // With settings that are wrong for a while nothing is sent, and nothing deleted that a limit may count.
    let Ok(config) = environment::config(&ledger.env) else { return later(began_at) };
    let mut running: Vec<LocalBoxFuture<'_, Result<(Kind, Task)>>> = Vec::new();
    let mut taken: BTreeSet<(Kind, Task)> = BTreeSet::new();
    let mut has_failed = false;
    loop {
        let now = clock::now();
        if !has_failed && now.saturating_sub(began_at) < LONGEST_RUN_MS {
            for kind in KINDS {
                match due(ledger, *kind, &taken, now) {
                    Ok(tasks) => {
                        for task in tasks {
                            taken.insert((*kind, task.clone()));
                            running.push(work_on(ledger, config, *kind, task).boxed_local());
                        }
                    }
                    Err(_) => has_failed = true,
                }
            }
        }
        if running.is_empty() {
            return if has_failed { later(clock::now()) } else { None };
        }
        match select(select_all(running), ledger.alarm.next_task()).await {
            Either::Left(((done, _, rest), _)) => {
                running = rest;
                match done {
                    Ok(done) => drop(taken.remove(&done)),
                    Err(_) => has_failed = true,
                }
            }
            Either::Right(((), all)) => running = all.into_inner(),
        }
    }
}

/// The tasks of a kind that are due and not taken, as many as may be begun.
fn due(ledger: &Ledger, kind: Kind, taken: &BTreeSet<(Kind, Task)>, now: u64) -> Result<Vec<Task>> {
    let under_way = taken.iter().filter(|(taken, _)| *taken == kind).count();
    let free = kind.at_once().saturating_sub(under_way);
    if free == 0 {
        return Ok(Vec::new());
    }
    let count = u32::try_from(kind.at_once()).unwrap_or(u32::MAX);
    let due = ledger.storage.due_tasks(kind.as_str(), now, count)?;
    Ok(due.into_iter().filter(|task| !taken.contains(&(kind, task.clone()))).take(free).collect())
}

/// Works on a task. What it writes last, and what becomes of the task, is one commit.
async fn work_on(ledger: &Ledger, config: &Config, kind: Kind, task: Task) -> Result<(Kind, Task)> {
    let after = kind.run(ledger, config, &task).await?;
    ledger.storage.delete_task(kind.as_str(), &task)?;
    if let After::Again(due_at) = after {
        ledger.storage.add_task(kind.as_str(), due_at, &task.subject)?;
    }
    Ok((kind, task))
}
