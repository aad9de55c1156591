//! What the page says about the devices that can compute.

use crate::plot::format::{sentence, speed};
use tunelab_core::device::ComputeDevice;
use tunelab_core::protocol::{DeviceStatus, GpuStatus};

/// What is known of the GPU.
pub fn gpu(status: Option<&DeviceStatus>) -> String {
    match status.map(|status| &status.gpu) {
        None | Some(GpuStatus::Unknown) => "Looking for one.".into(),
        Some(GpuStatus::Missing { reason } | GpuStatus::Failed { reason }) => sentence(reason),
        Some(GpuStatus::Software { name }) => {
            format!("Only imitated by the processor ({name}): right, but slow.")
        }
        Some(GpuStatus::Found { name }) => format!("{}: checked before its first use.", name),
        Some(GpuStatus::Checking { name, done, total }) => {
            format!("{name}: being checked, {done} of {total}.")
        }
        Some(GpuStatus::Ready { name }) => format!("{name}: checked, it computes right."),
    }
}

/// Whether the GPU can be chosen.
pub fn gpu_is_offered(status: Option<&DeviceStatus>) -> bool {
    status.is_some_and(|status| {
        !matches!(
            status.gpu,
            GpuStatus::Unknown | GpuStatus::Missing { .. } | GpuStatus::Failed { .. }
        )
    })
}

/// What computes, why, and how fast it was seen to be.
pub fn note(status: Option<&DeviceStatus>) -> String {
    let Some(status) = status else {
        return "The program that computes is still loading; then it looks what this device offers."
            .into();
    };
    let device = match status.device {
        ComputeDevice::Cpu => "processor",
        ComputeDevice::Wgpu => "graphics card",
    };
    let speeds = [("processor", status.cpu_speed), ("graphics card", status.gpu_speed)];
    let measured: Vec<String> = speeds
        .into_iter()
        .filter_map(|(name, measured)| {
            measured.map(|measured| format!("{name} {}", speed(measured)))
        })
        .collect();
    let measured = match measured.is_empty() {
        true => String::new(),
        false => format!(" Measured here at 64 px: {}.", measured.join(", ")),
    };
    let reason = sentence(&status.reason);
    let reason = if reason.is_empty() { String::new() } else { format!(" {reason}") };
    format!("Computing with the {device}.{reason}{measured}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(gpu: GpuStatus) -> DeviceStatus {
        DeviceStatus {
            gpu,
            device: ComputeDevice::Cpu,
            reason: "it was faster".into(),
            cpu_speed: Some(52.0),
            gpu_speed: None,
        }
    }

    #[test]
    fn every_state_of_the_gpu_has_words_and_a_choice() {
        let name = || "Arc".to_string();
        let reason = || "this browser has no WebGPU".to_string();
        for (state, offered, words) in [
            (GpuStatus::Unknown, false, "Looking for one."),
            (GpuStatus::Missing { reason: reason() }, false, "This browser has no WebGPU."),
            (GpuStatus::Failed { reason: reason() }, false, "This browser has no WebGPU."),
            (GpuStatus::Found { name: name() }, true, "Arc: checked before its first use."),
            (GpuStatus::Ready { name: name() }, true, "Arc: checked, it computes right."),
            (
                GpuStatus::Checking { name: name(), done: 3, total: 12 },
                true,
                "Arc: being checked, 3 of 12.",
            ),
        ] {
            let status = status(state);
            assert_eq!(gpu(Some(&status)), words);
            assert_eq!(gpu_is_offered(Some(&status)), offered, "{words}");
        }
        assert!(!gpu_is_offered(None));
    }

    #[test]
    fn the_note_says_why_and_how_fast() {
        let words = note(Some(&status(GpuStatus::Unknown))).replace('\u{a0}', " ");
        assert_eq!(
            words,
            "Computing with the processor. It was faster. Measured here at 64 px: processor 52 images/s."
        );
        assert!(note(None).contains("still loading"));
    }
}
