//! Finds the backbone of a ResNet among the tensors of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::naming::{FIRST_AFTER_STEM, FIRST_OF_CHILDREN, block_name, to_torchvision_name};
use super::role::{is_self_distilled, role};
use super::state_dict::HostTensor;
use tunelab_core::model::sources::Naming;
use tunelab_core::model::unsupported::OtherNetwork;
use tunelab_core::model::weights_error::WeightsError;

/// The number of stages of a ResNet.
const STAGES: usize = 4;

/// The location of a ResNet's tensors in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub naming: Naming,
    /// The prefix of their names.
    pub prefix: String,
    /// The number of the first stage in their names.
    first_stage: usize,
}

/// A ResNet in the file.
#[derive(Debug, Clone)]
struct Candidate {
    naming: Naming,
    prefix: String,
    /// The numbers of its stages.
    stages: BTreeSet<usize>,
    /// The number of its tensors in residual blocks.
    blocks: usize,
    /// Whether it has the running statistics of batch norm, which averages of parameters lack.
    has_statistics: bool,
}

impl Candidate {
    fn is_complete(&self) -> bool {
        self.stages.len() >= STAGES && self.has_statistics
    }
}

/// The tensors of a file, divided into those of the backbone and all others.
#[derive(Debug)]
pub(super) struct Partition {
    /// The tensors in the modules of the backbone, under torchvision's names.
    pub backbone: BTreeMap<String, HostTensor>,
    /// All others, under their own names.
    pub others: BTreeMap<String, HostTensor>,
}

/// The location of the preferred ResNet; `None` if there is none.
///
/// # Errors
/// There are several, and none of them is preferred.
pub(super) fn find(
    tensors: &BTreeMap<String, HostTensor>,
) -> Result<Option<Location>, WeightsError> {
    let (mut preferred, _) = candidates(tensors.keys().map(String::as_str));
    // The most blocks first, then the shortest name.
    preferred.sort_by_key(|one| (std::cmp::Reverse(one.blocks), one.prefix.len()));
    let Some((first, rest)) = preferred.split_first() else {
        return Ok(None);
    };
    for other in rest {
        let is_comparable = first.is_complete() || 2 * other.blocks > first.blocks;
        if is_comparable && !is_same_network(tensors, first, other) {
            return Err(WeightsError::SeveralBackbones {
                first: first.prefix.clone(),
                second: other.prefix.clone(),
            });
        }
    }
    Ok(Some(Location {
        naming: first.naming,
        prefix: first.prefix.clone(),
        first_stage: first.stages.first().copied().unwrap_or(0),
    }))
}

/// Whether there is a ResNet with all its stages.
pub(super) fn has_complete_resnet<'a>(names: impl Iterator<Item = &'a str> + Clone) -> bool {
    candidates(names).0.iter().any(Candidate::is_complete)
}

/// The prefixes of the networks that are less preferred than another.
pub(super) fn rejected_prefixes<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let (preferred, rejected) = candidates(names);
    let contains_preferred =
        |prefix: &str| preferred.iter().any(|one| one.prefix.starts_with(prefix));
    let prefixes = rejected.into_iter().map(|one| one.prefix);
    prefixes.filter(|prefix| !contains_preferred(prefix)).collect()
}

/// The networks in a file: the preferred ones, and those that are incomplete or less preferred.
fn candidates<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
) -> (Vec<Candidate>, Vec<Candidate>) {
    let mut found: BTreeMap<(Naming, &str), Candidate> = BTreeMap::new();
    for name in names.clone() {
        let Some(block) = block_name(name) else {
            continue;
        };
        let candidate = found.entry((block.naming, block.prefix)).or_insert_with(|| Candidate {
            naming: block.naming,
            prefix: block.prefix.to_owned(),
            stages: BTreeSet::new(),
            blocks: 0,
            has_statistics: false,
        });
        candidate.stages.insert(block.stage);
        candidate.blocks += 1;
        candidate.has_statistics |= name.ends_with(".running_mean");
    }
    let self_distilled = is_self_distilled(names);
    let rank = |one: &Candidate| (!one.is_complete(), role(&one.prefix, self_distilled));
    let best = found.values().map(rank).min();
    found.into_values().partition(|one| Some(rank(one)) == best)
}

