//! Every option of the engine that is not in plain sight, in groups.

use leptos::prelude::*;

use crate::parts::fields::{CheckField, SelectField};
use crate::parts::focus::leave;
use crate::parts::folded_panel::FoldedPanel;
use crate::train::augmentation::AugmentationFields;
use crate::train::fields::NumberField;
use crate::train::rate_finder::RateFinder;
use crate::train::sheet::Sheet;
use tunelab_core::data::input::Fit;
use tunelab_core::model::choices::HeadInit;
use tunelab_core::train::class_weights::ClassWeights;
use tunelab_core::train::config::{Caching, Sampling};
use tunelab_core::train::loss_kind::{ClassLoss, NumberLoss};
use tunelab_presentation::train::form::Retrain;
use tunelab_presentation::train::form::kinds::{
    AveragingKind, MixKind, OptimizerKind, ScheduleKind, TaskWeightsKind,
};
use tunelab_presentation::train::form::number::Number;
use tunelab_presentation::train::recipe_names;

/// The options, folded away.
#[component]
pub fn AdvancedOptions() -> impl IntoView {
    let form = expect_context::<Sheet>().form;
    let touched = Memo::new(move |_| form.with(|form| form.is_touched()));
    let title = move || {
        view! {
            "Advanced"
            <Show when=move || touched.get()>
                <span class="badge">"changed"</span>
            </Show>
        }
    };
    view! {
        <FoldedPanel id="train-advanced" title>
            <Options />
        </FoldedPanel>
        <Show when=move || touched.get()>
            <p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        form.update(|form| form.reset());
                    }
                >
                    "Back to the recommended settings"
                </button>
            </p>
        </Show>
    }
}

/// The options in groups.
#[component]
fn Options() -> impl IntoView {
    view! {
        <p class="hint">
            "Every option has a recommended value, which follows from what is chosen above. What you change here stays as you set it."
        </p>
        <Learning />
        <LearningRate />
        <Regularization />
        <AugmentationFields />
        <Pictures />
    }
}

/// A number's field, with its words.
pub fn number(number: Number) -> AnyView {
    view! { <NumberField number /> }.into_any()
}

/// The kinds of a choice, each with its name.
pub fn named<K: Copy, const N: usize>(
    kinds: [K; N],
    name: impl Fn(K) -> &'static str,
) -> Vec<(String, K)> {
    kinds.map(|kind| (name(kind).to_string(), kind)).to_vec()
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
    let sheet = expect_context::<Sheet>();
    let stages = [(1, "1 stage"), (2, "2 stages"), (3, "3 stages"), (4, "4 stages")];
    let stages = stages.map(|(count, name)| (name.to_string(), count)).to_vec();
    let is_last_part =
        sheet.choice(|form, _| form.recipe.is_none() && form.retrain == Retrain::LastPart);
    let ways = std::iter::once(("As chosen above".to_string(), None))
        .chain(recipe_names::FURTHER.map(|(recipe, name)| (name.to_string(), Some(recipe))))
        .collect();
    let way_hint = Signal::derive(move || {
        let recipe = sheet.draft.with(|draft| draft.recipe);
        format!("{} Now: {recipe}.", "Other ways than those in plain sight, for comparing.")
    });
    let optimizers = named(OptimizerKind::ALL, OptimizerKind::name);
    let inits = vec![
        ("Small random numbers".to_string(), HeadInit::Normal),
        ("PyTorch's default".to_string(), HeadInit::KaimingUniform),
    ];
    view! {
        <Group title="Learning">
            <SelectField
                id="train-recipe"
                label="Way to fine-tune"
                hint=way_hint
                options=ways
                value=sheet.choice(|form, _| form.recipe)
                choose=sheet.change(|form, recipe| form.recipe = recipe)
            />
            <Show when=move || is_last_part.get()>
                <SelectField
                    id="train-stages"
                    label="Stages of the last part"
                    hint="The network has four stages before its last layer; so many of them are retrained."
                        .to_string()
                    options=stages.clone()
                    value=sheet.choice(|form, _| form.stages)
                    choose=sheet.change(|form, stages| form.stages = stages)
                />
            </Show>
            {number(Number::BatchSize)}
            {number(Number::Accumulation)}
            <SelectField
                id="train-optimizer"
                label="Optimizer"
                hint="The rule that turns what went wrong into new weights.".to_string()
                options=optimizers
                value=sheet.choice(|_, draft| OptimizerKind::of(draft.request.config.optimizer.rule))
                choose=sheet.change(|form, kind| form.optimizer = Some(kind))
            />
            {number(Number::Momentum)}
            <SelectField
                id="train-head-init"
                label="Start of the last layer"
                hint="The last layer is new; this is what it starts from.".to_string()
                options=inits
                value=sheet.choice(|_, draft| draft.request.config.head_init)
                choose=sheet.change(|form, init| form.head_init = Some(init))
            />
            {number(Number::Seed)}
        </Group>
    }
}

