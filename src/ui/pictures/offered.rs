//! What the site offers beside the app.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};

/// Written by every build of the app: the files in `data/`.
const LIST: &str = "site-data.json";
/// The files that are CIFAR-10.
const CIFAR: [&str; 2] = ["cifar10.bin", "cifar-10-binary.tar.gz"];

/// Whether CIFAR-10 can be had from the site itself. No, until it is known.
pub fn offers_cifar() -> ReadSignal<bool> {
    let (offers, set_offers) = signal(false);
    spawn_local(async move {
        // A site without the list offers nothing.
        if let Ok(list) = fetch_list().await {
            set_offers.set(CIFAR.iter().any(|name| list.contains(&format!("\"{name}\""))));
        }
    });
    offers
}

async fn fetch_list() -> Result<String, JsValue> {
    let base = document().base_uri()?.unwrap_or_default();
    let url = Url::new_with_base(LIST, &base)?.href();
    let response: Response = JsFuture::from(window().fetch_with_str(&url)).await?.dyn_into()?;
    if !response.ok() {
        return Ok(String::new());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
