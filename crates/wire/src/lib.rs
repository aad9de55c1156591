//! Converts messages of the protocol to and from the browser's messages: objects with a `version`, a `header` in
//! the postcard format, and `attachments`. Buffers among the attachments are transferred, not copied.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use tunelab_core::protocol::{ProtocolError, VERSION};

/// A message that can be posted.
pub struct Envelope {
    pub message: JsValue,
    /// The buffers that are transferred with it.
    pub transfer: Array,
}

/// Packs a header and its attachments.
///
/// # Errors
/// The header cannot be serialized.
pub fn pack(header: &impl Serialize, attachments: &[JsValue]) -> Result<Envelope, ProtocolError> {
    let header = postcard::to_allocvec(header).map_err(malformed)?;
    let message = Object::new();
    let set = |key: &str, value: JsValue| {
        Reflect::set(&message, &key.into(), &value).map_err(|_| malformed(key))
    };
    set("version", VERSION.into())?;
    set("header", Uint8Array::from(header.as_slice()).into())?;
    set("attachments", attachments.iter().collect::<Array>().into())?;
    let transfer = attachments.iter().filter(|attached| attached.is_instance_of::<ArrayBuffer>());
    Ok(Envelope { transfer: transfer.collect(), message: message.into() })
}

/// Unpacks a message that [`pack`] made.
///
/// # Errors
/// The message is of another version, or not of this protocol.
pub fn unpack<H: DeserializeOwned>(message: &JsValue) -> Result<(H, Vec<JsValue>), ProtocolError> {
    let get = |key: &str| Reflect::get(message, &key.into()).unwrap_or(JsValue::UNDEFINED);
    let found = get("version").as_f64().unwrap_or(f64::NAN);
    if found != f64::from(VERSION) {
        return Err(ProtocolError::Version { found });
    }
    let header = get("header").dyn_into::<Uint8Array>().map(|header| header.to_vec());
    let header = postcard::from_bytes(&header.unwrap_or_default()).map_err(malformed)?;
    Ok((header, Array::from(&get("attachments")).to_vec()))
}

fn malformed(problem: impl ToString) -> ProtocolError {
    ProtocolError::Malformed { problem: problem.to_string() }
}

/// Copies bytes into a buffer that can be attached.
pub fn buffer(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).buffer().into()
}

/// Copies the bytes of an attached buffer. They are empty if the attachment is missing or no buffer.
pub fn bytes(attachment: Option<&JsValue>) -> Vec<u8> {
    match attachment {
        Some(value) if value.is_instance_of::<ArrayBuffer>() => Uint8Array::new(value).to_vec(),
        _ => Vec::new(),
    }
}
