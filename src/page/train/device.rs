//! What computes.

use leptos::prelude::*;

use crate::parts::RadioCard;
use crate::parts::{ProblemNotice, ProgressBar};
use crate::recovery::Keeper;
use crate::state::State;
use tunelab_core::device::ComputeDevice;
use tunelab_core::protocol::{Command, GpuStatus, Subject};
use tunelab_presentation::train::device_words;

/// The choice between processor and graphics card, and what is known of them.
#[component]
pub fn DeviceChoice() -> impl IntoView {
    let state = expect_context::<State>();
    let status = state.device;
    let offered =
        Memo::new(move |_| status.with(|status| device_words::gpu_is_offered(status.as_ref())));
    // Chosen here, and not yet what the worker says: it checks the GPU first.
    let keeper = expect_context::<Keeper>();
    let wanted = RwSignal::new(None::<ComputeDevice>);
    let shown = Memo::new(move |_| {
        let now = status.with(|status| status.as_ref().map(|status| status.device));
        let wanted = wanted.get().filter(|wanted| *wanted == ComputeDevice::Cpu || offered.get());
        wanted.or(now).unwrap_or_default()
    });
    Effect::new(move || {
        let now = status.with(|status| status.as_ref().map(|status| status.device));
        if now.is_some() && (now == wanted.get_untracked() || !offered.get()) {
            wanted.set(None);
        }
    });
    let choose = move |device| {
        wanted.set(Some(device));
        state.forget_problem(Subject::Device);
        keeper.send(Command::ChooseDevice { device }, Vec::new());
    };
    let card = move |device, id: &'static str, title: &'static str, text: Signal<String>| {
        let checked = Signal::derive(move || {
            // Said again with every word of the worker: the browser may show another.
            status.track();
            shown.get() == device
        });
        let disabled = Signal::derive(move || device != ComputeDevice::Cpu && !offered.get());
        let choose = Callback::new(move |()| choose(device));
        view! { <RadioCard group="train-device" id=id.to_string() title text checked disabled choose /> }
    };
    let gpu = Signal::derive(move || status.with(|status| device_words::gpu(status.as_ref())));
    let cpu = Signal::derive(|| "Always there, and works with every browser.".to_string());
    view! {
        <fieldset class="train-group" role="radiogroup" aria-labelledby="train-device-legend">
            <legend id="train-device-legend">"Compute with"</legend>
            <div class="train-cards">
                {card(ComputeDevice::Cpu, "train-device-cpu", "Processor (CPU)", cpu)}
                {card(ComputeDevice::Wgpu, "train-device-gpu", "Graphics card (GPU)", gpu)}
            </div>
        </fieldset>
        <p class="hint" data-testid="device-note">
            {move || status.with(|status| device_words::note(status.as_ref()))}
        </p>
        <Checking />
        <ProblemNotice about=Subject::Device />
    }
}

/// How far the check of the graphics card is, while it is under way.
#[component]
fn Checking() -> impl IntoView {
    let status = expect_context::<State>().device;
    let progress = Memo::new(move |_| {
        status.with(|status| match status.as_ref()?.gpu {
            GpuStatus::Checking { done, total, .. } => Some(done as f64 / total.max(1) as f64),
            _ => None,
        })
    });
    view! {
        <Show when=move || progress.get().is_some()>
            <ProgressBar
                label=Signal::derive(|| "Checking the graphics card against the processor".to_string())
                value=Signal::derive(move || progress.get())
            />
        </Show>
    }
}
