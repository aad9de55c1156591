//! Selects the device: looks for a GPU, tests it, measures both devices, and follows the user's choice.

use std::time::Duration;

use burn::tensor::Device;
use tunelab_core::device::{ComputeDevice, Kernels, Speed};
use tunelab_core::gpu::{GpuError, SelfTestError};
use tunelab_core::protocol::{DeviceReason, GpuStatus, ThreadStatus, WorkerError};
use tunelab_engine::kernels;
use tunelab_engine::self_test::{SelfTest, Workload};

use super::browser::within;
use super::gpu::{FoundGpu, Gpu};
use super::messages::sleep;
use super::state::State;
use super::threads::{THREADS, available_threads};

/// The time limit for one comparison of the self-test. An emulated GPU takes seconds.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Starts the processor's threads, tests its kernels and measures its speed. Then looks for a GPU, tests and measures it if
/// it is real, and selects the faster device, unless the user chooses one meanwhile.
pub async fn detect(state: &State) {
    state.devices.set_busy(true);
    let most = available_threads();
    // The page and the rest of the computer need one too.
    use_threads(state, most - 1, most);
    let found = FoundGpu::find().await;
    let (gpu, reason) = match &found {
        Err(reason) => (GpuStatus::Missing { reason: reason.clone() }, DeviceReason::NoGpu),
        Ok(found) if found.is_software() => {
            (GpuStatus::Software { name: found.name() }, DeviceReason::SoftwareGpu)
        }
        Ok(found) => (GpuStatus::Found { name: found.name() }, DeviceReason::GpuNotTested),
    };
    state.devices.update(|status| {
        status.gpu = gpu;
        status.reason = reason;
    });
    state.pretrained.wait().await;
    THREADS.wait().await;
    test_kernels(state).await;
    measure_cpu(state).await;
    if let Ok(found) = found
        && !found.is_software()
        && state.devices.choice.get().is_none()
    {
        test_gpu(state, found).await;
        select_faster(state);
    }
    state.devices.set_busy(false);
}

/// Selects the device that the user wants, after testing it.
///
/// # Errors
/// The GPU cannot be used. The CPU is used then.
pub async fn choose(state: &State, wanted: ComputeDevice) -> Result<(), WorkerError> {
    let devices = &state.devices;
    devices.choice.set(Some(wanted));
    // Only the last choice counts.
    let is_outdated = || devices.choice.get() != Some(wanted);
    devices.wait(is_outdated).await;
    if is_outdated() {
        return Ok(());
    }
    if wanted == ComputeDevice::Wgpu && devices.gpu().is_none() {
        devices.set_busy(true);
        state.pretrained.wait().await;
        match FoundGpu::find().await {
            Ok(found) => test_gpu(state, found).await,
            Err(error) => devices.gpu_failed(error),
        }
        devices.set_busy(false);
        if is_outdated() {
            return Ok(());
        }
        if let GpuStatus::Failed { reason } = devices.status().gpu {
            return Err(reason.into());
        }
    }
    devices.update(|status| {
        status.device = wanted;
        status.reason = match wanted {
            ComputeDevice::Cpu => DeviceReason::CpuChosen,
            ComputeDevice::Wgpu => DeviceReason::GpuChosen,
        };
    });
    Ok(())
}

/// Uses as many threads as the user wants, and measures how fast they are.
pub async fn choose_threads(state: &State, wanted: u32) {
    let devices = &state.devices;
    let most = devices.status().threads.most;
    use_threads(state, wanted, most);
    devices.wait(|| false).await;
    THREADS.wait().await;
    // A run uses them too, and would be slower while they are measured.
    if !state.run.is_active() {
        devices.set_busy(true);
        measure_cpu(state).await;
        devices.set_busy(false);
    }
}

fn use_threads(state: &State, wanted: u32, most: u32) {
    let used = wanted.clamp(1, most);
    THREADS.set_count(used);
    state.devices.update(|status| status.threads = ThreadStatus { used, most });
}

