//! Three ways to pictures.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Response, Url};

use crate::parts::FileButton;
use crate::pictures::entries::{Contents, Found};
use crate::pictures::intake::Intake;
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::protocol::Command;

/// What the site offers beside the app, written by every build: the files in `data/`.
const SITE_DATA: &str = "site-data.json";
/// The files that are CIFAR-10.
const CIFAR: [&str; 2] = ["cifar10.bin", "cifar-10-binary.tar.gz"];
const CIFAR_PAGE: &str = "https://www.cs.toronto.edu/~kriz/cifar.html";

/// The built-in pictures, one's own, CIFAR-10.
#[component]
pub fn Start(#[prop(into)] over: Signal<bool>) -> impl IntoView {
    let intake = expect_context::<Intake>();
    let offers = offers_cifar();
    let use_sample = move |_| intake.send(Command::UseSample, Vec::new());
    let take_folder = move |files: Vec<File>| {
        intake.take(Contents { files: with_paths(files), ..Contents::default() }, None);
    };
    let choose_labels = move |event| {
        intake.cifar100.set(match event_target_value(&event).as_str() {
            "coarse" => Cifar100Labels::Coarse,
            "both" => Cifar100Labels::Both,
            _ => Cifar100Labels::Fine,
        });
    };
    let take_cifar = move |files: Vec<File>| {
        let paths = files.iter().map(File::name).collect();
        intake.add_folder(paths, Vec::new(), files);
    };
    view! {
        <div class="pictures-start">
            <article class="card pictures-way">
                <h3>"Sample pictures"</h3>
                <Figures />
                <p>"Drawn figures of eight kinds, made here on the spot. Good for a first try."</p>
                <div class="row wrap pictures-way-foot">
                    <button type="button" class="button primary" on:click=use_sample>
                        "Use the sample pictures"
                    </button>
                </div>
            </article>
            <article class="card pictures-way" class:drop-over=move || over.get()>
                <h3>"Your own"</h3>
                <p>
                    "Drop a folder that has a folder for each class, anywhere on this page; or pictures with a table (CSV) of classes, labels or numbers. Or add a class below and give it pictures."
                </p>
                <p class="hint">"JPEG, PNG, WebP, GIF or BMP. Each class should have 20 or more."</p>
                <div class="row wrap pictures-way-foot">
                    <FileButton
                        text="Choose a folder"
                        multiple=true
                        folder=true
                        on_files=take_folder
                    />
                </div>
            </article>
            <article class="card pictures-way">
                <h3>"CIFAR-10 or CIFAR-100"</h3>
                <p>
                    "60,000 photos of 10 or 100 kinds, 32 px small, often used to compare networks. Take the "
                    <a href=CIFAR_PAGE target="_blank" rel="noopener noreferrer">
                        "binary version"
                    </a> ", packed or not."
                </p>
                <label class="row wrap hint">
                    "Labels of CIFAR-100:"
                    <select on:change=choose_labels>
                        <option value="fine">"100 classes"</option>
                        <option value="coarse">"20 superclasses"</option>
                        <option value="both">"both"</option>
                    </select>
                </label>
                <div class="row wrap pictures-way-foot">
                    <Show when=move || offers.get()>
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| intake.fetch_cifar()
                        >
                            "Use CIFAR-10 from this site"
                        </button>
                    </Show>
                    <FileButton
                        text="Choose CIFAR files"
                        accept=".bin,.tar.gz,.gz"
                        multiple=true
                        on_files=take_cifar
                    />
                </div>
            </article>
        </div>
        <p class="hint">
            "Each of these takes the place of the pictures below. Single pictures dropped here become a new class."
        </p>
    }
}

/// What the sample pictures are like.
#[component]
fn Figures() -> impl IntoView {
    view! {
        <svg class="pictures-figures" viewBox="0 0 168 36" aria-hidden="true">
            <g fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round">
                <circle cx="18" cy="18" r="12" fill="currentColor" />
                <circle cx="62" cy="18" r="11" />
                <path d="M106 6l13 23H93z" fill="currentColor" />
                <path
                    d="M150 6l3.5 8 8.5.8-6.4 5.7 1.9 8.5-7.5-4.5-7.5 4.5 1.9-8.5-6.4-5.7 8.5-.8z"
                    fill="currentColor"
                />
            </g>
        </svg>
    }
}

/// Files of a chosen folder with their paths in it.
fn with_paths(files: Vec<File>) -> Vec<Found> {
    let path = |file: &File| {
        let path = Reflect::get(file, &"webkitRelativePath".into()).ok()?.as_string()?;
        (!path.is_empty()).then_some(path)
    };
    files.into_iter().map(|file| (path(&file).unwrap_or_else(|| file.name()), file)).collect()
}

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
    let url = Url::new_with_base(SITE_DATA, &base)?.href();
    let response: Response = JsFuture::from(window().fetch_with_str(&url)).await?.dyn_into()?;
    if !response.ok() {
        return Ok(String::new());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
