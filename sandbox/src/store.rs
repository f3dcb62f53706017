//! The sandbox's memory: what came in, the links and their payments, and what misbehaves.
//!
//! Every change but what misbehaves goes to the open outboxes and, where there is one, to the journal, from which the next
//! start has it again.

use std::{
    collections::{HashMap, HashSet},
    fmt, mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rand::{
    RngExt,
    distr::{Alphanumeric, SampleString},
};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::{
    clock,
    journal::Journal,
    link::{Link, LinkState, Terms},
    merchant::Merchant,
    misbehaviour::Misbehaviour,
    pay::{Pay, PayError},
    payment::{Attempt, NotificationState, Payment},
    received::{Channel, Received},
    shop_event::ShopEvent,
};

/// How many changes a slow reader of the outbox may fall behind before it has to read the list again.
const BACKLOG: usize = 256;
/// PayTR's ids have as many letters and digits.
const ID_LENGTH: usize = 7;

/// Everything the sandbox remembers.
pub(crate) struct Store {
    memory: Mutex<Memory>,
    /// Locked under the memory's lock alone, so that changes stand in it in their order.
    journal: Option<Mutex<Journal>>,
    changes: broadcast::Sender<Change>,
}

#[derive(Default)]
struct Memory {
    received: Vec<Received>,
    count: u64,
    misbehaviours: HashMap<String, Misbehaviour>,
    links: Vec<Link>,
    /// Where a link stands in `links`.
    places: HashMap<String, usize>,
    /// Deleted links that somebody else made.
    foreign_deleted: HashSet<String>,
    /// By `merchant_oid`, where the payment's link stands in `links`.
    payments: HashMap<String, usize>,
    events: Vec<ShopEvent>,
}

/// What an open outbox is told, and the journal keeps.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    /// A message came in. Boxed, as the last case is empty.
    Arrived(Box<Received>),
    /// A link is new, or something about it or its payments is.
    Link(Box<Link>),
    /// The shop was told of an event, perhaps again.
    Told(Box<ShopEvent>),
    /// All messages are gone.
    Cleared,
}

impl Store {
    /// Remembers what stands in the journal, if there is one.
    pub(crate) fn new(mut journal: Option<Journal>) -> Self {
        let mut memory = Memory::default();
        for change in journal.as_mut().map(Journal::take_earlier).unwrap_or_default() {
            memory.redo(change);
        }
        let changes = broadcast::Sender::new(BACKLOG);
        Self { memory: Mutex::new(memory), journal: journal.map(Mutex::new), changes }
    }

    /// Remembers one message under the next number and tells the open outboxes.
    pub(crate) fn record(&self, mut received: Received) {
        let mut memory = self.memory();
        memory.count = memory.count.saturating_add(1);
        received.number = memory.count;
        memory.received.push(received.clone());
        self.tell(Change::Arrived(Box::new(received)));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.memory().received.clone()
    }

    /// How many messages there are, and the newest of them, newest first.
    pub(crate) fn newest(&self, most: usize) -> (usize, Vec<Received>) {
        let memory = self.memory();
        (memory.received.len(), memory.received.iter().rev().take(most).cloned().collect())
    }

    /// Forgets the messages.
    pub(crate) fn clear(&self) {
        let mut memory = self.memory();
        memory.received.clear();
        self.tell(Change::Cleared);
    }

