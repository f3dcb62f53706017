//! What is to be done for an order's link, and what follows from the answers.

use super::{CreateAnswer, DeleteAnswer, Order, OrderLink, People, Stage};
use crate::model::LinkName;
use crate::storefront::{Job, LinkNote, Money, Storefront, Trouble};
use crate::tasks::close_link::DELAYS_MS;

/// How long after an unknown create the next number is tried, in milliseconds.
const AFTER_UNKNOWN_MS: u64 = 60_000;
/// How many creates in a row may be unknown: the first, and twice more.
const MAX_UNKNOWN: u32 = 3;
const HOUR_MS: u64 = 3_600_000;

/// What is to be done for an order's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until something happens.
    Nothing,
    /// Nothing before this time, Unix milliseconds.
    At(u64),
    /// Plan the next link.
    Plan,
    /// Ask for the link, and for those of its sends that are still to be made.
    Create,
    /// Delete the link.
    Delete,
    /// Forget whom nobody is to write to any more.
    Forget,
}

impl Order {
    /// What is to be done for its link at this time, Unix milliseconds.
    #[must_use]
    pub fn next_step(&self, now: u64) -> Step {
        match self.next_step_of_link(now) {
            Step::Nothing if !self.people.is_empty() => Step::Forget,
            step => step,
        }
    }

    fn next_step_of_link(&self, now: u64) -> Step {
        let due = |due_at: Option<u64>, step: Step| match due_at {
            Some(due_at) if due_at > now => Step::At(due_at),
            _ => step,
        };
        match &self.link {
            Some(link) if link.stage == Stage::Asked => due(link.due_at, Step::Create),
            Some(link) if matches!(link.stage, Stage::Open | Stage::Closing) && link.paid => Step::Nothing,
            Some(link) if link.stage == Stage::Open && link.expires_at > now => match link.due_at {
                _ if self.asks_for() != Some(link.money) => Step::Delete,
                Some(due_at) => due(Some(due_at), Step::Create),
                None => Step::Nothing,
            },
            Some(link) if link.stage == Stage::Closing && link.expires_at > now => due(link.due_at, Step::Delete),
            // What can still be paid has to be gone before the next one is there.
            Some(link) if link.stage == Stage::Stuck && self.plans_a_link(now) => {
                due(Some(link.expires_at), Step::Plan)
            }
            Some(link) if self.plans_a_link(now) => due(link.due_at, Step::Plan),
            None if self.plans_a_link(now) => Step::Plan,
            _ => Step::Nothing,
        }
    }

    /// What a link is to be open over now: nothing once any was paid.
    const fn asks_for(&self) -> Option<Money> {
        if self.paid.is_some() { None } else { self.wanted }
    }

    /// Whether another link is to be planned, now or once the one there is gone.
    pub(super) fn plans_a_link(&self, now: u64) -> bool {
        let Some(money) = self.asks_for() else { return false };
        match &self.link {
            None => true,
            Some(link) => match link.stage {
                Stage::Asked | Stage::Open => link.money != money || link.expires_at <= now && link.wish != self.wishes,
                Stage::Closing | Stage::Closed => true,
                // What PayTR refused is not asked again until the order wants something else.
                Stage::Refused | Stage::Stuck => link.wish != self.wishes,
                Stage::Unknown => self.unknown < MAX_UNKNOWN,
            },
        }
    }

    /// Plans the next link, under this name, as the storefront's settings are now.
    pub fn plan(&mut self, storefront: &Storefront, name: LinkName, now: u64) {
        let Some(money) = self.asks_for() else { return };
        let (recipients, missing) = storefront.send.choose(std::mem::take(&mut self.people.wanted));
        self.planned = self.planned.saturating_add(1);
        self.people = People { wanted: Vec::new(), link: recipients };
        self.link = Some(OrderLink {
            number: self.planned,
            wish: self.wishes,
            reference: self.number.clone(),
            money,
            name,
            lang: storefront.lang,
            expires_at: now.saturating_add(storefront.expires_after_hours.saturating_mul(HOUR_MS)),
            stage: Stage::Asked,
            due_at: None,
            closing_tries: 0,
            paid: false,
            missing,
        });
    }

