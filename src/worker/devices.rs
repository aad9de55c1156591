//! Which device computes: what there is, whether it computes right, how fast it is, and what the user
//! wants.

use std::time::Duration;

use burn::tensor::Device;

use super::gpu::{FoundGpu, Gpu, Health};
use super::host::Host;
use super::platform::within;
use super::port::{post, sleep};
use tunelab_core::device::ComputeDevice;
use tunelab_core::protocol::{DeviceStatus, GpuStatus, Reply};
use tunelab_engine::error::ComputeError;
use tunelab_engine::self_test::{Candidate, SelfTest, SelfTestError};

/// How often a wait for something else looks whether it is there.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How long a GPU may take for one part of its check. One that the processor imitates takes seconds.
const CHECKING: Duration = Duration::from_secs(120);

/// What is known of the devices.
pub struct Devices {
    status: DeviceStatus,
    gpu: Option<Gpu>,
    /// Whether something is being found out that a run should wait for.
    busy: bool,
    chosen_by_user: bool,
    /// The user's last choice, where there was one.
    wanted: ComputeDevice,
}

impl Default for Devices {
    fn default() -> Self {
        let status = DeviceStatus {
            gpu: GpuStatus::Unknown,
            device: ComputeDevice::Cpu,
            reason: "The processor computes until the graphics card is found and checked.".into(),
            cpu_speed: None,
            gpu_speed: None,
        };
        Self { status, gpu: None, busy: false, chosen_by_user: false, wanted: ComputeDevice::Cpu }
    }
}

/// What a run computes with.
pub struct Computing {
    pub kind: ComputeDevice,
    pub device: Device,
    health: Option<Health>,
}

impl Computing {
    /// # Errors
    /// The browser complained about the device's work.
    pub fn check(&self) -> Result<(), ComputeError> {
        self.health.as_ref().map_or(Ok(()), Health::check)
    }
}

/// Looks for a GPU. A real one is checked, both devices are measured, and the faster one is taken,
/// unless the user chooses meanwhile.
pub async fn look_around(host: &Host) {
    host.devices.borrow_mut().busy = true;
    let found = FoundGpu::find().await;
    let (gpu, reason) = match &found {
        Err(_) => (
            GpuStatus::Missing { reason: "this browser offers none to web pages".into() },
            "This browser offers no graphics card to web pages (WebGPU), so the processor computes.",
        ),
        Ok(found) if found.is_software() => (
            GpuStatus::Software { name: found.name() },
            "The graphics card is only imitated by the processor here, so the processor itself is faster.",
        ),
        Ok(found) => (
            GpuStatus::Found { name: found.name() },
            "The processor computes until the graphics card is checked.",
        ),
    };
    host.change_devices(|devices| {
        devices.status.gpu = gpu;
        devices.status.reason = reason.into();
    });
    host.wait_for_model().await;
    measure_cpu(host).await;
    if let Ok(found) = found
        && !found.is_software()
        && !host.devices.borrow().chosen_by_user
    {
        check_gpu(host, found).await;
        prefer_the_faster(host);
    }
    host.change_devices(|devices| devices.busy = false);
}

/// Takes the device that the user wants, after it was checked.
///
/// # Errors
/// Why it cannot be used, for the user; the other one goes on computing.
pub async fn choose(host: &Host, wanted: ComputeDevice) -> Result<(), String> {
    {
        let mut devices = host.devices.borrow_mut();
        devices.chosen_by_user = true;
        devices.wanted = wanted;
    }
    // The last choice counts.
    let outdated = || host.devices.borrow().wanted != wanted;
    host.wait_for_devices(outdated).await;
    if outdated() {
        return Ok(());
    }
    if wanted == ComputeDevice::Wgpu && host.devices.borrow().gpu.is_none() {
        host.change_devices(|devices| devices.busy = true);
        host.wait_for_model().await;
        match FoundGpu::find().await {
            Ok(found) => check_gpu(host, found).await,
            Err(error) => host.gpu_failed(&error.to_string()),
        }
        host.change_devices(|devices| devices.busy = false);
        if outdated() {
            return Ok(());
        }
        if host.devices.borrow().gpu.is_none() {
            let status = host.devices.borrow().status.reason.clone();
            return Err(status);
        }
    }
    host.change_devices(|devices| {
        devices.status.device = wanted;
        devices.status.reason = match wanted {
            ComputeDevice::Cpu => "You chose the processor.".into(),
            ComputeDevice::Wgpu => {
                "You chose the graphics card. It was checked: it computes right.".into()
            }
        };
    });
    Ok(())
}

/// Training speed on a device with the network that is there, where both can be had.
async fn speed_on(host: &Host, device: &Device) -> Option<f64> {
    let model = host.model.borrow().clone()?;
    Candidate::new(&model.weights, device).ok()?.speed().await.ok()
}

