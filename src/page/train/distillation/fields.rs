//! The options of the student.

use leptos::prelude::*;
use web_sys::File;

use crate::language::{text, use_texts};
use crate::parts::{CheckField, FileButton, NumberInput, RadioCard, leave};
use crate::state::State;
use tunelab_core::data::task::outputs;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::train::distillation::Student;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::train::distillation::form::{DistillationForm, file_bytes};

/// The options that the user has set.
#[derive(Clone, Copy)]
pub struct Setup {
    pub form: RwSignal<DistillationForm>,
    /// Whether the student is also trained without the teacher.
    pub compare: RwSignal<bool>,
    /// Additional images without labels.
    pub unlabeled: RwSignal<Vec<File>, LocalStorage>,
}

impl Setup {
    pub fn new() -> Self {
        Self {
            form: RwSignal::new(DistillationForm::default()),
            compare: RwSignal::new(true),
            unlabeled: RwSignal::new_local(Vec::new()),
        }
    }

    /// The student; `None` if an option has an invalid value.
    pub fn student(&self, seed: u64) -> Option<Student> {
        self.form.with_untracked(|form| form.student(seed)).ok()
    }

    /// Whether all options have valid values.
    pub fn is_valid(&self) -> bool {
        self.form.with(|form| form.student(0).is_ok())
    }
}

/// An architecture of students, with its title and its description for a file size.
type StudentCard = (Architecture, fn(Texts) -> &'static str, fn(Texts, &str) -> String);

const STUDENTS: [StudentCard; 2] = [
    (Architecture::ResNet10Quarter, Texts::distill_small, Texts::distill_small_about),
    (Architecture::ResNet18Eighth, Texts::distill_smallest, Texts::distill_smallest_about),
];

/// The size of the student, and its training options.
#[component]
pub fn StudentFields(setup: Setup) -> impl IntoView {
    let texts = use_texts();
    let state = expect_context::<State>();
    // The student gets the head of the teacher, whose tasks need not be those of the images.
    let outputs = Memo::new(move |_| {
        state.outcome.with(|teacher| teacher.as_ref().map_or(0, |teacher| outputs(&teacher.tasks)))
    });
    let card = move |(architecture, title, about): StudentCard| {
        let about = Signal::derive(move || {
            let bytes = file_bytes(architecture, outputs.get());
            about(texts.get(), &texts.get().file_size(bytes))
        });
        let checked =
            Signal::derive(move || setup.form.with(|form| form.architecture == architecture));
        let choose = Callback::new(move |()| {
            setup.form.update(|form| form.architecture = architecture);
        });
        view! {
            <RadioCard
                group="distill-student"
                id=format!("distill-{architecture}")
                title=text(title)
                text=about
                checked
                choose
            />
        }
    };
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="distill-legend">
            <legend id="distill-legend">{text(Texts::distill_size)}</legend>
            <div class="train-cards">{STUDENTS.map(card).collect_view()}</div>
        </fieldset>
        <div class="train-fields">
            <OptionInput
                setup
                key="epochs"
                label=Texts::distill_epochs
                help=Texts::distill_epochs_help
            />
            <CheckField
                id="distill-compare"
                label=text(Texts::distill_compare)
                hint=text(Texts::distill_compare_help)
                value=setup.compare
                choose=Callback::new(move |compare| setup.compare.set(compare))
            />
            <UnlabeledImages setup />
        </div>
        <details>
            <summary>{text(Texts::distill_advanced)}</summary>
            <div class="train-fields">
                <OptionInput
                    setup
                    key="temperature"
                    label=|texts| texts.label_of_option("temperature")
                    help=|texts| texts.help_of_option("temperature").unwrap_or_default()
                />
                <OptionInput
                    setup
                    key="distillation_weight"
                    label=|texts| texts.label_of_option("distillation_weight")
                    help=|texts| texts.help_of_option("distillation_weight").unwrap_or_default()
                />
            </div>
        </details>
    }
}

/// The field of a numeric option. `key` is the option's key.
#[component]
fn OptionInput(
    setup: Setup,
    key: &'static str,
    label: fn(Texts) -> &'static str,
    help: fn(Texts) -> &'static str,
) -> impl IntoView {
    let form = setup.form;
    let texts = use_texts();
    let error = Memo::new(move |_| Some(form.with(|form| form.error(key))?.localize(texts.get())));
    let value = Memo::new(move |_| form.with(|form| form.text(key)));
    let write = move |text: String| form.update(|form| form.choices.set(key, text));
    view! {
        <NumberInput
            id=format!("distill-{key}")
            label=text(label)
            hint=text(help)
            value
            error
            on_input=Callback::new(write)
        />
    }
}

/// Additional images, which need no labels.
#[component]
fn UnlabeledImages(setup: Setup) -> impl IntoView {
    let texts = use_texts();
    let count = move || setup.unlabeled.with(Vec::len);
    view! {
        <div class="field">
            <div class="row wrap">
                <FileButton
                    text=text(Texts::distill_add_unlabeled)
                    accept="image/*"
                    multiple=true
                    on_files=move |files| setup.unlabeled.update(|all| all.extend(files))
                />
                <Show when=move || { count() > 0 }>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            leave(&event);
                            setup.unlabeled.set(Vec::new());
                        }
                    >
                        {text(Texts::distill_remove_unlabeled)}
                    </button>
                </Show>
            </div>
            <p class="hint" role="status">
                {move || texts.get().distill_unlabeled(count())}
            </p>
        </div>
    }
}
