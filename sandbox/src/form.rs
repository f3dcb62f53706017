//! Form bodies: bytes to a list of fields, in the order they came.
//!
//! In scope: the two encodings that PayTR's samples use. Not in scope: what the fields mean (`rules.rs`).

use axum::body::{Body, Bytes};

/// Field names and values, decoded, in order, duplicates kept.
pub(crate) type Fields = Vec<(String, String)>;

/// A body without fields that PayTR could read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Neither of the two encodings.
    ContentType,
    /// Called multipart, but it is not.
    Multipart,
    /// A multipart part with a file name: PHP files it elsewhere, the field counts as not sent.
    File,
}

impl Unreadable {
    /// What a developer has to change.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::ContentType => {
                "PayTR reads application/x-www-form-urlencoded and multipart/form-data only, never JSON."
            }
            Self::Multipart => "The body is not the multipart/form-data that its content-type promises.",
            Self::File => "A field came as a file (its part has a filename). Send it as a plain field.",
        }
    }
}

/// Reads the fields of a body by its content type.
pub(crate) async fn decode(content_type: &str, body: &Bytes) -> Result<Fields, Unreadable> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(form_urlencoded::parse(body).into_owned().collect());
    }
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        return multipart(content_type, body.clone()).await;
    }
    Err(Unreadable::ContentType)
}

async fn multipart(content_type: &str, body: Bytes) -> Result<Fields, Unreadable> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| Unreadable::Multipart)?;
    let mut parts = multer::Multipart::new(Body::from(body).into_data_stream(), boundary);
    let mut fields = Fields::new();
    while let Some(part) = parts.next_field().await.map_err(|_| Unreadable::Multipart)? {
        if part.file_name().is_some() {
            return Err(Unreadable::File);
        }
        let name = part.name().ok_or(Unreadable::Multipart)?.to_owned();
        let value = part.bytes().await.map_err(|_| Unreadable::Multipart)?;
        fields.push((name, String::from_utf8_lossy(&value).into_owned()));
    }
    Ok(fields)
}
