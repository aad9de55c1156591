//! The devices, and which of them is used.

use std::cell::{Cell, RefCell};

use burn::tensor::Device;
use tunelab_core::device::{ComputeDevice, ComputeError, Kernels, Speed};
use tunelab_core::gpu::GpuError;
use tunelab_core::protocol::{DeviceReason, DeviceStatus, GpuStatus, Reply, ThreadStatus};

use super::gpu::{Gpu, GpuHealth};
use super::messages::{POLL_INTERVAL, post, sleep};

/// The state of the devices.
pub struct Devices {
    status: RefCell<DeviceStatus>,
    /// The GPU that passed its test.
    gpu: RefCell<Option<Gpu>>,
    /// The last choice of the user.
    pub choice: Cell<Option<ComputeDevice>>,
}

impl Default for Devices {
    fn default() -> Self {
        let status = DeviceStatus {
            gpu: GpuStatus::Unknown,
            device: ComputeDevice::Cpu,
            reason: DeviceReason::GpuNotTested,
            threads: ThreadStatus { used: 1, most: 1 },
            kernels: Kernels::Fast,
            busy: false,
            cpu_speed: None,
            gpu_speed: None,
        };
        Self { status: RefCell::new(status), gpu: RefCell::default(), choice: Cell::new(None) }
    }
}

impl Devices {
    /// The status for the page.
    pub fn status(&self) -> DeviceStatus {
        self.status.borrow().clone()
    }

    /// Changes the status and notifies the page.
    pub fn update(&self, change: impl FnOnce(&mut DeviceStatus)) {
        change(&mut self.status.borrow_mut());
        post(&Reply::Device(self.status()));
    }

    /// Begins or ends testing or measuring devices. Runs wait until it ends.
    pub fn set_busy(&self, busy: bool) {
        self.update(|status| status.busy = busy);
    }

    /// The GPU, if it passed its test.
    pub fn gpu(&self) -> Option<Gpu> {
        self.gpu.borrow().clone()
    }

    /// The GPU passed its test. The speed is `None` if it was not measured.
    pub fn gpu_ready(&self, gpu: Gpu, name: String, speed: Option<Speed>) {
        self.gpu.replace(Some(gpu));
        self.update(|status| {
            status.gpu = GpuStatus::Ready { name };
            status.gpu_speed = speed;
        });
    }

    /// The GPU cannot be used any more. The CPU is used instead.
    pub fn gpu_failed(&self, reason: GpuError) {
        self.gpu.replace(None);
        self.update(|status| {
            status.gpu = GpuStatus::Failed { reason: reason.clone() };
            status.gpu_speed = None;
            status.device = ComputeDevice::Cpu;
            status.reason = DeviceReason::GpuFailed { reason };
        });
    }

    /// The device that a run uses now.
    pub fn active(&self) -> ActiveDevice {
        match (self.gpu(), self.status.borrow().device) {
            (Some(gpu), ComputeDevice::Wgpu) => ActiveDevice {
                kind: ComputeDevice::Wgpu,
                device: gpu.device,
                health: Some(gpu.health),
            },
            _ => ActiveDevice { kind: ComputeDevice::Cpu, device: Device::flex(), health: None },
        }
    }

    /// Checks that results of a device can be trusted. A GPU that failed is not used any more.
    ///
    /// # Errors
    /// The browser reported an error of the device.
    pub fn verify(&self, device: &ActiveDevice) -> Result<(), ComputeError> {
        device.check().inspect_err(|error| self.gpu_failed(error.clone().into()))
    }

    /// Waits until no device is being tested or measured, or `is_cancelled`.
    pub async fn wait(&self, is_cancelled: impl Fn() -> bool) {
        while self.status.borrow().busy && !is_cancelled() {
            sleep(POLL_INTERVAL).await;
        }
    }
}

/// The device of a run.
pub struct ActiveDevice {
    pub kind: ComputeDevice,
    pub device: Device,
    health: Option<GpuHealth>,
}

impl ActiveDevice {
    /// # Errors
    /// The browser reported an error of the device.
    pub fn check(&self) -> Result<(), ComputeError> {
        self.health.as_ref().map_or(Ok(()), GpuHealth::check)
    }

    /// Whether the error means that the GPU failed.
    pub fn is_gpu_failure(&self, error: &ComputeError) -> bool {
        self.kind == ComputeDevice::Wgpu && error.is_of_device()
    }

    /// Frees the memory of a finished run, because the next one may need blocks of other sizes.
    pub fn free_memory(&self) {
        if self.check().is_ok() {
            self.device.memory_cleanup();
        }
    }
}
