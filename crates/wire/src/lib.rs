//! Messages of the protocol as the browser carries them between the page and the worker: an object of a
//! version, a header (in the postcard format) and attachments. Buffers among the attachments are handed over, not copied.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

use tunelab_core::protocol::VERSION;

/// A message that is not of this protocol.
#[derive(Debug, Error)]
pub enum WireError {
    #[error(
        "the page and its worker are of different versions ({found} and {VERSION}); reload the page"
    )]
    Version { found: f64 },
    #[error("the page and its worker do not understand each other ({0}); reload the page")]
    Malformed(String),
}

/// A message ready to be posted, with what is handed over with it.
pub struct Envelope {
    pub message: JsValue,
    pub transfer: Array,
}

/// Packs a header and its attachments.
///
/// # Errors
/// The header cannot be written.
pub fn pack(header: &impl Serialize, attachments: &[JsValue]) -> Result<Envelope, WireError> {
    let header =
        postcard::to_allocvec(header).map_err(|error| WireError::Malformed(error.to_string()))?;
    let message = Object::new();
    let set = |key: &str, value: JsValue| {
        Reflect::set(&message, &key.into(), &value).map_err(|_| WireError::Malformed(key.into()))
    };
    set("version", VERSION.into())?;
    set("header", Uint8Array::from(header.as_slice()).into())?;
    set("attachments", attachments.iter().collect::<Array>().into())?;
    let transfer = attachments.iter().filter(|attached| attached.is_instance_of::<ArrayBuffer>());
    Ok(Envelope { transfer: transfer.collect(), message: message.into() })
}

/// Unpacks what [`pack`] made.
///
/// # Errors
/// The message is of another version, or not of this protocol.
pub fn unpack<H: DeserializeOwned>(message: &JsValue) -> Result<(H, Vec<JsValue>), WireError> {
    let get = |key: &str| Reflect::get(message, &key.into()).unwrap_or(JsValue::UNDEFINED);
    let found = get("version").as_f64().unwrap_or(f64::NAN);
    if found != f64::from(VERSION) {
        return Err(WireError::Version { found });
    }
    let header = get("header").dyn_into::<Uint8Array>().map(|header| header.to_vec());
    let header = postcard::from_bytes(&header.unwrap_or_default())
        .map_err(|error| WireError::Malformed(error.to_string()))?;
    Ok((header, Array::from(&get("attachments")).to_vec()))
}

/// A buffer with these bytes, to be attached.
pub fn buffer(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).buffer().into()
}

/// The bytes of an attached buffer; empty where it is none.
pub fn bytes(attachment: Option<&JsValue>) -> Vec<u8> {
    match attachment {
        Some(value) if value.is_instance_of::<ArrayBuffer>() => Uint8Array::new(value).to_vec(),
        _ => Vec::new(),
    }
}
