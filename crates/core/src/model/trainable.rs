//! The trainable parameters of a network.

use serde::{Deserialize, Serialize};

use super::part::Part;

/// A kind of parameters of the backbone. All parameters of the head are always trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    All,
    /// The scale and shift of batch norm (Frankle et al., 2020).
    Norms,
    /// The shift of batch norm, the only bias in a ResNet's backbone (BitFit: Ben Zaken et al., 2021).
    Biases,
}

/// The trainable parameters: those of one kind in some parts of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trainable {
    parts: [bool; Part::ALL.len()],
    kind: ParameterKind,
}

impl Trainable {
    /// All parameters of `first` and the parts after it.
    pub fn from(first: Part) -> Self {
        Self { parts: Part::ALL.map(|part| part >= first), kind: ParameterKind::All }
    }

    /// The kind of the parameters.
    pub fn kind(self) -> ParameterKind {
        self.kind
    }

    /// All parameters of the parts for which `trains` is true, and of the head.
    pub fn parts(trains: impl Fn(Part) -> bool) -> Self {
        let parts = Part::ALL.map(|part| part == Part::Head || trains(part));
        Self { parts, kind: ParameterKind::All }
    }

    /// One kind of parameter in all parts, and the whole head.
    pub fn only(kind: ParameterKind) -> Self {
        Self { kind, ..Self::from(Part::Stem) }
    }

    /// The first part with trainable parameters. The parts before it need no gradients.
    pub fn first(&self) -> Part {
        Part::ALL.into_iter().find(|part| self.trains(*part)).unwrap_or(Part::Head)
    }

    /// Whether `part` has trainable parameters.
    pub fn trains(&self, part: Part) -> bool {
        self.parts[part as usize]
    }

    /// Whether a parameter is trainable, given its torchvision name.
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

/// The statistics that a batch norm normalizes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NormMode {
    /// Mean and variance of the batch, which also update the running statistics: PyTorch's training mode.
    BatchStatistics,
    /// The running statistics, unchanged: PyTorch's evaluation mode. The scale and shift can be trained in
    /// either mode.
    #[default]
    Frozen,
}

/// Whether a tensor is a running statistic of batch norm, given its torchvision name.
pub fn is_running_statistic(name: &str) -> bool {
    name.ends_with(".running_mean") || name.ends_with(".running_var")
}

/// Whether a parameter is a bias of batch norm or of the head, given its torchvision name.
pub fn is_bias(name: &str) -> bool {
    name.ends_with(".bias")
}

/// Whether a tensor belongs to a batch norm, given its torchvision name.
pub fn is_norm(name: &str) -> bool {
    let mut path = name.rsplit('.').skip(1);
    let (module, parent) = (path.next(), path.next());
    module.is_some_and(|module| module.starts_with("bn"))
        || (parent, module) == (Some("downsample"), Some("1"))
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
    fn kinds_of_parameters_are_recognized_by_name() {
        let norms = ["bn1.weight", "bn1.bias", "layer2.0.downsample.1.weight", "layer4.1.bn2.bias"];
        assert!(norms.iter().all(|name| is_norm(name)));
        let others = ["conv1.weight", "layer2.0.downsample.0.weight", "fc.weight", "fc.bias"];
        assert!(others.iter().all(|name| !is_norm(name)));
        assert!(is_bias("fc.bias") && is_bias("bn1.bias") && !is_bias("bn1.weight"));
        assert!(is_running_statistic("layer1.0.bn1.running_var"));
    }

    #[test]
    fn parts_and_kind_select_the_trainable_parameters() {
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