#[component]
fn LearningRate() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let schedules = named(ScheduleKind::ALL, ScheduleKind::name);
    view! {
        <Group title="Learning rate">
            {number(Number::LearningRate)}
            <RateFinder />
            <SelectField
                id="train-schedule"
                label="Schedule"
                hint="How the learning rate moves over the run.".to_string()
                options=schedules
                value=sheet.choice(|_, draft| ScheduleKind::of(draft.request.config.schedule))
                choose=sheet.change(|form, kind| form.schedule = Some(kind))
            />
            {number(Number::StepEpochs)}
            {number(Number::StepFactor)}
            {number(Number::ExponentialFactor)}
            {number(Number::Rise)}
            {number(Number::PlateauFactor)}
            {number(Number::PlateauPatience)}
            {number(Number::Warmup)}
            {number(Number::LayerDecay)}
        </Group>
    }
}

#[component]
fn Regularization() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let weights = vec![
        ("All classes alike".to_string(), false),
        ("Rare classes count more".to_string(), true),
    ];
    let has_classes = Memo::new(move |_| sheet.task.with(|task| task.columns.classes > 0));
    let sorts_first = Memo::new(move |_| sheet.task.with(|task| task.classes > 0));
    view! {
        <Group title="Against learning by heart, and for stability">
            {number(Number::WeightDecay)}
            <CheckField
                id="train-decay-all"
                label="Weight decay on biases and norms too"
                hint="Usually these are spared."
                value=sheet.choice(|_, draft| draft.request.config.optimizer.decay_bias_and_norm)
                choose=sheet.change(|form, decay| form.decay_bias_and_norm = Some(decay))
            />
            {number(Number::L1)}
            {number(Number::Pull)}
            {number(Number::Dropout)}
            {number(Number::LabelSmoothing)}
            <SelectField
                id="train-mix"
                label="Mix pictures"
                hint="Mixed pictures have mixed answers, so the network cannot learn any of them by heart."
                    .to_string()
                options=named(MixKind::ALL, MixKind::name)
                value=sheet.choice(|_, draft| MixKind::of(draft.request.config.mix))
                choose=sheet.change(|form, kind| form.mix = Some(kind))
            />
            {number(Number::MixAlpha)}
            <SelectField
                id="train-averaging"
                label="Average the weights"
                hint="An average of many steps is steadier than the last step.".to_string()
                options=named(AveragingKind::ALL, AveragingKind::name)
                value=sheet.choice(|_, draft| AveragingKind::of(draft.request.config.averaging))
                choose=sheet.change(|form, kind| form.averaging = Some(kind))
            />
            {number(Number::Decay)}
            {number(Number::AverageStart)}
            <CheckField
                id="train-early"
                label="Stop when it no longer gets better"
                hint="Ends the run early; the best epoch is kept in any case."
                value=sheet.choice(|_, draft| draft.request.config.patience.is_some())
                choose=sheet.change(|form, stops| form.stops_early = Some(stops))
            />
            {number(Number::Patience)}
            <Show when=move || sheet.task.with(|task| task.columns.numbers > 0)>
                <CheckField
                    id="train-squares"
                    label="Square every error of a number"
                    hint="Large errors count very much (mean squared error). Without it outliers count less (Huber loss)."
                    value=sheet.choice(|_, draft| draft.request.config.number_loss == NumberLoss::MeanSquared)
                    choose=sheet.change(|form, squares| form.squares = Some(squares))
                />
            </Show>
            {number(Number::Delta)}
            <Show when=move || sheet.task.with(|task| task.tasks().len() > 1)>
                <SelectField
                    id="train-column-weights"
                    label="How much each column counts"
                    hint="Learned weights follow from how uncertain each column is while the network learns."
                        .to_string()
                    options=named(TaskWeightsKind::ALL, TaskWeightsKind::name)
                    value=sheet.choice(|_, draft| {
                        TaskWeightsKind::of(&draft.request.config.task_weights)
                    })
                    choose=sheet.change(|form, kind| form.task_weights = Some(kind))
                />
            </Show>
            {number(Number::TaskWeights)}
            <Show when=move || has_classes.get()>
            <CheckField
                id="train-focal"
                label="Focus on what is not yet recognized"
                hint="The focal loss: pictures that are recognized already count less."
                value=sheet.choice(|_, draft| draft.request.config.class_loss != ClassLoss::CrossEntropy)
                choose=sheet.change(|form, focal| form.focal = Some(focal))
            />
            </Show>
            {number(Number::Gamma)}
            <Show when=move || sorts_first.get()>
            <CheckField
                id="train-balanced"
                label="Show every class as often"
                hint="Pictures of small classes are shown more than once an epoch, those of large ones not all."
                value=sheet.choice(|_, draft| draft.request.config.sampling == Sampling::Balanced)
                choose=sheet.change(|form, balanced| form.balanced_sampling = Some(balanced))
            />
            </Show>
            <Show when=move || has_classes.get()>
            <SelectField
                id="train-class-weights"
                label="Class weights"
                hint="Balanced weights help where some classes have far fewer pictures.".to_string()
                options=weights.clone()
                value=sheet.choice(|_, draft| {
                    draft.request.config.class_weights == ClassWeights::Balanced
                })
                choose=sheet.change(|form, balanced| form.balanced_classes = Some(balanced))
            />
            </Show>
            <CheckField
                id="train-clip"
                label="Gradient clipping"
                hint="Shortens steps that would go too far; helps if the loss becomes infinite."
                value=sheet.choice(|_, draft| draft.request.config.clip_norm.is_some())
                choose=sheet.change(|form, clip| form.clip = Some(clip))
            />
            {number(Number::ClipNorm)}
            <CheckField
                id="train-freeze-norm"
                label="Freeze batch norm"
                hint="Keeps the pretrained averages of the normalization; helps with very small batches."
                value=sheet.choice(|_, draft| draft.request.config.freeze_norm)
                choose=sheet.change(|form, freeze| form.freeze_norm = Some(freeze))
            />
        </Group>
    }
}

