//! The devices as text.

use super::estimate::MEASURED_SIZE;
use tunelab_core::device::{ComputeDevice, Kernels};
use tunelab_core::protocol::{DeviceReason, DeviceStatus, GpuStatus};
use tunelab_l10n::{Localize, Texts};

/// The status of the GPU; `status` is `None` before the engine is loaded.
pub fn gpu(status: Option<&DeviceStatus>, texts: Texts) -> String {
    match status.map(|status| &status.gpu) {
        None | Some(GpuStatus::Unknown) => texts.device_gpu_detecting().to_owned(),
        Some(GpuStatus::Missing { reason } | GpuStatus::Failed { reason }) => {
            reason.localize(texts)
        }
        Some(GpuStatus::Software { name }) => texts.device_gpu_software(name),
        Some(GpuStatus::Found { name }) => texts.device_gpu_found(name),
        Some(GpuStatus::Checking { name, done, total }) => {
            texts.device_gpu_testing(name, *done, *total)
        }
        Some(GpuStatus::Ready { name }) => texts.device_gpu_ready(name),
    }
}

/// Whether the GPU can be chosen.
pub fn can_use_gpu(status: Option<&DeviceStatus>) -> bool {
    status.is_some_and(|status| {
        !matches!(
            status.gpu,
            GpuStatus::Unknown | GpuStatus::Missing { .. } | GpuStatus::Failed { .. }
        )
    })
}

/// Which device is used, why, and the measured speeds.
pub fn summary(status: Option<&DeviceStatus>, texts: Texts) -> String {
    let Some(status) = status else { return texts.device_loading().to_owned() };
    let device = match status.device {
        ComputeDevice::Cpu => texts.device_uses_cpu(),
        ComputeDevice::Wgpu => texts.device_uses_gpu(),
    };
    let [cpu, gpu] = [status.cpu_speed, status.gpu_speed]
        .map(|speed| speed.map(|speed| texts.speed(speed.images_per_second())));
    let side = MEASURED_SIZE.get();
    let size = texts.image_size(side, side);
    let speed = match (cpu, gpu) {
        // The reason already has the speeds.
        _ if matches!(
            status.reason,
            DeviceReason::CpuFaster { .. } | DeviceReason::GpuFaster { .. }
        ) =>
        {
            None
        }
        (Some(cpu), Some(gpu)) => Some(texts.device_speeds(&size, &cpu, &gpu)),
        (Some(cpu), None) => Some(texts.device_speed_cpu(&size, &cpu)),
        (None, Some(gpu)) => Some(texts.device_speed_gpu(&size, &gpu)),
        (None, None) => None,
    };
    let mut sentences = vec![device.to_owned(), status.reason.localize(texts)];
    if status.kernels == Kernels::Reference {
        sentences.push(texts.device_kernels_failed().to_owned());
    }
    sentences.extend(speed);
    texts.sentences(&sentences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::device::Speed;
    use tunelab_core::gpu::GpuError;
    use tunelab_core::protocol::ThreadStatus;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn status(gpu: GpuStatus) -> DeviceStatus {
        DeviceStatus {
            gpu,
            device: ComputeDevice::Cpu,
            reason: DeviceReason::CpuChosen,
            threads: ThreadStatus { used: 1, most: 1 },
            kernels: Kernels::Fast,
            busy: false,
            cpu_speed: Some(Speed::typical(52.0)),
            gpu_speed: None,
        }
    }

    #[test]
    fn every_state_of_the_gpu_has_a_text() {
        let name = || "Arc".to_string();
        let reason = || GpuError::NotOffered;
        let missing = GpuError::NotOffered.localize(ENGLISH);
        for (gpu, can_be_used, text) in [
            (GpuStatus::Unknown, false, "Looking for a GPU."),
            (GpuStatus::Missing { reason: reason() }, false, &missing),
            (GpuStatus::Failed { reason: reason() }, false, &missing),
            (GpuStatus::Found { name: name() }, true, "Arc. It is tested before its first use."),
            (GpuStatus::Ready { name: name() }, true, "Arc. Its results have been tested."),
            (
                GpuStatus::Checking { name: name(), done: 3, total: 12 },
                true,
                "Arc. Test 3 of 12 is running.",
            ),
        ] {
            let status = status(gpu);
            assert_eq!(super::gpu(Some(&status), ENGLISH), text);
            assert_eq!(can_use_gpu(Some(&status)), can_be_used, "{text}");
        }
        assert!(!can_use_gpu(None));
    }

    #[test]
    fn the_summary_has_device_reason_and_speeds() {
        let mut status = status(GpuStatus::Unknown);
        let summary = |status: &DeviceStatus| super::summary(Some(status), ENGLISH);
        assert_eq!(
            summary(&status).replace('\u{a0}', " "),
            "Using the processor. You chose the processor. Measured here at 64 × 64 px: 52 images/s on the processor."
        );
        status.gpu_speed = Some(Speed::typical(600.0));
        assert!(summary(&status).ends_with("on the processor, 600\u{a0}images/s on the GPU."));
        status.reason = DeviceReason::GpuFaster { cpu: 52.0, gpu: 600.0 };
        assert!(!summary(&status).contains("Measured"));
        assert_eq!(super::summary(None, ENGLISH), ENGLISH.device_loading());
        status.kernels = Kernels::Reference;
        assert!(summary(&status).contains("the slower general ones are used"));
    }
}
