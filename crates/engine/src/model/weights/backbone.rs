//! Finds the ResNet among all tensors of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::error::WeightsError;
use super::preference::{is_self_distilled, preference};
use super::state_dict::HostTensor;
use crate::model::weights::naming::{
    FIRST_AFTER_STEM, FIRST_OF_CHILDREN, block_name, in_torchvision,
};
use tunelab_core::model::sources::Naming;

/// Stages of a ResNet.
const STAGES: usize = 4;

/// Where a ResNet's tensors are in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub naming: Naming,
    /// What stands before their names.
    pub prefix: String,
    /// Number of the first stage.
    first_stage: usize,
}

/// A ResNet that may be meant.
#[derive(Debug, Clone)]
struct Candidate {
    naming: Naming,
    prefix: String,
    /// Numbers of the stages it has.
    stages: BTreeSet<usize>,
    /// Tensors of residual blocks.
    blocks: usize,
    /// Whether there are batch normalization's statistics; averages of parameters lack them.
    has_statistics: bool,
}

impl Candidate {
    fn is_complete(&self) -> bool {
        self.stages.len() >= STAGES && self.has_statistics
    }
}

/// A file's tensors, sorted by what they are for.
#[derive(Debug)]
pub(super) struct Sorted {
    /// Those within the network's own modules, under torchvision's names.
    pub network: BTreeMap<String, HostTensor>,
    /// All others, under their own names.
    pub others: BTreeMap<String, HostTensor>,
}

/// Where the wanted ResNet is; `None` if there is none.
///
/// # Errors
/// If there are several and none of them is preferred.
pub(super) fn find(tensors: &BTreeMap<String, HostTensor>) -> Result<Option<Place>, WeightsError> {
    let (mut wanted, _) = candidates(tensors.keys().map(String::as_str));
    // The most blocks first; of equal ones, the shortest name.
    wanted.sort_by_key(|one| (std::cmp::Reverse(one.blocks), one.prefix.len()));
    let Some((first, rest)) = wanted.split_first() else {
        return Ok(None);
    };
    for other in rest {
        let rivals = first.is_complete() || 2 * other.blocks > first.blocks;
        if rivals && !holds_the_same(tensors, first, other) {
            return Err(WeightsError::SeveralBackbones {
                prefixes: vec![first.prefix.clone(), other.prefix.clone()],
            });
        }
    }
    Ok(Some(Place {
        naming: first.naming,
        prefix: first.prefix.clone(),
        first_stage: first.stages.first().copied().unwrap_or(0),
    }))
}

/// Whether there is a ResNet with all its stages.
pub(super) fn is_there<'a>(names: impl Iterator<Item = &'a str> + Clone) -> bool {
    candidates(names).0.iter().any(Candidate::is_complete)
}

/// The prefixes of networks that are not wanted, if there is a better one.
pub(super) fn unwanted<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let (wanted, unwanted) = candidates(names);
    let holds_wanted = |prefix: &str| wanted.iter().any(|one| one.prefix.starts_with(prefix));
    let prefixes = unwanted.into_iter().map(|one| one.prefix);
    prefixes.filter(|prefix| !holds_wanted(prefix)).collect()
}

/// The networks in a file: those to choose from, and those that are incomplete or less preferred.
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
    let rank = |one: &Candidate| (!one.is_complete(), preference(&one.prefix, self_distilled));
    let best = found.values().map(rank).min();
    found.into_values().partition(|one| Some(rank(one)) == best)
}

/// Whether two candidates are one network under two names.
fn holds_the_same(
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

impl Place {
    /// What the network is if its names show that it is none of those here.
    pub(super) fn other_network(&self) -> Option<&'static str> {
        if self.prefix.contains("regnet.") {
            return Some("a RegNet");
        }
        let is_known = matches!(self.first_stage, FIRST_OF_CHILDREN | FIRST_AFTER_STEM);
        (self.naming == Naming::Sequential && !is_known)
            .then_some("a ResNet with its layers numbered in another order than torchvision's")
    }

    /// Sorts a file's tensors into those of this network, under torchvision's names, and all others.
    ///
    /// # Errors
    /// If two different tensors stand for one parameter.
    pub(super) fn sort(
        &self,
        tensors: BTreeMap<String, HostTensor>,
    ) -> Result<Sorted, WeightsError> {
        let mut sorted = Sorted { network: BTreeMap::new(), others: BTreeMap::new() };
        for (name, tensor) in tensors {
            let inside = name.strip_prefix(&self.prefix);
            let ours = inside.and_then(|name| in_torchvision(self.naming, self.first_stage, name));
            let Some(ours) = ours else {
                sorted.others.insert(name, tensor);
                continue;
            };
            if sorted.network.get(&ours).is_some_and(|other| *other != tensor) {
                return Err(WeightsError::DuplicateName { name: ours });
            }
            sorted.network.insert(ours, tensor);
        }
        let stem = self.unknown_stem(&sorted);
        for name in stem {
            if let Some(tensor) = sorted.others.remove(&name) {
                sorted.network.insert(name, tensor);
            }
        }
        Ok(sorted)
    }

    /// Layers beside the known ones that change what the network computes: in the stem, or around
    /// the stages.
    fn unknown_stem(&self, sorted: &Sorted) -> Vec<String> {
        /// Layers of other networks, or without parameters in torchvision's. `ca`, `sa`, `se`, `eca` and
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
        /// Layers that are in the stem if they have as many channels as it has.
        const AS_WIDE_AS_THE_STEM: [&str; 3] = ["conv", "bn", "norm"];
        let width = |tensor: &HostTensor| tensor.shape.first().copied();
        let stem_width = sorted.network.get("conv1.weight").and_then(width);
        let is_stem = |(name, tensor): (&String, &HostTensor)| {
            let module = name.strip_prefix(&self.prefix)?.split('.').next()?;
            let kind = module.trim_end_matches(|c: char| c.is_ascii_digit());
            let is_stem = LAYERS.contains(&kind)
                || (AS_WIDE_AS_THE_STEM.contains(&kind) && width(tensor) == stem_width);
            is_stem.then(|| name.clone())
        };
        match self.naming {
            Naming::Sequential => Vec::new(),
            _ => sorted.others.iter().filter_map(is_stem).collect(),
        }
    }
}