    /// Forgets whom nobody is to write to any more.
    pub fn forget_people(&mut self) {
        self.people = People::default();
    }

    /// Notes that its link is about to be deleted. Returns the number of the try, counted from 1.
    pub fn begin_closing(&mut self) -> u32 {
        let Some(link) = &mut self.link else { return 0 };
        if link.stage == Stage::Open {
            (link.stage, link.closing_tries, link.due_at) = (Stage::Closing, 0, None);
            self.people.link.clear();
        }
        link.closing_tries.saturating_add(1)
    }

    /// Takes the answer of asking for link `number`.
    pub fn take_creation(&mut self, number: u32, answer: CreateAnswer, now: u64) {
        self.updated_at = now;
        let Some(link) = self.link.as_mut().filter(|link| link.number == number) else { return };
        match answer {
            CreateAnswer::Later(at) => link.due_at = Some(at),
            CreateAnswer::Created { url, sent, retry_at } => {
                let retry_at = retry_at.filter(|retry_at| *retry_at < link.expires_at);
                let is_new = link.stage == Stage::Asked;
                if is_new {
                    link.stage = Stage::Open;
                }
                if link.stage == Stage::Open {
                    link.due_at = retry_at;
                }
                let (money, expires_at, missing) = (link.money, link.expires_at, link.missing);
                self.unknown = 0;
                if retry_at.is_none() {
                    self.people.link.clear();
                }
                if is_new {
                    let is_another = self.made > 0;
                    self.made = self.made.saturating_add(1);
                    self.write_back(Job::Link(LinkNote { url, money, is_another, sent, missing, expires_at }), now);
                }
            }
            CreateAnswer::Refused(words) => {
                (link.stage, link.due_at) = (Stage::Refused, None);
                self.keep_people_for_the_next(now);
                self.write_back(Job::Trouble(Trouble::Refused(words)), now);
            }
            CreateAnswer::Unknown => {
                (link.stage, link.due_at) = (Stage::Unknown, Some(now.saturating_add(AFTER_UNKNOWN_MS)));
                self.unknown = self.unknown.saturating_add(1);
                self.keep_people_for_the_next(now);
                if self.unknown == MAX_UNKNOWN {
                    self.write_back(Job::Trouble(Trouble::Unknown), now);
                }
            }
            CreateAnswer::NotAsked { retry_at } => {
                (link.stage, link.due_at) = (Stage::Closed, Some(retry_at));
                self.keep_people_for_the_next(now);
            }
        }
    }

    /// Nobody was written to about a link that nobody knows of, or that there never was.
    fn keep_people_for_the_next(&mut self, now: u64) {
        let people = std::mem::take(&mut self.people.link);
        if !self.plans_a_link(now) {
            self.people.wanted.clear();
        } else if self.people.wanted.is_empty() {
            self.people.wanted = people;
        }
    }

    /// Takes the answer of asking to delete link `number`. A person who is told that it cannot be deleted makes the next one,
    /// unless the order changes once more.
    pub fn take_deletion(&mut self, number: u32, answer: DeleteAnswer, now: u64) {
        self.updated_at = now;
        let Some(link) = self.link.as_mut().filter(|link| link.number == number && link.stage == Stage::Closing) else {
            return;
        };
        match answer {
            DeleteAnswer::Later(at) => link.due_at = Some(at),
            DeleteAnswer::Deleted => (link.stage, link.due_at) = (Stage::Closed, None),
            DeleteAnswer::Failed => {
                let delay = usize::try_from(link.closing_tries).ok().and_then(|tries| DELAYS_MS.get(tries));
                link.closing_tries = link.closing_tries.saturating_add(1);
                if let Some(delay) = delay {
                    link.due_at = Some(now.saturating_add(*delay));
                } else {
                    (link.stage, link.due_at, link.wish) = (Stage::Stuck, None, self.wishes);
                    let money = link.money;
                    self.write_back(Job::Trouble(Trouble::NotDeleted(money)), now);
                }
            }
        }
    }
}
