//! The options in plain sight: strategy, epochs and image size, and how long a run with them takes.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::leave;
use crate::parts::{RadioCard, SelectField};
use crate::state::State;
use crate::train::form::{hint, label, value};
use crate::train::option_field::{OptionField, field_id};
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{AUTO, TrainOption};
use tunelab_l10n::Texts;
use tunelab_presentation::train::estimate::{measured_speed, seconds, shorter};
use tunelab_presentation::train::form::{IMAGE_SIZES, STRATEGY_CARDS};

/// Strategy, epochs, image size and the time that a run takes.
#[component]
pub fn BasicOptions() -> impl IntoView {
    view! {
        <StrategyCards />
        <div class="train-fields">
            {["last_k", "epochs"]
                .into_iter()
                .filter_map(TrainOption::find)
                .map(|option| view! { <OptionField option /> })
                .collect_view()}
            <SizeField />
            <Estimate />
        </div>
    }
}

#[component]
fn StrategyCards() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let chosen = Memo::new(move |_| state.form.with(|form| form.strategy()));
    let strategy = Memo::new(move |_| state.draft.with(|draft| draft.config.strategy));
    // The strategy, if no card shows it: the automatic one, or one without a card.
    let note = Memo::new(move |_| {
        let texts = texts.get();
        let label = |strategy: Strategy| texts.label_of_choice("strategy", strategy.key());
        match chosen.get() {
            None => Some(texts.train_strategy_now(label(strategy.get()))),
            Some(strategy) if STRATEGY_CARDS.contains(&strategy) => None,
            Some(strategy) => Some(texts.train_strategy_without_card(label(strategy))),
        }
    });
    let card = move |strategy: Option<Strategy>| {
        let key = strategy.map_or(AUTO, Strategy::key);
        let title = text(move |texts: Texts| texts.label_of_choice("strategy", key));
        let about =
            text(move |texts: Texts| texts.help_of_choice("strategy", key).unwrap_or_default());
        let choose = Callback::new(move |()| {
            state.form.update(|form| form.choices.set("strategy", key));
        });
        view! {
            <RadioCard
                group="strategy"
                id=format!("strategy-{key}")
                title
                text=about
                checked=Signal::derive(move || chosen.get() == strategy)
                choose
            />
        }
    };
    let cards = std::iter::once(None).chain(STRATEGY_CARDS.map(Some));
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="strategy-legend">
            <legend id="strategy-legend">{text(Texts::train_group_strategy)}</legend>
            <div class="train-cards">{cards.map(card).collect_view()}</div>
            <Show when=move || note.with(Option::is_some)>
                <p class="hint" data-testid="strategy-note">
                    {note}
                </p>
            </Show>
        </fieldset>
    }
}

#[component]
fn SizeField() -> impl IntoView {
    let form = expect_context::<State>().form;
    TrainOption::find("size").map(|option| {
        let size =
            |size: u32| (size.to_string(), text(move |texts: Texts| texts.image_size(size, size)));
        view! {
            <SelectField
                id=field_id(option.key)
                label=text(move |texts: Texts| label(texts, option))
                hint=hint(option)
                options=IMAGE_SIZES.map(size).to_vec()
                value=value(option)
                choose=Callback::new(move |size: String| {
                    form.update(|form| form.choices.set(option.key, size));
                })
            />
        }
    })
}

/// How long the run takes, if the speed of the device is known, and the offer of a shorter one.
#[component]
fn Estimate() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let speed =
        Memo::new(move |_| state.device.with(|device| device.as_ref().and_then(measured_speed)));
    let has_images = Memo::new(move |_| state.dataset.get().context.images > 0);
    let time = move || match speed.get() {
        Some(speed) => {
            let seconds = state.draft.with(|draft| seconds(draft, speed));
            texts.get().train_time_on_device(&texts.get().about(seconds))
        }
        None => texts.get().train_time_unknown().to_owned(),
    };
    let offer = Memo::new(move |_| {
        state.form.with(|form| shorter(form, &state.dataset.get(), speed.get()?))
    });
    let accept = move || {
        if let Some((limit, _)) = offer.get_untracked() {
            state.form.update(|form| form.choices.set("per_class", limit));
        }
    };
    view! {
        <Show when=move || has_images.get()>
            <p class="train-estimate">
                <span class="train-estimate-label">{text(Texts::train_time)}</span>
                <span data-testid="estimate">{time}</span>
                <Show when=move || offer.with(Option::is_some)>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            leave(&event);
                            accept();
                        }
                    >
                        {move || {
                            let (limit, seconds) = offer.get()?;
                            Some(texts.get().train_limit_images(limit, &texts.get().about(seconds)))
                        }}
                    </button>
                </Show>
            </p>
        </Show>
    }
}
