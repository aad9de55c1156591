//! The fields of the choices.

use leptos::prelude::*;
use web_sys::File;

use crate::language::use_texts;
use crate::parts::FileButton;
use crate::parts::leave;
use crate::parts::{CheckField, NumberInput, RadioCard};
use crate::state::State;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::train::distillation::Student;
use tunelab_l10n::Localize;
use tunelab_presentation::model::facts::file_size;
use tunelab_presentation::plot::format::counted;
use tunelab_presentation::train::distillation::form::{DistillationForm, file_bytes};

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Setup {
    pub form: RwSignal<DistillationForm>,
    /// Whether the student learns alone too.
    pub compares: RwSignal<bool>,
    /// Pictures without a class.
    pub more: RwSignal<Vec<File>, LocalStorage>,
}

impl Setup {
    /// What is recommended.
    pub fn new() -> Self {
        Self {
            form: RwSignal::new(DistillationForm::default()),
            compares: RwSignal::new(true),
            more: RwSignal::new_local(Vec::new()),
        }
    }

    /// The student that is chosen; none while a number is wrong.
    pub fn student(&self, seed: u64) -> Option<Student> {
        self.form.with_untracked(|form| form.student(seed)).ok()
    }

    /// Whether a number is wrong.
    pub fn is_wrong(&self) -> bool {
        self.form.with(|form| form.student(0).is_err())
    }
}

/// Each student with its name, and what it is.
const STUDENTS: [(Architecture, &str, &str); 2] = [
    (
        Architecture::ResNet10Quarter,
        "Small",
        "A quarter as wide as the ResNet-18 and half as deep: fast, and learns well.",
    ),
    (
        Architecture::ResNet18Eighth,
        "Smallest",
        "As deep as the ResNet-18 and an eighth as wide: where every kilobyte counts.",
    ),
];

/// Which student, and how it learns.
#[component]
pub fn Fields(setup: Setup) -> impl IntoView {
    let classes = expect_context::<State>().dataset.get_untracked().context.classes;
    let card = move |(architecture, title, text): (Architecture, &'static str, &'static str)| {
        let size = file_size(file_bytes(architecture, classes));
        let checked =
            Signal::derive(move || setup.form.with(|form| form.architecture == architecture));
        let choose = Callback::new(move |()| {
            setup.form.update(|form| form.architecture = architecture);
        });
        view! {
            <RadioCard
                group="distill-student"
                id=format!("distill-{architecture}")
                title
                text=format!("{text} About {size}.")
                checked
                choose
            />
        }
    };
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="distill-legend">
            <legend id="distill-legend">"How small"</legend>
            <div class="train-cards">{STUDENTS.map(card).collect_view()}</div>
        </fieldset>
        <div class="train-fields">
            {number(
                setup,
                "epochs",
                "Epochs of the small network",
                "How often it goes through all pictures. It starts from nothing, so it needs many.",
            )}
            <CheckField
                id="distill-compares"
                label="Compare with the same network learning alone"
                hint="Shows what the teaching is worth; takes longer."
                value=setup.compares
                choose=Callback::new(move |compares| setup.compares.set(compares))
            />
            <More setup />
        </div>
        <details>
            <summary>"How it is taught"</summary>
            <div class="train-fields">
                {number(
                    setup,
                    "temperature",
                    "Temperature",
                    "The higher, the more the large network’s second thoughts count.",
                )}
                {number(
                    setup,
                    "distillation_weight",
                    "Share of the teacher",
                    "The rest is learned from your classes: 1 for the teacher alone, 0 for none of it.",
                )}
            </div>
        </details>
    }
}

fn number(
    setup: Setup,
    key: &'static str,
    label: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let form = setup.form;
    let texts = use_texts();
    let error = Memo::new(move |_| Some(form.with(|form| form.error(key))?.localize(texts.get())));
    let value = Memo::new(move |_| form.with(|form| form.text(key)));
    let write = move |text: String| form.update(|form| form.choices.set(key, text));
    view! {
        <NumberInput
            id=format!("distill-{key}")
            label
            hint
            value
            error
            on_input=Callback::new(write)
        />
    }
}

/// Pictures of which nothing need be known.
#[component]
fn More(setup: Setup) -> impl IntoView {
    let count = move || setup.more.with(Vec::len);
    view! {
        <div class="field">
            <div class="row wrap">
                <FileButton
                    text="More pictures, which need no class"
                    accept="image/*"
                    multiple=true
                    on_files=move |files| setup.more.update(|more| more.extend(files))
                />
                <Show when=move || { count() > 0 }>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            leave(&event);
                            setup.more.set(Vec::new());
                        }
                    >
                        "Leave them out"
                    </button>
                </Show>
            </div>
            <p class="hint" role="status">
                {move || match count() {
                    0 => "The large network can say what it thinks of any picture.".to_string(),
                    count => format!("{} more to learn from.", counted(count, "picture", "pictures")),
                }}
            </p>
        </div>
    }
}