/// Tests the kernels of the processor. If they fail, it computes with burn's operations.
async fn test_kernels(state: &State) {
    let Some(model) = state.pretrained.get() else { return };
    let workload = |kernels| {
        Workload::new(&model.weights, &Device::flex())
            .map(|workload| workload.with_kernels(kernels))
    };
    let compare = async || -> Result<(), SelfTestError> {
        let mut test = SelfTest::new(workload(Kernels::Reference)?, workload(Kernels::Fast)?);
        while test.advance().await? {
            sleep(Duration::ZERO).await;
        }
        Ok(())
    };
    if let Err(problem) = compare().await {
        log::error!("the kernels of the processor are not used: {problem}");
        kernels::select(Kernels::Reference);
        state.devices.update(|status| status.kernels = Kernels::Reference);
    }
}

/// Measures the speeds again for another model, on the devices that were measured before. Does nothing during a run.
pub async fn measure_again(state: &State) {
    state.devices.wait(|| false).await;
    if state.run.is_active() {
        return;
    }
    state.devices.set_busy(true);
    measure_cpu(state).await;
    if let (Some(_), Some(gpu)) = (state.devices.status().gpu_speed, state.devices.gpu())
        && let Some(speed) = speed(state, &gpu.device).await
    {
        state.devices.update(|status| status.gpu_speed = Some(speed));
    }
    state.devices.set_busy(false);
}

async fn measure_cpu(state: &State) {
    if let Some(speed) = speed(state, &Device::flex()).await {
        state.devices.update(|status| status.cpu_speed = Some(speed));
    }
}

/// The speed of a device with the current model.
async fn speed(state: &State, device: &Device) -> Option<Speed> {
    let model = state.pretrained.get()?;
    Workload::new(&model.weights, device).ok()?.speed().await.ok()
}

/// Opens and tests a GPU. Afterwards it is ready, or has failed.
async fn test_gpu(state: &State, found: FoundGpu) {
    let name = found.name();
    match try_gpu(state, found).await {
        Ok((gpu, speed)) => state.devices.gpu_ready(gpu, name, speed),
        Err(error) => state.devices.gpu_failed(error),
    }
}

/// The GPU that passed its test, and its speed unless it is emulated.
async fn try_gpu(state: &State, found: FoundGpu) -> Result<(Gpu, Option<Speed>), GpuError> {
    let model = state.pretrained.get().ok_or(GpuError::NoModel)?;
    let (name, is_software) = (found.name(), found.is_software());
    let report = |done| {
        let status = GpuStatus::Checking { name: name.clone(), done, total: SelfTest::total() };
        state.devices.update(|devices| devices.gpu = status);
    };
    report(0);
    let gpu = found.open().await?;
    let workload = |device: &Device| Workload::new(&model.weights, device);
    let reference = workload(&Device::flex())?.with_kernels(Kernels::Reference);
    let mut test = SelfTest::new(reference, workload(&gpu.device)?);
    while in_time(test.advance()).await?? {
        gpu.health.check()?;
        report(test.done());
        sleep(Duration::ZERO).await;
    }
    // An emulated GPU is slow, so measuring it would only take time.
    let speed = if is_software { None } else { Some(in_time(test.tested().speed()).await??) };
    gpu.health.check()?;
    Ok((gpu, speed))
}

/// Waits for a GPU, which may never answer.
async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, GpuError> {
    within(TIMEOUT, work).await.ok_or(GpuError::NoAnswer)
}

fn select_faster(state: &State) {
    let status = state.devices.status();
    let rate = |speed: Option<Speed>| speed.map(|speed| speed.images_per_second());
    let (Some(cpu), Some(gpu)) = (rate(status.cpu_speed), rate(status.gpu_speed)) else { return };
    if state.devices.choice.get().is_some() || state.devices.gpu().is_none() {
        return;
    }
    state.devices.update(|status| {
        (status.device, status.reason) = if gpu > cpu {
            (ComputeDevice::Wgpu, DeviceReason::GpuFaster { cpu, gpu })
        } else {
            (ComputeDevice::Cpu, DeviceReason::CpuFaster { cpu, gpu })
        };
    });
}
