//! Links that the relay created, each with the message that creates it.

use super::{Columns, Storage, blob, bytes, failure, number};
use crate::ledger::{Recorded, State, link_expires_at};
use crate::link::{Link, LinkState, SendReport};
use crate::link_view::LinkBody;
use crate::message::{ListedLink, Page};
use crate::model::{CallbackId, Moment, Reference};
use crate::packed::unpack;
use crate::paytr::{Cause, CreatedLink, Outcome};
use worker::Result;
use worker::wasm_bindgen::JsValue;

/// `terms`, `creation` and `sends` are packed. `creation` is empty while PayTR is being asked. `state` is the word of
/// [`Link::state`] for lists; empty as long as there is no link to speak of, and if PayTR refused it.
pub const TABLE: &str = "CREATE TABLE links (
    callback_id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    reference TEXT,
    state TEXT,
    terms BLOB NOT NULL,
    creation BLOB,
    sends BLOB,
    deleted_at INTEGER,
    paid_at INTEGER,
    last_payment_at INTEGER,
    closing_tries INTEGER
) WITHOUT ROWID";

/// For lists. A link that is not in them has no entry.
pub const INDEX_BY_STATE: &str = "CREATE INDEX links_by_state ON links (state, created_at) WHERE state IS NOT NULL";

/// For the links of an order.
pub const INDEX_BY_REFERENCE: &str =
    "CREATE INDEX links_by_reference ON links (reference, created_at) WHERE reference IS NOT NULL";

/// The columns that [`read`] takes.
const COLUMNS: &str =
    "fingerprint, created_at, terms, creation, sends, deleted_at, paid_at, last_payment_at, closing_tries";

/// A link as it is kept, with the message that creates it.
pub struct KeptLink {
    pub link: Link,
    pub recorded: Recorded,
}

/// What was found among some links.
pub struct SweptLinks {
    /// The last one that was looked at
    pub last: String,
    /// Those of which PayTR is being asked, or was when the relay was stopped
    pub pending: Vec<CallbackId>,
}

impl Storage {
    /// A link. What of it cannot be read is an error, never as if there were none.
    pub fn link(&self, callback_id: &CallbackId) -> Result<Option<KeptLink>> {
        let select = format!("SELECT {COLUMNS} FROM links WHERE callback_id = ?");
        self.row(&select, vec![callback_id.as_str().into()], read)
    }

    /// Inserts a link of which PayTR is about to be asked.
    pub fn insert_link(&self, callback_id: &CallbackId, fingerprint: &str, link: &Link) -> Result<()> {
        let insert =
            "INSERT INTO links (callback_id, fingerprint, created_at, reference, terms) VALUES (?, ?, ?, ?, ?)";
        let reference = link.terms.reference.as_ref().map_or(JsValue::NULL, |reference| reference.as_str().into());
        let values = vec![
            callback_id.as_str().into(),
            fingerprint.into(),
            number(link.created_at),
            reference,
            blob(&link.terms),
        ];
        self.execute(insert, values)
    }

    /// Records what became of the create call, unless something is recorded already. Returns whether it was recorded.
    pub fn end_creation(&self, callback_id: &CallbackId, record: &[u8]) -> Result<bool> {
        // A payment may have come first.
        let update = "UPDATE links SET creation = ?, state = coalesce(state, ?)
            WHERE callback_id = ? AND creation IS NULL";
        let state = state_after_creation(&read_creation(record)).map_or(JsValue::NULL, |state| state.as_str().into());
        self.writes(update, vec![bytes(record), state, callback_id.as_str().into()])
    }

    /// Records how the sends ended that the create asked for.
    pub fn put_sends(&self, callback_id: &CallbackId, sends: &[SendReport]) -> Result<()> {
        let update = "UPDATE links SET sends = ? WHERE callback_id = ?";
        self.execute(update, vec![blob(&sends.to_vec()), callback_id.as_str().into()])
    }

    /// Records that a message deleted a link, unless one did before.
    pub fn put_deletion(&self, callback_id: &CallbackId, now: u64) -> Result<()> {
        let update = "UPDATE links SET deleted_at = ?, state = CASE WHEN paid_at IS NULL THEN 'deleted' ELSE state END
            WHERE callback_id = ? AND deleted_at IS NULL";
        self.execute(update, vec![number(now), callback_id.as_str().into()])
    }

    /// Records that something became of a payment; `is_paid` that the link was paid as it was to be; `is_closing` that it
    /// has to be closed.
    pub fn put_payment_time(&self, callback_id: &CallbackId, now: u64, is_paid: bool, is_closing: bool) -> Result<()> {
        let update =
            "UPDATE links SET last_payment_at = ?1, paid_at = CASE WHEN ?2 THEN coalesce(paid_at, ?1) ELSE paid_at END,
            state = CASE WHEN ?2 THEN 'paid' ELSE state END,
            closing_tries = CASE WHEN ?3 THEN coalesce(closing_tries, 0) ELSE closing_tries END WHERE callback_id = ?4";
        let flags = [is_paid, is_closing].map(|flag| number(flag.into()));
        let [is_paid, is_closing] = flags;
        self.execute(update, vec![number(now), is_paid, is_closing, callback_id.as_str().into()])
    }

    /// Counts an attempt to close a link. Returns how many there were.
    pub fn count_closing(&self, callback_id: &CallbackId) -> Result<u32> {
        let update = "UPDATE links SET closing_tries = coalesce(closing_tries, 0) + 1 WHERE callback_id = ?
            RETURNING closing_tries";
        let tries = self.row(update, vec![callback_id.as_str().into()], Columns::number)?;
        Ok(tries.and_then(|tries| u32::try_from(tries).ok()).unwrap_or(1))
    }

