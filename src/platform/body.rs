//! Bodies with a cap.

use crate::http::media_type::Length;
use worker::js_sys::{Promise, Reflect, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{ReadableStream, ReadableStreamDefaultReader, Request, Response};

/// Why a body could not be had.
pub enum BodyError {
    /// It is over the cap. What was read is gone; the rest was not read.
    TooLong,
    /// The stream failed with this.
    Broken(JsValue),
}

impl From<JsValue> for BodyError {
    fn from(error: JsValue) -> Self {
        Self::Broken(error)
    }
}

/// A request or a response that has a body.
pub trait Body {
    /// The promise of the whole body.
    fn array_buffer(&self) -> Result<Promise, JsValue>;
    /// The body, piece by piece.
    fn stream(&self) -> Option<ReadableStream>;
}

macro_rules! has_body {
    ($($name:ident),+) => {$(
        impl Body for $name {
            fn array_buffer(&self) -> Result<Promise, JsValue> {
                $name::array_buffer(self).map(JsCast::unchecked_into)
            }
            fn stream(&self) -> Option<ReadableStream> {
                self.body()
            }
        }
    )+};
}
has_body!(Request, Response);

/// Reads a body of at most `cap` bytes: in one go if its headers declare a length that fits, else piece by piece until
/// the cap.
pub async fn read_body(message: &impl Body, declared: Length, cap: usize) -> Result<Vec<u8>, BodyError> {
    match declared {
        Length::TooLong => Err(BodyError::TooLong),
        Length::Fits => {
            let bytes = Uint8Array::new(&JsFuture::from(message.array_buffer()?).await?).to_vec();
            // The platform keeps a sender to its content-length; should it ever not, the cap holds all the same.
            if bytes.len() > cap { Err(BodyError::TooLong) } else { Ok(bytes) }
        }
        Length::Unknown => match message.stream() {
            None => Ok(Vec::new()),
            Some(stream) => read_stream(&stream, cap).await,
        },
    }
}

async fn read_stream(stream: &ReadableStream, cap: usize) -> Result<Vec<u8>, BodyError> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let result = JsFuture::from(reader.read().unchecked_into::<Promise>()).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let piece: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
        let length = usize::try_from(piece.length()).unwrap_or(usize::MAX);
        if bytes.len().saturating_add(length) > cap {
            // Nobody waits for the cancelling: the answer does not depend on it.
            drop(reader.cancel());
            return Err(BodyError::TooLong);
        }
        bytes.extend(piece.to_vec());
    }
}
