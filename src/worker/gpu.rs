//! The GPU by WebGPU: a device that the worker requests itself, hands to burn-wgpu, and monitors.
//!
//! burn-wgpu does not request it, so that the adapter can be asked whether it is real, so that another device can be
//! requested after this one was lost, and so that a validation error stops the run instead of the worker. See
//! `docs/webgpu.md`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use burn::tensor::Device;
use burn::tensor::wgpu::{WgpuSetup, wgpu};
use tunelab_core::device::ComputeError;
use tunelab_core::gpu::GpuError;
use wasm_bindgen::JsValue;

use super::browser::{call_within, global, within};

/// The time limit for opening a GPU, whose driver the browser may have to start.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An open GPU.
#[derive(Clone)]
pub struct Gpu {
    pub device: Device,
    pub health: GpuHealth,
}

/// Whether the browser has reported an error of the GPU since it was opened.
#[derive(Debug, Clone, Default)]
pub struct GpuHealth(Arc<Mutex<Option<String>>>);

impl GpuHealth {
    /// # Errors
    /// The first error that the browser reported.
    pub fn check(&self) -> Result<(), ComputeError> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(ComputeError::Device(error.clone())),
            None => Ok(()),
        }
    }

    fn report(&self, error: String) {
        log::error!("the GPU reported an error: {error}");
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(error);
    }
}

/// A GPU that is not open yet.
pub struct FoundGpu {
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
}

impl FoundGpu {
    /// Asks the browser for its fastest GPU.
    ///
    /// # Errors
    /// It offers none, or does not answer.
    pub async fn find() -> Result<Self, GpuError> {
        // wgpu assumes that the browser has WebGPU and answers.
        let gpu = global(&["navigator", "gpu"])?;
        let adapter: JsValue = call_within(TIMEOUT, &gpu, "requestAdapter", &[]).await?;
        if !adapter.is_object() {
            return Err(GpuError::NotOffered);
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::BROWSER_WEBGPU,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let found = within(TIMEOUT, instance.request_adapter(&options)).await;
        let adapter = found.ok_or(GpuError::NoAnswer)?.map_err(refused)?;
        Ok(Self { instance, adapter })
    }

    /// Its name. Browsers say little, to protect their users.
    pub fn name(&self) -> String {
        match self.adapter.get_info().name {
            name if name.trim().is_empty() => "GPU".to_owned(),
            name => name,
        }
    }

    /// Whether the CPU emulates it.
    pub fn is_software(&self) -> bool {
        let info = self.adapter.get_info();
        info.device_type == wgpu::DeviceType::Cpu
            || info.name.to_ascii_lowercase().contains("swiftshader")
    }

    /// Opens it with all its features and limits.
    ///
    /// # Errors
    /// It cannot be opened, or lacks a feature that burn-wgpu needs.
    pub async fn open(self) -> Result<Gpu, GpuError> {
        let descriptor = wgpu::DeviceDescriptor {
            required_features: self.adapter.features(),
            required_limits: self.adapter.limits(),
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..wgpu::DeviceDescriptor::default()
        };
        let opened = within(TIMEOUT, self.adapter.request_device(&descriptor)).await;
        let (device, queue) = opened.ok_or(GpuError::NoAnswer)?.map_err(refused)?;
        let setup = WgpuSetup {
            instance: self.instance,
            adapter: self.adapter,
            device: device.clone(),
            queue,
            backend: wgpu::Backend::BrowserWebGpu,
        };
        let opened = Device::wgpu_options().setup(setup).init().map_err(refused)?;
        // Set after burn-wgpu, to replace its handler, which panics.
        let health = GpuHealth::default();
        let handler = health.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            handler.report(error.to_string());
        }));
        Ok(Gpu { device: opened, health })
    }
}

fn refused(error: impl std::fmt::Display) -> GpuError {
    GpuError::Refused { problem: error.to_string() }
}