#[component]
fn Pictures() -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let fits = vec![
        ("Cut out the middle".to_string(), Fit::CenterCrop),
        ("Squash to a square".to_string(), Fit::Squash),
    ];
    let has_validation = Memo::new(move |_| sheet.task.get().has_validation());
    view! {
        <Group title="Pictures">
            {number(Number::PerClass)}
            <Show
                when=move || has_validation.get()
                fallback=|| number(Number::ValidationShare)
            >
                <p class="hint">"These pictures bring a validation part of their own; it is used."</p>
            </Show>
            <SelectField
                id="train-fit"
                label="Fit into the square"
                hint="The network sees squares. Cutting keeps proportions, squashing keeps the edges."
                    .to_string()
                options=fits
                value=sheet.choice(|_, draft| draft.request.fit)
                choose=sheet.change(|form, fit| form.fit = Some(fit))
            />
            {number(Number::CropFraction)}
            <CheckField
                id="train-caches"
                label="Keep what the frozen part sees"
                hint="Where the first parts stay as they are, they look at each picture only a few times; later epochs are faster."
                value=sheet.choice(|_, draft| draft.request.config.caching != Caching::Off)
                choose=sheet.change(|form, caches| form.caches = Some(caches))
            />
            {number(Number::Views)}
        </Group>
    }
}