    /// Forgets everything but what was told to misbehave; the numbers of messages go on.
    pub(crate) fn forget(&self) {
        let mut memory = self.memory();
        let Memory { count, misbehaviours, .. } = mem::take(&mut *memory);
        *memory = Memory { count, misbehaviours, ..Memory::default() };
        self.tell(Change::Cleared);
        if let Some(journal) = &self.journal {
            journal.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// `subject` is a link id, for its sends and its delete, or the whole name of a link to create.
    pub(crate) fn misbehave(&self, subject: &str, misbehaviour: Misbehaviour) {
        self.memory().misbehaviours.insert(subject.to_owned(), misbehaviour);
    }

    pub(crate) fn behave(&self, subject: &str) {
        self.memory().misbehaviours.remove(subject);
    }

    /// What a link id or a name was told to do.
    pub(crate) fn misbehaviour(&self, subject: &str) -> Option<Misbehaviour> {
        self.memory().misbehaviours.get(subject).cloned()
    }

    /// Makes a link of a new id.
    pub(crate) fn create(&self, terms: Terms) -> Link {
        let mut memory = self.memory();
        let mut id = Alphanumeric.sample_string(&mut rand::rng(), ID_LENGTH);
        while memory.places.contains_key(&id) {
            id = Alphanumeric.sample_string(&mut rand::rng(), ID_LENGTH);
        }
        let link = Link { id: id.clone(), terms, created_at: clock::now(), deleted: false, payments: Vec::new() };
        let place = memory.links.len();
        memory.places.insert(id, place);
        memory.links.push(link.clone());
        self.tell_of(&link);
        link
    }

    /// Deletes a link. Any id that the sandbox did not make counts as a link from elsewhere. False if it is deleted.
    pub(crate) fn delete(&self, id: &str) -> bool {
        let mut memory = self.memory();
        let Some(link) = memory.link(id) else {
            return memory.foreign_deleted.insert(id.to_owned());
        };
        let is_first = !link.deleted;
        link.deleted = true;
        if is_first {
            self.tell_of(link);
        }
        is_first
    }

    /// Makes a link expire now.
    pub(crate) fn expire(&self, id: &str) {
        if let Some(link) = self.memory().link(id) {
            link.terms.expires_at = Some(clock::now());
            self.tell_of(link);
        }
    }

    /// Why a link cannot be sent, if so. A link that somebody else made can be, until it is deleted here.
    pub(crate) fn inactive(&self, id: &str) -> Option<LinkState> {
        let mut memory = self.memory();
        if memory.foreign_deleted.contains(id) {
            return Some(LinkState::Deleted);
        }
        memory.link(id).map(|link| link.state(clock::now())).filter(|state| !state.is_active())
    }

    pub(crate) fn link(&self, id: &str) -> Option<Link> {
        self.memory().link(id).cloned()
    }

    /// In the order they were made.
    pub(crate) fn links(&self) -> Vec<Link> {
        self.memory().links.clone()
    }

    /// How many links there are, and the newest of them, newest first.
    pub(crate) fn newest_links(&self, most: usize) -> (usize, Vec<Link>) {
        let memory = self.memory();
        (memory.links.len(), memory.links.iter().rev().take(most).cloned().collect())
    }

    /// Takes a payment. Nobody is told of it yet.
    pub(crate) fn pay(&self, merchant: &Merchant, id: &str, mut pay: Pay) -> Result<Payment, PayError> {
        let now = clock::now();
        let mut memory = self.memory();
        let merchant_oid = match pay.merchant_oid.take() {
            Some(taken) if memory.payments.contains_key(&taken) => return Err(PayError::MerchantOidTaken),
            Some(own) => own,
            None => memory.new_merchant_oid(),
        };
        let place = memory.places.get(id).copied().ok_or(PayError::NoSuchLink)?;
        let link = memory.links.get_mut(place).ok_or(PayError::NoSuchLink)?;
        let payment = pay.payment(link, merchant, &merchant_oid, now)?;
        link.payments.push(payment.clone());
        self.tell_of(link);
        memory.payments.insert(merchant_oid, place);
        Ok(payment)
    }

    pub(crate) fn payment(&self, merchant_oid: &str) -> Option<Payment> {
        self.memory().payment(merchant_oid).map(|(payment, _)| payment.clone())
    }

    /// Notes that a notification is told from the start. False when there is none to tell.
    pub(crate) fn resume(&self, merchant_oid: &str) -> bool {
        self.change_payment(merchant_oid, |payment| {
            let told = payment.callback_url.is_some();
            if told {
                payment.notification = NotificationState::Pending;
                payment.next_attempt_at = None;
            }
            told
        })
        .unwrap_or(false)
    }

    /// Notes a try, and when the next one is due, if there is one.
    pub(crate) fn attempted(&self, merchant_oid: &str, attempt: Attempt, is_ok: bool, next: Option<u64>) {
        self.change_payment(merchant_oid, |payment| {
            payment.attempts.push(attempt);
            payment.next_attempt_at = next;
            payment.notification = match (is_ok, next) {
                (true, _) => NotificationState::Delivered,
                (false, Some(_)) => NotificationState::Pending,
                (false, None) => NotificationState::Stopped,
            };
        });
    }

    /// The payments whose notification has not arrived and is due.
    pub(crate) fn pending(&self) -> Vec<String> {
        let memory = self.memory();
        let payments = memory.links.iter().flat_map(|link| &link.payments);
        let pending = payments.filter(|payment| payment.notification == NotificationState::Pending);
        pending.map(|payment| payment.merchant_oid.clone()).collect()
    }

    /// Notes what the shop was told: a delivery that came now.
    pub(crate) fn told(&self, delivery: ShopEvent) {
        let mut memory = self.memory();
        let known = memory.events.iter().find(|event| event.webhook_id == delivery.webhook_id);
        let (at, earlier) = known.map_or((delivery.at, 0), |event| (event.at, event.deliveries));
        let event = ShopEvent { at, deliveries: earlier.saturating_add(1), ..delivery };
        memory.put_event(event.clone());
        self.tell(Change::Told(Box::new(event)));
    }

    /// In the order they came first.
    pub(crate) fn shop_events(&self) -> Vec<ShopEvent> {
        self.memory().events.clone()
    }

    /// How many events there are, and the newest of them, newest first.
    pub(crate) fn newest_events(&self, most: usize) -> (usize, Vec<ShopEvent>) {
        let memory = self.memory();
        (memory.events.len(), memory.events.iter().rev().take(most).cloned().collect())
    }

    fn change_payment<T>(&self, merchant_oid: &str, change: impl FnOnce(&mut Payment) -> T) -> Option<T> {
        let mut memory = self.memory();
        let (payment, place) = memory.payment(merchant_oid)?;
        let result = change(payment);
        if let Some(link) = memory.links.get(place) {
            self.tell_of(link);
        }
        Some(result)
    }

    fn tell_of(&self, link: &Link) {
        self.tell(Change::Link(Box::new(link.clone())));
    }

    /// Called under the lock, so that outboxes and journal have the changes in their order. Nobody listening is no error.
    fn tell(&self, change: Change) {
        if let Some(journal) = &self.journal {
            journal.lock().unwrap_or_else(PoisonError::into_inner).append(&change);
        }
        let _ = self.changes.send(change);
    }

    /// A panic under the lock leaves the memory whole: every change is one push or insert, or is done twice unharmed.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn link(&mut self, id: &str) -> Option<&mut Link> {
        let place = *self.places.get(id)?;
        self.links.get_mut(place)
    }

    fn payment(&mut self, merchant_oid: &str) -> Option<(&mut Payment, usize)> {
        let place = *self.payments.get(merchant_oid)?;
        let link = self.links.get_mut(place)?;
        let payment = link.payments.iter_mut().find(|payment| payment.merchant_oid == merchant_oid)?;
        Some((payment, place))
    }

    /// Adds an event, or replaces what was known of it.
    fn put_event(&mut self, event: ShopEvent) {
        match self.events.iter_mut().find(|known| known.webhook_id == event.webhook_id) {
            Some(known) => *known = event,
            None => self.events.push(event),
        }
    }

    /// Does once more what stands in the journal.
    fn redo(&mut self, change: Change) {
        match change {
            Change::Arrived(received) => {
                self.count = self.count.max(received.number);
                // What a delete did to the sandbox's own links stands with them.
                if received.channel == Channel::Delete && received.delivered {
                    let ids = received.link_id.as_deref().unwrap_or_default().split(',');
                    let foreign = ids.filter(|id| !self.places.contains_key(*id));
                    self.foreign_deleted.extend(foreign.map(str::to_owned));
                }
                self.received.push(*received);
            }
            Change::Link(link) => {
                let place = *self.places.entry(link.id.clone()).or_insert(self.links.len());
                self.payments.extend(link.payments.iter().map(|payment| (payment.merchant_oid.clone(), place)));
                match self.links.get_mut(place) {
                    Some(known) => *known = *link,
                    None => self.links.push(*link),
                }
            }
            Change::Told(event) => self.put_event(*event),
            Change::Cleared => self.received.clear(),
        }
    }

    fn new_merchant_oid(&self) -> String {
        loop {
            let oid = format!("LNK{:010}", rand::rng().random_range(0..10_000_000_000_u64));
            if !self.payments.contains_key(&oid) {
                return oid;
            }
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").finish_non_exhaustive()
    }
}
