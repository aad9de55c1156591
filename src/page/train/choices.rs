//! The few choices that matter: how much to retrain, how long, how large.

use leptos::prelude::*;

use crate::parts::fields::{RadioCard, SelectField};
use crate::parts::focus::leave;
use crate::train::desk::Desk;
use crate::train::fields::NumberField;
use crate::train::sheet::Sheet;
use tunelab_core::train::recipe::Recipe;
use tunelab_presentation::plot::format::about;
use tunelab_presentation::train::estimate;
use tunelab_presentation::train::estimate::measured_speed;
use tunelab_presentation::train::form::number::Number;
use tunelab_presentation::train::form::{IMAGE_SIZES, Retrain};

const WAYS: [(Retrain, &str, &str, &str); 4] = [
    (
        Retrain::Automatic,
        "train-automatic",
        "Automatic",
        "What suits the number of your pictures and the speed of this device.",
    ),
    (
        Retrain::LastLayer,
        "train-last-layer",
        "Only the last layer",
        "Done in seconds to a minute, and a good start. What the network sees stays as it is.",
    ),
    (
        Retrain::LastPart,
        "train-last-part",
        "The last part",
        "The last layers adapt to your pictures. Between the other two in time and accuracy.",
    ),
    (
        Retrain::Everything,
        "train-everything",
        "Everything",
        "The whole network adapts to your pictures. Most accurate, and slowest.",
    ),
];

/// How much to retrain, epochs and image size.
#[component]
pub fn Choices() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let sizes = IMAGE_SIZES.map(|size| (format!("{size} px"), size)).to_vec();
    view! {
        <RetrainChoice />
        <div class="train-fields">
            <NumberField number=Number::Epochs />
            <SelectField
                id="train-size"
                label="Image size"
                hint="Larger pictures show the network more detail; twice the size takes four times as long."
                    .to_string()
                options=sizes
                value=sheet.choice(|form, _| form.size)
                choose=sheet.change(|form, size| form.size = size)
            />
            <Estimate />
        </div>
    }
}

#[component]
fn RetrainChoice() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let chosen =
        expect_context::<Sheet>().choice(|form, _| form.recipe.is_none().then_some(form.retrain));
    let now = Memo::new(move |_| {
        let (form, draft) = (desk.form.get(), desk.draft.get());
        match draft.recipe {
            _ if form.recipe.is_some() => "Chosen under “Advanced”: another way than these.".into(),
            Recipe::Probe if form.retrain == Retrain::Automatic => {
                "Now it is only the last layer. The more pictures and the faster the device, the more is retrained.".into()
            }
            Recipe::ProbeThenFull if form.retrain == Retrain::Automatic => {
                "Now it is the last layer first, then everything.".into()
            }
            _ if form.retrain == Retrain::Automatic => "Now it is everything.".to_string(),
            _ => String::new(),
        }
    });
    let card =
        move |(way, id, title, text): (Retrain, &'static str, &'static str, &'static str)| {
            let choose = Callback::new(move |()| {
                desk.form.update(|form| {
                    form.retrain = way;
                    form.recipe = None;
                });
            });
            view! {
                <RadioCard
                    group="train-retrain"
                    id=id.to_string()
                    title
                    text
                    checked=Signal::derive(move || chosen.get() == Some(way))
                    choose
                />
            }
        };
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="train-retrain-legend">
            <legend id="train-retrain-legend">"How much to retrain"</legend>
            <div class="train-cards">{WAYS.map(card).collect_view()}</div>
            <Show when=move || now.with(|now| !now.is_empty())>
                <p class="hint">{move || now.get()}</p>
            </Show>
        </fieldset>
    }
}

/// How long the run would take, where the speed is known.
#[component]
fn Estimate() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = Memo::new(move |_| {
        let task = desk.task.get();
        let speed = desk.state.device.with(|device| device.as_ref().and_then(measured_speed));
        match speed {
            _ if task.pictures == 0 => String::new(),
            Some(speed) => {
                let seconds = desk.draft.with(|draft| estimate::seconds(draft, speed));
                format!("{} on this device", about(seconds))
            }
            None => "not known: the speed of this device was not measured".into(),
        }
    });
    let shorter = Memo::new(move |_| {
        let speed = desk.state.device.with(|device| device.as_ref().and_then(measured_speed))?;
        desk.form.with(|form| estimate::shorter(form, &desk.task.get(), speed))
    });
    let offer = move || {
        let (limit, seconds) = shorter.get()?;
        Some(format!("Use at most {limit} pictures a class: {}", about(seconds)))
    };
    view! {
        <Show when=move || words.with(|words| !words.is_empty())>
            <p class="train-estimate">
                <span class="train-estimate-label">"Time it takes"</span>
                <span data-testid="estimate">{move || words.get()}</span>
                <Show when=move || shorter.get().is_some()>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            if let Some((limit, _)) = shorter.get_untracked() {
                                leave(&event);
                                desk.form.update(|form| {
                                    form.numbers.insert(Number::PerClass, limit.to_string());
                                });
                            }
                        }
                    >
                        {offer}
                    </button>
                </Show>
            </p>
        </Show>
    }
}
