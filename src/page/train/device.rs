//! The choice of the compute device, and of its threads.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::{ProblemNotice, ProgressBar, RadioCard, SelectField};
use crate::recovery::Recovery;
use crate::state::State;
use tunelab_core::device::ComputeDevice;
use tunelab_core::protocol::{Command, GpuStatus, Subject};
use tunelab_l10n::Texts;
use tunelab_presentation::train::device::{can_use_gpu, gpu, summary};

/// The CPU or the GPU, with what is known about them.
#[component]
pub fn DeviceChoice() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let recovery = expect_context::<Recovery>();
    let status = state.device;
    let can_use_gpu = Memo::new(move |_| status.with(|status| can_use_gpu(status.as_ref())));
    // The user's choice, until the worker has tested the device and uses it.
    let requested = RwSignal::new(None::<ComputeDevice>);
    let current =
        Memo::new(move |_| status.with(|status| status.as_ref().map(|status| status.device)));
    let shown = Memo::new(move |_| {
        let is_possible =
            |device: &ComputeDevice| *device == ComputeDevice::Cpu || can_use_gpu.get();
        requested.get().filter(is_possible).or(current.get()).unwrap_or_default()
    });
    Effect::new(move || {
        status.track();
        let current = current.get();
        if current.is_some() && (current == requested.get_untracked() || !can_use_gpu.get()) {
            requested.set(None);
        }
    });
    let choose = move |device| {
        requested.set(Some(device));
        state.forget_problem(Subject::Device);
        recovery.send(Command::ChooseDevice { device }, Vec::new());
    };
    let card = move |device, id: &'static str, title: Signal<String>, text: Signal<String>| {
        let checked = Signal::derive(move || {
            // Set again at every status: the browser may show another choice.
            status.track();
            shown.get() == device
        });
        let disabled = Signal::derive(move || device != ComputeDevice::Cpu && !can_use_gpu.get());
        let choose = Callback::new(move |()| choose(device));
        view! { <RadioCard group="train-device" id title text checked disabled choose /> }
    };
    let gpu = Signal::derive(move || status.with(|status| gpu(status.as_ref(), texts.get())));
    let summary = move || status.with(|status| summary(status.as_ref(), texts.get()));
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="train-device-legend">
            <legend id="train-device-legend">{text(Texts::device_compute_with)}</legend>
            <div class="train-cards">
                {card(
                    ComputeDevice::Cpu,
                    "train-device-cpu",
                    text(Texts::device_cpu),
                    text(Texts::device_cpu_about),
                )} {card(ComputeDevice::Wgpu, "train-device-gpu", text(Texts::device_gpu), gpu)}
            </div>
        </fieldset>
        <p class="hint" data-testid="device-note">
            {summary}
        </p>
        <GpuTest />
        <ProblemNotice about=Subject::Device />
    }
}

/// The progress of testing the GPU.
#[component]
fn GpuTest() -> impl IntoView {
    let status = expect_context::<State>().device;
    let progress = Memo::new(move |_| {
        status.with(|status| match status.as_ref()?.gpu {
            GpuStatus::Checking { done, total, .. } => Some(done as f64 / total.max(1) as f64),
            _ => None,
        })
    });
    view! {
        <Show when=move || progress.get().is_some()>
            <ProgressBar label=text(Texts::device_testing) value=progress />
        </Show>
    }
}

/// How many threads of the processor compute. Nothing where there is no choice.
#[component]
pub fn ThreadChoice() -> impl IntoView {
    let (status, recovery) = (expect_context::<State>().device, expect_context::<Recovery>());
    let threads = Memo::new(move |_| {
        status.with(|status| {
            let status = status.as_ref().filter(|status| status.device == ComputeDevice::Cpu);
            status.map(|status| status.threads)
        })
    });
    let most = Memo::new(move |_| threads.get().map_or(1, |threads| threads.most));
    let used = Memo::new(move |_| threads.get().map_or(1, |threads| threads.used).to_string());
    let field = move || {
        let label = |count: u32| text(move |texts: Texts| texts.count(count));
        let options = (1..=most.get()).map(|count| (count.to_string(), label(count))).collect();
        let choose = move |count: String| {
            if let Ok(threads) = count.parse() {
                recovery.send(Command::ChooseThreads { threads }, Vec::new());
            }
        };
        view! {
            <fieldset class="train-group">
                <legend>{text(Texts::device_cpu)}</legend>
                <div class="train-fields">
                    <SelectField
                        id="train-threads"
                        label=text(Texts::device_threads)
                        hint=text(Texts::device_threads_hint)
                        options
                        value=used
                        choose=Callback::new(choose)
                    />
                </div>
            </fieldset>
        }
    };
    move || (most.get() > 1).then(field)
}
