//! Every other option of the engine.

use leptos::prelude::*;

use super::augmentation::AugmentationFields;
use super::desk::Desk;
use super::fields::{CheckField, NumberField, SelectField};
use super::form::Retrain;
use super::form::kinds::{OptimizerKind, ScheduleKind};
use super::form::number::Number;
use crate::data::transform::Fit;
use crate::model::HeadInit;
use crate::train::ClassWeights;
use crate::ui::parts::{Show, leave};

/// The options in groups, folded away.
#[component]
pub fn Advanced() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let touched = Memo::new(move |_| desk.form.with(|form| form.is_touched()));
    view! {
        <details class="train-advanced" id="train-advanced">
            <summary>
                "Advanced"
                <Show when=move || touched.get()>
                    <span class="badge">"changed"</span>
                </Show>
            </summary>
            <div class="train-advanced-body stack">
                <p class="hint">
                    "Every option has a recommended value, which follows from what is chosen above. What you change here stays as you set it."
                </p>
                <Learning />
                <LearningRate />
                <Regularization />
                <AugmentationFields />
                <Pictures />
            </div>
        </details>
        <Show when=move || touched.get()>
            <p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        desk.form.update(|form| form.reset());
                    }
                >
                    "Back to the recommended settings"
                </button>
            </p>
        </Show>
    }
}

/// A group of fields under a heading.
#[component]
pub fn Group(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <fieldset class="train-group">
            <legend>{title}</legend>
            <div class="train-fields">{children()}</div>
        </fieldset>
    }
}

#[component]
fn Learning() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let stages = [(1, "1 stage"), (2, "2 stages"), (3, "3 stages"), (4, "4 stages")];
    let stages = stages.map(|(count, name)| (name.to_string(), count)).to_vec();
    let is_last_part = desk.choice(|_, draft| draft.retrain == Retrain::LastPart);
    let optimizers = OptimizerKind::ALL.map(|kind| (kind.name().to_string(), kind)).to_vec();
    let inits = vec![
        ("Small random numbers".to_string(), HeadInit::Normal),
        ("PyTorch's default".to_string(), HeadInit::KaimingUniform),
    ];
    view! {
        <Group title="Learning">
            <Show when=move || is_last_part.get()>
                <SelectField
                    id="train-stages"
                    label="Stages of the last part"
                    hint="The network has four stages before its last layer; so many of them are retrained."
                        .to_string()
                    options=stages.clone()
                    value=desk.choice(|form, _| form.stages)
                    choose=desk.change(|form, stages| form.stages = stages)
                />
            </Show>
            <NumberField number=Number::BatchSize />
            <NumberField number=Number::Accumulation />
            <SelectField
                id="train-optimizer"
                label="Optimizer"
                hint="The rule that turns what went wrong into new weights.".to_string()
                options=optimizers
                value=desk.choice(|_, draft| OptimizerKind::of(draft.request.config.optimizer.rule))
                choose=desk.change(|form, kind| form.optimizer = Some(kind))
            />
            <NumberField number=Number::Momentum />
            <SelectField
                id="train-head-init"
                label="Start of the last layer"
                hint="The last layer is new; this is what it starts from.".to_string()
                options=inits
                value=desk.choice(|_, draft| draft.request.config.head_init)
                choose=desk.change(|form, init| form.head_init = Some(init))
            />
            <NumberField number=Number::Seed />
        </Group>
    }
}

#[component]
fn LearningRate() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let schedules = ScheduleKind::ALL.map(|kind| (kind.name().to_string(), kind)).to_vec();
    view! {
        <Group title="Learning rate">
            <NumberField number=Number::LearningRate />
            <SelectField
                id="train-schedule"
                label="Schedule"
                hint="How the learning rate moves over the run.".to_string()
                options=schedules
                value=desk.choice(|_, draft| ScheduleKind::of(draft.request.config.schedule))
                choose=desk.change(|form, kind| form.schedule = Some(kind))
            />
            <NumberField number=Number::StepEpochs />
            <NumberField number=Number::StepFactor />
            <NumberField number=Number::ExponentialFactor />
            <NumberField number=Number::Rise />
            <NumberField number=Number::Warmup />
        </Group>
    }
}

#[component]
fn Regularization() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let weights = vec![
        ("All classes alike".to_string(), false),
        ("Rare classes count more".to_string(), true),
    ];
    view! {
        <Group title="Against learning by heart, and for stability">
            <NumberField number=Number::WeightDecay />
            <CheckField
                id="train-decay-all"
                label="Weight decay on biases and norms too"
                hint="Usually these are spared."
                value=desk.choice(|_, draft| draft.request.config.optimizer.decay_bias_and_norm)
                choose=desk.change(|form, decay| form.decay_bias_and_norm = Some(decay))
            />
            <NumberField number=Number::LabelSmoothing />
            <SelectField
                id="train-class-weights"
                label="Class weights"
                hint="Balanced weights help where some classes have far fewer pictures.".to_string()
                options=weights
                value=desk.choice(|_, draft| {
                    draft.request.config.class_weights == ClassWeights::Balanced
                })
                choose=desk.change(|form, balanced| form.balanced_classes = Some(balanced))
            />
            <CheckField
                id="train-clip"
                label="Gradient clipping"
                hint="Shortens steps that would go too far; helps if the loss becomes infinite."
                value=desk.choice(|_, draft| draft.request.config.clip_norm.is_some())
                choose=desk.change(|form, clip| form.clip = Some(clip))
            />
            <NumberField number=Number::ClipNorm />
            <CheckField
                id="train-freeze-norm"
                label="Freeze batch norm"
                hint="Keeps the pretrained averages of the normalization; helps with very small batches."
                value=desk.choice(|_, draft| draft.request.config.freeze_norm)
                choose=desk.change(|form, freeze| form.freeze_norm = Some(freeze))
            />
        </Group>
    }
}

#[component]
fn Pictures() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let fits = vec![
        ("Cut out the middle".to_string(), Fit::CenterCrop),
        ("Squash to a square".to_string(), Fit::Squash),
    ];
    let has_validation = Memo::new(move |_| desk.task.get().has_validation());
    view! {
        <Group title="Pictures">
            <Show
                when=move || has_validation.get()
                fallback=|| view! { <NumberField number=Number::ValidationShare /> }
            >
                <p class="hint">"These pictures bring a validation part of their own; it is used."</p>
            </Show>
            <SelectField
                id="train-fit"
                label="Fit into the square"
                hint="The network sees squares. Cutting keeps proportions, squashing keeps the edges."
                    .to_string()
                options=fits
                value=desk.choice(|_, draft| draft.request.fit)
                choose=desk.change(|form, fit| form.fit = Some(fit))
            />
            <NumberField number=Number::CropFraction />
        </Group>
    }
}
