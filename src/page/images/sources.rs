//! The sources of images: sample images, the user's own, CIFAR.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Response, Url};

use crate::images::dropped_items::{FileSelection, FileWithPath};
use crate::images::importer::Importer;
use crate::language::text;
use crate::parts::FileButton;
use tunelab_core::data::cifar::{Cifar100Labels, SITE_FILES};
use tunelab_core::data::listed_file::file_name;
use tunelab_core::protocol::Command;
use tunelab_l10n::Texts;

/// The list of the files in `data/`, which every build writes.
const SITE_DATA: &str = "site-data.json";
const CIFAR_PAGE: &str = "https://www.cs.toronto.edu/~kriz/cifar.html";

/// A card for each source of images. `is_over` is whether files are dragged over the page.
#[component]
pub fn ImageSources(#[prop(into)] is_over: Signal<bool>) -> impl IntoView {
    view! {
        <div class="images-sources">
            <SampleImages />
            <OwnImages is_over />
            <CifarImages />
        </div>
        <p class="hint">{text(Texts::images_sources_hint)}</p>
    }
}

#[component]
fn SampleImages() -> impl IntoView {
    let importer = expect_context::<Importer>();
    view! {
        <article class="card images-source">
            <h3>{text(Texts::images_sample)}</h3>
            <svg class="images-shapes" viewBox="0 0 168 36" aria-hidden="true">
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
            <p>{text(Texts::images_sample_about)}</p>
            <div class="row wrap images-source-foot">
                <button
                    type="button"
                    class="button primary"
                    on:click=move |_| importer.send(Command::UseSample, Vec::new())
                >
                    {text(Texts::images_use_sample)}
                </button>
            </div>
        </article>
    }
}

#[component]
fn OwnImages(is_over: Signal<bool>) -> impl IntoView {
    let importer = expect_context::<Importer>();
    let import_folder = move |files: Vec<File>| {
        let files = with_paths(files);
        importer.import(FileSelection { files, ..FileSelection::default() }, None);
    };
    view! {
        <article class="card images-source" class:drop-over=move || is_over.get()>
            <h3>{text(Texts::images_own)}</h3>
            <p>{text(Texts::images_own_about)}</p>
            <p class="hint">{text(Texts::images_own_formats)}</p>
            <div class="row wrap images-source-foot">
                <FileButton
                    text=text(Texts::images_choose_folder)
                    multiple=true
                    folder=true
                    on_files=import_folder
                />
            </div>
        </article>
    }
}

#[component]
fn CifarImages() -> impl IntoView {
    let importer = expect_context::<Importer>();
    let site_has_cifar = site_has_cifar();
    let choose_labels = move |event| {
        importer.cifar100.set(match event_target_value(&event).as_str() {
            "coarse" => Cifar100Labels::Coarse,
            "both" => Cifar100Labels::Both,
            _ => Cifar100Labels::Fine,
        });
    };
    let import_files = move |files: Vec<File>| {
        let paths = files.iter().map(File::name).collect();
        importer.add_folder(paths, Vec::new(), files);
    };
    view! {
        <article class="card images-source">
            <h3>{text(Texts::images_cifar)}</h3>
            <p>{text(Texts::images_cifar_about)}</p>
            <p>
                <a href=CIFAR_PAGE target="_blank" rel="noopener noreferrer">
                    {text(Texts::images_cifar_page)}
                </a>
            </p>
            <label class="row wrap hint">
                <span>{text(Texts::images_cifar100_labels)}</span>
                <select on:change=choose_labels>
                    <option value="fine">{text(Texts::images_cifar100_fine)}</option>
                    <option value="coarse">{text(Texts::images_cifar100_coarse)}</option>
                    <option value="both">{text(Texts::images_cifar100_both)}</option>
                </select>
            </label>
            <div class="row wrap images-source-foot">
                <Show when=move || site_has_cifar.get()>
                    <button type="button" class="button" on:click=move |_| importer.fetch_cifar()>
                        {text(Texts::images_use_cifar)}
                    </button>
                </Show>
                <FileButton
                    text=text(Texts::images_choose_cifar)
                    accept=".bin,.tar.gz,.gz"
                    multiple=true
                    on_files=import_files
                />
            </div>
        </article>
    }
}

/// The files of a chosen folder with their paths in it.
fn with_paths(files: Vec<File>) -> Vec<FileWithPath> {
    let path = |file: &File| {
        let path = Reflect::get(file, &"webkitRelativePath".into()).ok()?.as_string()?;
        (!path.is_empty()).then_some(path)
    };
    files.into_iter().map(|file| (path(&file).unwrap_or_else(|| file.name()), file)).collect()
}

/// Whether the app's own site has CIFAR-10; false until that is known.
fn site_has_cifar() -> ReadSignal<bool> {
    let (has_cifar, set_has_cifar) = signal(false);
    spawn_local(async move {
        // A site without the list has no data.
        if let Ok(list) = fetch_site_data().await {
            let contains = |path: &&str| list.contains(&format!("\"{}\"", file_name(path)));
            set_has_cifar.set(SITE_FILES.iter().any(contains));
        }
    });
    has_cifar
}

async fn fetch_site_data() -> Result<String, JsValue> {
    let base = document().base_uri()?.unwrap_or_default();
    let url = Url::new_with_base(SITE_DATA, &base)?.href();
    let response: Response = JsFuture::from(window().fetch_with_str(&url)).await?.dyn_into()?;
    if !response.ok() {
        return Ok(String::new());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
