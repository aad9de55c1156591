//! Which parameters of a network are trained.

use serde::{Deserialize, Serialize};

use super::part::Part;
use crate::model::parameter_name::{is_bias, is_norm, is_running_statistic};

/// Which kinds of parameters are trained within the trained parts of the backbone. The head is new
/// and always trained whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    All,
    /// Batch norm's scale and shift (Frankle et al., 2020).
    Norms,
    /// Batch norm's shift, the only bias a ResNet's backbone has (BitFit: Ben Zaken et al., 2021).
    Biases,
}

/// The parameters that are trained: those of one kind, in some parts of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trainable {
    parts: [bool; Part::ALL.len()],
    kind: ParameterKind,
}

impl Trainable {
    /// Everything from `first` on.
    pub fn from(first: Part) -> Self {
        Self { parts: Part::ALL.map(|part| part >= first), kind: ParameterKind::All }
    }

    /// The parts that `trains` names, and the head.
    pub fn parts(trains: impl Fn(Part) -> bool) -> Self {
        let parts = Part::ALL.map(|part| part == Part::Head || trains(part));
        Self { parts, kind: ParameterKind::All }
    }

    /// One kind of parameters everywhere, and the head.
    pub fn only(kind: ParameterKind) -> Self {
        Self { kind, ..Self::from(Part::Stem) }
    }

    /// The first part in which something is trained. What is before it runs without autodiff.
    pub fn first(&self) -> Part {
        Part::ALL.into_iter().find(|part| self.trains(*part)).unwrap_or(Part::Head)
    }

    /// Whether something of `part` is trained.
    pub fn trains(&self, part: Part) -> bool {
        self.parts[part as usize]
    }

    /// Whether the parameter with this torchvision name is trained.
    pub fn contains(&self, name: &str) -> bool {
        let part = Part::of_parameter(name);
        let of_kind = match self.kind {
            ParameterKind::All => !is_running_statistic(name),
            ParameterKind::Norms => is_norm(name) && !is_running_statistic(name),
            ParameterKind::Biases => is_bias(name),
        };
        self.trains(part) && (of_kind || part == Part::Head)
    }
}

/// Which statistics a batch norm layer normalizes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NormMode {
    /// The batch's own mean and variance; the running statistics follow them. What PyTorch calls
    /// training mode.
    BatchStatistics,
    /// The running statistics, which stay as they are. PyTorch's evaluation mode. The scale and
    /// shift can be trained in either mode.
    #[default]
    Frozen,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(trainable: Trainable) -> Vec<&'static str> {
        let names = [
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "layer3.0.downsample.1.weight",
            "layer4.1.conv2.weight",
            "fc.weight",
            "fc.bias",
        ];
        names.into_iter().filter(|name| trainable.contains(name)).collect()
    }

    #[test]
    fn parts_and_kinds_choose_parameters_by_name() {
        let head = ["fc.weight", "fc.bias"];
        assert_eq!(trained(Trainable::from(Part::Head)), head);
        assert_eq!(
            trained(Trainable::from(Part::Layer4)),
            ["layer4.1.conv2.weight", "fc.weight", "fc.bias"]
        );
        assert_eq!(
            trained(Trainable::only(ParameterKind::Norms)),
            ["bn1.weight", "bn1.bias", "layer3.0.downsample.1.weight", "fc.weight", "fc.bias"]
        );
        assert_eq!(
            trained(Trainable::only(ParameterKind::Biases)),
            ["bn1.bias", "fc.weight", "fc.bias"]
        );
        let surgical = Trainable::parts(|part| part == Part::Layer3);
        assert_eq!(trained(surgical), ["layer3.0.downsample.1.weight", "fc.weight", "fc.bias"]);
        assert_eq!(surgical.first(), Part::Layer3);
        assert_eq!(Trainable::only(ParameterKind::Biases).first(), Part::Stem);
    }
}