async fn measure_cpu(host: &Host) {
    if let Some(speed) = speed_on(host, &Device::flex()).await {
        host.change_devices(|devices| devices.status.cpu_speed = Some(speed));
    }
}

/// Measures again, for another network: on what was measured before, unless a run needs it.
pub async fn measure_again(host: &Host) {
    if host.run.borrow().is_some() {
        return;
    }
    measure_cpu(host).await;
    let measured = host.devices.borrow().status.gpu_speed.is_some();
    let gpu = host.devices.borrow().gpu.as_ref().map(|gpu| gpu.device.clone());
    if let (true, Some(device)) = (measured, gpu)
        && let Some(speed) = speed_on(host, &device).await
    {
        host.change_devices(|devices| devices.status.gpu_speed = Some(speed));
    }
}

/// Opens a GPU and compares it with the processor; afterwards it is ready, or has failed.
async fn check_gpu(host: &Host, found: FoundGpu) {
    let (name, software) = (found.name(), found.is_software());
    let Some(model) = host.model.borrow().clone() else {
        return host.gpu_failed("there is no network to check it with; load one first");
    };
    let checking =
        |done| GpuStatus::Checking { name: name.clone(), done, total: SelfTest::total() };
    host.change_devices(|devices| devices.status.gpu = checking(0));
    let checked: Result<(Gpu, Option<f64>), SelfTestError> = async {
        let gpu = found.open().await?;
        let candidate = |device| Candidate::new(&model.weights, device);
        let mut test = SelfTest::new(candidate(&Device::flex())?, candidate(&gpu.device)?);
        while in_time(test.advance()).await?? {
            gpu.health.check()?;
            host.change_devices(|devices| devices.status.gpu = checking(test.done()));
            sleep(Duration::ZERO).await;
        }
        // An imitated one is slow for certain.
        let speed = if software { None } else { Some(in_time(test.candidate().speed()).await??) };
        gpu.health.check()?;
        Ok((gpu, speed))
    }
    .await;
    match checked {
        Ok((gpu, speed)) => host.change_devices(|devices| {
            devices.gpu = Some(gpu);
            devices.status.gpu = GpuStatus::Ready { name };
            devices.status.gpu_speed = speed;
        }),
        Err(error) => host.gpu_failed(&error.to_string()),
    }
}

/// Waits for a GPU, which may never answer.
async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, ComputeError> {
    let late = || ComputeError::Device("it does not answer".into());
    within(CHECKING, work).await.ok_or_else(late)
}

fn prefer_the_faster(host: &Host) {
    host.change_devices(|devices| {
        let (Some(cpu), Some(gpu)) = (devices.status.cpu_speed, devices.status.gpu_speed) else {
            return;
        };
        if devices.chosen_by_user || devices.gpu.is_none() {
            return;
        }
        let compared = format!("{cpu:.0} pictures a second against {gpu:.0}");
        (devices.status.device, devices.status.reason) = if gpu > cpu {
            (
                ComputeDevice::Wgpu,
                format!("The graphics card computes: the processor would train {compared}."),
            )
        } else {
            (
                ComputeDevice::Cpu,
                format!("The processor is the faster one here: it trains {compared}."),
            )
        };
    });
}

impl Host {
    /// What a run would compute with now.
    pub fn computing(&self) -> Computing {
        let devices = self.devices.borrow();
        match (&devices.gpu, devices.status.device) {
            (Some(gpu), ComputeDevice::Wgpu) => Computing {
                kind: ComputeDevice::Wgpu,
                device: gpu.device.clone(),
                health: Some(gpu.health.clone()),
            },
            _ => Computing { kind: ComputeDevice::Cpu, device: Device::flex(), health: None },
        }
    }

    /// The GPU is not used any more; the processor goes on.
    pub fn gpu_failed(&self, reason: &str) {
        self.change_devices(|devices| {
            devices.gpu = None;
            devices.status.gpu = GpuStatus::Failed { reason: reason.to_string() };
            devices.status.gpu_speed = None;
            devices.status.device = ComputeDevice::Cpu;
            devices.status.reason =
                format!("The graphics card cannot be used ({reason}), so the processor computes.");
        });
    }

    fn change_devices(&self, change: impl FnOnce(&mut Devices)) {
        change(&mut self.devices.borrow_mut());
        post(&Reply::Device(self.devices.borrow().status.clone()));
    }

    /// Waits until nothing is being found out any more, or `gives_up`.
    pub async fn wait_for_devices(&self, gives_up: impl Fn() -> bool) {
        while self.devices.borrow().busy && !gives_up() {
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until no network is on its way any more.
    pub async fn wait_for_model(&self) {
        while self.models_loading.get() > 0 {
            sleep(LOOK_AGAIN).await;
        }
    }
}
