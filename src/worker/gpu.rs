//! The GPU by WebGPU: a device of the worker's own, handed to burn-wgpu, and watched.
//!
//! The device is requested here and not by burn-wgpu so that its adapter can be asked whether it is
//! real, so that it can be requested again after it was lost, and so that an error of the browser's
//! validation stops the run instead of the worker. `docs/webgpu.md` says why.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use burn::tensor::Device;
use burn::tensor::wgpu::{WgpuSetup, wgpu};
use wasm_bindgen::JsValue;

use super::platform::{Denied, ask_for, global, within};
use tunelab_engine::error::ComputeError;

/// How long the browser may take to open a GPU, whose driver it may have to start.
const OPENING: Duration = Duration::from_secs(10);

const SILENT: &str = "the browser does not answer";

/// An opened GPU.
#[derive(Clone)]
pub struct Gpu {
    pub device: Device,
    pub health: Health,
}

/// Whether the browser has complained about the GPU's work since it was opened.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<Option<String>>>);

impl Health {
    /// # Errors
    /// What the browser complained about.
    pub fn check(&self) -> Result<(), ComputeError> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(complaint) => Err(ComputeError::Device(complaint.clone())),
            None => Ok(()),
        }
    }

    fn complain(&self, complaint: String) {
        log::error!("the GPU reported an error: {complaint}");
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(complaint);
    }
}

/// A GPU that was found and not opened yet.
pub struct FoundGpu {
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
}

impl FoundGpu {
    /// Asks the browser for its fastest GPU.
    ///
    /// # Errors
    /// It offers none, or does not answer.
    pub async fn find() -> Result<Self, ComputeError> {
        // wgpu takes it for certain that the browser can be asked, and that it answers.
        let asked: Result<JsValue, Denied> = async {
            ask_for(OPENING, &global(&["navigator", "gpu"])?, "requestAdapter", &[]).await
        }
        .await;
        match asked {
            Ok(adapter) if adapter.is_object() => {}
            Ok(_) => return Err(no_gpu("the browser has none")),
            Err(denied) => return Err(no_gpu(denied)),
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::BROWSER_WEBGPU,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let found = within(OPENING, instance.request_adapter(&options)).await;
        let adapter = found.ok_or_else(|| no_gpu(SILENT))?.map_err(no_gpu)?;
        Ok(Self { instance, adapter })
    }

    /// What the browser calls it; browsers say little, to protect their users.
    pub fn name(&self) -> String {
        match self.adapter.get_info().name {
            name if name.trim().is_empty() => "graphics card".to_string(),
            name => name,
        }
    }

    /// Whether it is only imitated by the processor.
    pub fn is_software(&self) -> bool {
        let info = self.adapter.get_info();
        info.device_type == wgpu::DeviceType::Cpu
            || info.name.to_ascii_lowercase().contains("swiftshader")
    }

    /// Opens it with all it offers.
    ///
    /// # Errors
    /// It cannot be opened, or lacks what computing needs.
    pub async fn open(self) -> Result<Gpu, ComputeError> {
        let descriptor = wgpu::DeviceDescriptor {
            required_features: self.adapter.features(),
            required_limits: self.adapter.limits(),
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..wgpu::DeviceDescriptor::default()
        };
        let opened = within(OPENING, self.adapter.request_device(&descriptor)).await;
        let (device, queue) = opened.ok_or_else(|| no_gpu(SILENT))?.map_err(no_gpu)?;
        let setup = WgpuSetup {
            instance: self.instance,
            adapter: self.adapter,
            device: device.clone(),
            queue,
            backend: wgpu::Backend::BrowserWebGpu,
        };
        let opened = Device::wgpu_options().setup(setup).init().map_err(no_gpu)?;
        // After burn-wgpu's own listener, which panics, and so takes its place.
        let health = Health::default();
        let listener = health.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            listener.complain(error.to_string());
        }));
        Ok(Gpu { device: opened, health })
    }
}

fn no_gpu(reason: impl std::fmt::Display) -> ComputeError {
    ComputeError::NoGpu(reason.to_string())
}
