//! The content of step 1, with the progress and the report of an import.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::images::class_list::ClassList;
use crate::images::importer::Importer;
use crate::images::sources::ImageSources;
use crate::language::{text, use_texts};
use crate::parts::{ProblemNotice, ProgressBar, focus};
use crate::state::State;
use crate::steps::Step;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::protocol::Subject;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::images::summary::import_progress;
use tunelab_presentation::train::readiness::has_one_image_per_class;

/// Skipped files listed on the page; the others are only counted.
const LISTED_FILES: usize = 200;

/// Sources of images, and the images by class.
#[component]
pub fn ImagesStep() -> impl IntoView {
    let importer = Importer::new();
    provide_context(importer);
    let is_over = importer.accept_page_drops();
    view! {
        <p class="images-lead">{text(Texts::images_lead)}</p>
        <ImageSources is_over />
        <ImportProgress />
        <ProblemNotice about=Subject::Images />
        <ImportReport />
        <ClassList />
        <FewShot />
    }
}

/// The progress of searching a dropped folder and of an import.
#[component]
fn ImportProgress() -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let is_active = Memo::new(move |_| state.importing.with(Option::is_some));
    // In ms.
    let start = Memo::new(move |_| {
        is_active.track();
        js_sys::Date::now()
    });
    let label = Signal::derive(move || {
        let (done, total) = state.importing.get().unwrap_or_default();
        let seconds = (js_sys::Date::now() - start.get()) / 1000.0;
        import_progress(done, total, importer.is_download.get(), seconds, texts.get())
    });
    let value = Signal::derive(move || {
        let (done, total) = state.importing.get()?;
        (total > 0).then(|| done as f64 / total as f64)
    });
    let searching = move || {
        importer.searching.get().map(|files| {
            view! { <p class="hint">{texts.get().images_searching(files)}</p> }
        })
    };
    view! {
        <div role="status">{searching}</div>
        <Show when=move || is_active.get()>
            <ProgressBar label value />
        </Show>
    }
}

/// Problems and warnings of the last import, and the files that were skipped.
#[component]
fn ImportReport() -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let problem = move || {
        importer.problem.get().map(|problem| {
            view! { <p class="notice warn">{problem.localize(texts.get())}</p> }
        })
    };
    let warnings = move || {
        let line = |warning: &DataWarning| {
            view! { <p class="notice">{warning.localize(texts.get())}</p> }
        };
        state.warnings.with(|warnings| warnings.iter().map(line).collect_view())
    };
    let has_skipped = Memo::new(move |_| state.skipped.with(|files| !files.is_empty()));
    let count = move || state.skipped.with(|files| texts.get().images_skipped(files.len()));
    let files = move || {
        state.skipped.with(|files| {
            let listed = files.iter().take(LISTED_FILES).map(|file| {
                view! { <li><code>{file.name.clone()}</code> " " {file.reason.localize(texts.get())}</li> }
            });
            let more = files.len().saturating_sub(LISTED_FILES);
            let more =
                (more > 0).then(|| view! { <li>{texts.get().images_skipped_more(more)}</li> });
            view! { {listed.collect_view()} {more} }
        })
    };
    view! {
        <div role="status" class="stack images-report">
            {problem} {warnings}
            <Show when=move || has_skipped.get()>
                <details class="notice warn images-skipped">
                    <summary>{count}</summary>
                    <ul>{files}</ul>
                </details>
            </Show>
        </div>
    }
}

/// A button for few-shot predictions without training, once each class has an image.
#[component]
fn FewShot() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let is_possible = Memo::new(move |_| state.collection.with(has_one_image_per_class));
    let start = move |_| {
        if !state.is_idle.get_untracked() {
            return;
        }
        let form = state.form.with_untracked(|form| form.few_shot());
        state.train(engine, form.draft(&state.dataset.get_untracked()).config);
        // Disables the button, so that a second press does not start another run.
        state.run.update(|run| run.preparing(0, 0));
        // The prediction appears there.
        focus(&Step::Try.heading_id());
    };
    view! {
        <Show when=move || is_possible.get()>
            <div class="row wrap">
                <button
                    type="button"
                    class="button"
                    aria-describedby="few-shot-hint"
                    aria-disabled=move || (!state.is_idle.get()).then_some("true")
                    on:click=start
                >
                    {text(Texts::images_few_shot)}
                </button>
                <p class="hint" id="few-shot-hint">
                    {text(Texts::images_few_shot_hint)}
                </p>
            </div>
        </Show>
    }
}
