//! What one partition keeps, in its SQLite: one file for each table.
//!
//! Every statement is synchronous: what is written in one turn is one commit, and durable before anything that happens
//! after it can leave the object (the platform's output gate). A turn in which a statement fails may have written what stood
//! before it; what must be whole is written by [`Storage::transaction`].
//!
//! All tables are `WITHOUT ROWID`: the row stands in its key, so an insert is one written row. An entry of an index is one
//! more, and its deletion none; so an index is there only for what cannot be found otherwise, and `docs/scale.md` has the
//! count.
//!
//! The platform keeps a statement that it has parsed, but SQLite parses one with an `ORDER BY` or a `LIMIT ?` anew whenever
//! another value is bound: it plans by the values. So what is executed with every message has neither.

mod alerts;
mod events;
mod kept;
mod links;
mod messages;
mod orders;
mod payments;
mod tasks;

pub use events::NewEvent;
pub use tasks::Task;

use crate::packed::{Packed, pack};
use crate::platform::clock::{from_platform_time, to_platform_time};
use std::cell::Cell;
use worker::js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Error, Result, State};

/// The tables' version. A change of a table is a new version; from the first release on it comes with a step from the one
/// before in [`Storage::open`].
const VERSION: u64 = 3;

const TABLES: [&str; 11] = [
    messages::TABLE,
    links::TABLE,
    links::INDEX_BY_STATE,
    links::INDEX_BY_REFERENCE,
    events::TABLE,
    events::INDEX_OF_LINK,
    events::INDEX_BY_STATE,
    tasks::TABLE,
    orders::TABLE,
    alerts::TABLE,
    kept::TABLE,
];

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    /// The object's storage, with the methods that `worker` leaves out.
    type Durable;
    #[wasm_bindgen(method, catch)]
    fn sync(this: &Durable) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Durable,
        work: &mut dyn FnMut() -> std::result::Result<(), JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;

    /// The tables, without the values and iterators that `worker` puts around them.
    type Sql;
    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &Sql, statement: &str, values: Vec<JsValue>) -> std::result::Result<Cursor, JsValue>;

    /// What a statement gives.
    type Cursor;
    #[wasm_bindgen(method)]
    fn raw(this: &Cursor) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = rowsWritten)]
    fn rows_written(this: &Cursor) -> f64;

    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    fn to_array(rows: &JsValue) -> std::result::Result<Array, JsValue>;
}

/// The partition's tables.
pub struct Storage {
    sql: Sql,
    durable: Durable,
    is_open: Cell<bool>,
}

impl Storage {
    pub fn new(state: &State) -> Self {
        let storage = state.storage();
        let durable = JsValue::from(storage.as_raw()).unchecked_into();
        let sql = JsValue::from(storage.sql().as_ref()).unchecked_into();
        Self { sql, durable, is_open: Cell::new(false) }
    }

    /// Creates the tables if there are none. Returns whether there were none.
    ///
    /// # Errors
    /// If another version of the relay wrote them, or the platform fails.
    pub fn open(&self) -> Result<bool> {
        if self.is_open.get() {
            return Ok(false);
        }
        self.execute("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)", vec![])?;
        let found = self.row("SELECT version FROM schema", vec![], Columns::number)?;
        match found {
            Some(VERSION) => {}
            Some(_) => return Err(failure("the storage was written by another version of the relay")),
            None => {
                for statement in TABLES {
                    self.execute(statement, vec![])?;
                }
                self.execute("INSERT INTO schema (version) VALUES (?)", vec![number(VERSION)])?;
            }
        }
        self.is_open.set(true);
        Ok(found.is_none())
    }

    /// Writes all or nothing.
    ///
    /// # Errors
    /// Those of `work`, and the platform's.
    pub fn transaction<'a>(&'a self, work: impl FnOnce() -> Result<()> + 'a) -> Result<()> {
        let mut work = Some(work);
        let mut run = move || work.take().map_or(Ok(()), |work| work()).map_err(JsValue::from);
        self.durable.transaction_sync(&mut run).map(drop).map_err(Error::from)
    }

    /// Resolves when all that was written is durable.
    ///
    /// # Errors
    /// If it never will be: the platform resets the object then.
    pub async fn sync(&self) -> Result<()> {
        JsFuture::from(self.durable.sync()?).await?;
        Ok(())
    }

    fn row<T>(
        &self,
        select: &str,
        values: Vec<JsValue>,
        read: impl Fn(&mut Columns) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(select, values, read)?.into_iter().next())
    }

    /// The rows of a statement. `read` takes the columns in the order in which the statement names them.
    fn rows<T>(&self, select: &str, values: Vec<JsValue>, read: impl Fn(&mut Columns) -> Result<T>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each_row(select, values, &mut |columns| {
            rows.push(read(columns)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Once for all kinds of rows: a loop for each was 2 KB of the Worker.
    fn each_row(
        &self,
        select: &str,
        values: Vec<JsValue>,
        take: &mut dyn FnMut(&mut Columns) -> Result<()>,
    ) -> Result<()> {
        for row in to_array(&self.sql.exec(select, values)?.raw())?.iter() {
            take(&mut Columns { row: row.unchecked_into(), next: 0 })?;
        }
        Ok(())
    }

    fn execute(&self, statement: &str, values: Vec<JsValue>) -> Result<()> {
        self.sql.exec(statement, values)?;
        Ok(())
    }

    /// Executes a statement that writes. Returns whether it wrote anything.
    fn writes(&self, statement: &str, values: Vec<JsValue>) -> Result<bool> {
        Ok(self.sql.exec(statement, values)?.rows_written() > 0.0)
    }
}

/// A row, and which of its columns comes next.
pub struct Columns {
    row: Array,
    next: u32,
}

impl Columns {
    fn text(&mut self) -> Result<String> {
        self.optional_text()?.ok_or_else(unexpected)
    }

    fn optional_text(&mut self) -> Result<Option<String>> {
        self.optional(JsValue::as_string)
    }

    fn bytes(&mut self) -> Result<Vec<u8>> {
        self.optional_bytes()?.ok_or_else(unexpected)
    }

    fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>> {
        self.optional(|value| value.dyn_ref::<ArrayBuffer>().map(|bytes| Uint8Array::new(bytes).to_vec()))
    }

    fn number(&mut self) -> Result<u64> {
        self.optional_number()?.ok_or_else(unexpected)
    }

    fn optional_number(&mut self) -> Result<Option<u64>> {
        self.optional(|value| value.as_f64().map(from_platform_time))
    }

    fn optional<T>(&mut self, read: impl FnOnce(&JsValue) -> Option<T>) -> Result<Option<T>> {
        let value = self.row.get(self.next);
        self.next = self.next.saturating_add(1);
        if value.is_null() { Ok(None) } else { read(&value).map(Some).ok_or_else(unexpected) }
    }

    fn flag(&mut self) -> Result<bool> {
        Ok(self.number()? != 0)
    }
}

fn unexpected() -> Error {
    failure("a column of the storage holds something else")
}

/// A failure that is not the platform's.
pub fn failure(what: &str) -> Error {
    Error::RustError(what.to_owned())
}

fn blob(value: &impl Packed) -> JsValue {
    bytes(&pack(value))
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// SQLite's integers travel as floating-point numbers.
fn number(value: u64) -> JsValue {
    to_platform_time(value).into()
}