    /// The newest links of a page, at most `count`.
    pub fn list_links(
        &self,
        reference: Option<&Reference>,
        state: Option<LinkState>,
        page: &Page,
        count: u64,
    ) -> Result<Vec<ListedLink>> {
        let newest = |condition: &str| {
            format!(
                "SELECT * FROM (SELECT callback_id, created_at FROM links WHERE {condition} AND created_at >= ?1
                AND (created_at, callback_id) < (?2, ?3) ORDER BY created_at DESC, callback_id DESC LIMIT ?4)"
            )
        };
        let states = state.map_or(LinkState::ALL.to_vec(), |state| vec![state]);
        let states = states.into_iter().map(LinkState::as_str);
        let newest = if reference.is_some() {
            let states = states.map(|state| format!("'{state}'")).collect::<Vec<_>>().join(", ");
            newest(&format!("reference = ?5 AND state IN ({states})"))
        } else {
            // Each state is a range of the index of its own.
            states.map(|state| newest(&format!("state = '{state}'"))).collect::<Vec<_>>().join(" UNION ALL ")
        };
        let select = format!(
            "SELECT callback_id, {} FROM ({newest} ORDER BY created_at DESC, callback_id DESC LIMIT ?4) AS newest
            CROSS JOIN links USING (callback_id) ORDER BY newest.created_at DESC, callback_id DESC",
            COLUMNS.replace("created_at", "links.created_at")
        );
        let end = page.end();
        let since = page.created_after.map_or(0, Moment::unix_ms);
        let mut values = vec![number(since), number(end.created_at), end.id.into(), number(count)];
        values.extend(reference.map(|reference| JsValue::from(reference.as_str())));
        self.rows(&select, values, |row| {
            let unreadable = || failure("the record of a link cannot be read");
            let callback_id = CallbackId::parse(&row.text()?).ok_or_else(unreadable)?;
            let link = read(row)?.link;
            Ok(ListedLink {
                link: LinkBody { base64_qr: None, ..LinkBody::new(&callback_id, link.created()) },
                storefront: link.storefront().map(str::to_owned),
                state: link.state(),
                price: link.terms.price,
                currency: link.terms.currency,
                reference: link.terms.reference,
                sends: link.sends,
                created_at: Moment::from_unix_ms(link.created_at),
            })
        })
    }

    /// How many links were created since, Unix milliseconds.
    pub fn count_links(&self, since: u64) -> Result<u64> {
        let select = "SELECT count(*) FROM links
            WHERE state IN ('open', 'paid', 'deleted', 'unknown') AND created_at >= ?";
        Ok(self.row(select, vec![number(since)], Columns::number)?.unwrap_or_default())
    }

    /// Looks at the links after this one and deletes those whose time is over with all that belongs to them; `None` at the end
    /// of the table. A link that cannot be read stays.
    pub fn sweep_links(&self, after: &str, now: u64, count: u32) -> Result<Option<SweptLinks>> {
        let select =
            format!("SELECT callback_id, {COLUMNS} FROM links WHERE callback_id > ? ORDER BY callback_id LIMIT ?");
        let rows =
            self.rows(&select, vec![after.into(), number(count.into())], |row| Ok((row.text()?, read(row).ok())))?;
        let Some((last, _)) = rows.last() else { return Ok(None) };
        let mut swept = SweptLinks { last: last.clone(), pending: Vec::new() };
        for (callback_id, kept) in rows {
            let Some(KeptLink { link, .. }) = kept else { continue };
            if link_expires_at(&link) <= now {
                self.delete_payments_of(&callback_id)?;
                self.execute("DELETE FROM links WHERE callback_id = ?", vec![callback_id.into()])?;
            } else if link.creation.is_none() {
                swept.pending.extend(CallbackId::parse(&callback_id));
            }
        }
        Ok(Some(swept))
    }
}

/// The state of a link whose creation ended like this, as lists have it.
const fn state_after_creation(creation: &Outcome<CreatedLink>) -> Option<LinkState> {
    match creation {
        Outcome::Succeeded(_) => Some(LinkState::Open),
        Outcome::Unknown(_) => Some(LinkState::Unknown),
        Outcome::Rejected(_) => None,
    }
}

/// Reads [`COLUMNS`].
fn read(row: &mut Columns) -> Result<KeptLink> {
    let unreadable = || failure("the record of a link cannot be read");
    let (fingerprint, created_at) = (row.text()?, row.number()?);
    let terms = unpack(&row.bytes()?).ok_or_else(unreadable)?;
    let (creation, sends) = (row.optional_bytes()?, row.optional_bytes()?);
    let link = Link {
        terms,
        created_at,
        creation: creation.as_deref().map(read_creation),
        sends: sends.map_or(Ok(Vec::new()), |sends| unpack(&sends).ok_or_else(unreadable))?,
        deleted_at: row.optional_number()?,
        paid_at: row.optional_number()?,
        last_payment_at: row.optional_number()?,
        closing_tries: row.optional_number()?.map(|tries| u32::try_from(tries).unwrap_or(u32::MAX)),
    };
    let state = creation.map_or(State::Pending, State::Ended);
    Ok(KeptLink { link, recorded: Recorded { fingerprint, started_at: created_at, state } })
}

/// A record that cannot be read says that nobody knows.
fn read_creation(record: &[u8]) -> Outcome<CreatedLink> {
    unpack(record).unwrap_or(Outcome::Unknown(Cause::RecordUnreadable))
}