/// Whether two candidates are the same network under two names.
fn is_same_network(
    tensors: &BTreeMap<String, HostTensor>,
    one: &Candidate,
    other: &Candidate,
) -> bool {
    if (one.naming, one.blocks) != (other.naming, other.blocks) {
        return false;
    }
    let own = tensors.iter().filter_map(|(name, tensor)| {
        let block = block_name(name)?;
        let is_own = (block.naming, block.prefix) == (one.naming, one.prefix.as_str());
        is_own.then(|| (name.get(block.prefix.len()..).unwrap_or(""), tensor))
    });
    own.into_iter().all(|(name, tensor)| {
        tensors.get(&format!("{}{name}", other.prefix)).is_some_and(|same| same == tensor)
    })
}

impl Location {
    /// The unsupported network that the tensors' names show.
    pub(super) fn other_network(&self) -> Option<OtherNetwork> {
        if self.prefix.contains("regnet.") {
            return Some(OtherNetwork::named("RegNet"));
        }
        let is_known = matches!(self.first_stage, FIRST_OF_CHILDREN | FIRST_AFTER_STEM);
        (self.naming == Naming::Sequential && !is_known).then_some(OtherNetwork::ReorderedLayers)
    }

    /// Separates the tensors of this network from all others.
    ///
    /// # Errors
    /// Two different tensors stand for the same parameter.
    pub(super) fn partition(
        &self,
        tensors: BTreeMap<String, HostTensor>,
    ) -> Result<Partition, WeightsError> {
        let mut partition = Partition { backbone: BTreeMap::new(), others: BTreeMap::new() };
        for (name, tensor) in tensors {
            let inside = name.strip_prefix(&self.prefix);
            let ours =
                inside.and_then(|name| to_torchvision_name(self.naming, self.first_stage, name));
            let Some(ours) = ours else {
                partition.others.insert(name, tensor);
                continue;
            };
            if partition.backbone.get(&ours).is_some_and(|other| *other != tensor) {
                return Err(WeightsError::DuplicateName { name: ours });
            }
            partition.backbone.insert(ours, tensor);
        }
        let stem = self.unknown_stem(&partition);
        for name in stem {
            if let Some(tensor) = partition.others.remove(&name) {
                partition.backbone.insert(name, tensor);
            }
        }
        Ok(partition)
    }

    /// The tensors of unknown layers that change what the network computes, in the stem or around the stages.
    fn unknown_stem(&self, partition: &Partition) -> Vec<String> {
        /// Layers that torchvision's ResNets do not have, or have without parameters. `ca`, `sa`, `se`, `eca` and
        /// `cbam` are attention between the stages.
        const LAYERS: [&str; 11] = [
            "stem",
            "maxpool",
            "relu",
            "prelu",
            "act",
            "input_norm",
            "ca",
            "sa",
            "se",
            "eca",
            "cbam",
        ];
        /// Layers that belong to the stem if they have as many channels.
        const AS_WIDE_AS_THE_STEM: [&str; 3] = ["conv", "bn", "norm"];
        let width = |tensor: &HostTensor| tensor.shape.first().copied();
        let stem_width = partition.backbone.get("conv1.weight").and_then(width);
        let is_stem = |(name, tensor): (&String, &HostTensor)| {
            let module = name.strip_prefix(&self.prefix)?.split('.').next()?;
            let kind = module.trim_end_matches(|c: char| c.is_ascii_digit());
            let is_stem = LAYERS.contains(&kind)
                || (AS_WIDE_AS_THE_STEM.contains(&kind) && width(tensor) == stem_width);
            is_stem.then(|| name.clone())
        };
        match self.naming {
            Naming::Sequential => Vec::new(),
            _ => partition.others.iter().filter_map(is_stem).collect(),
        }
    }
}
