//! Which of several networks in one file is wanted.
//!
//! A checkpoint may hold the trained network, its moving average, and networks that only helped to
//! train it. The average is preferred: scripts that keep one publish and measure it. Helpers are
//! the last choice: a teacher, a momentum encoder, the network of a perceptual loss. A teacher is
//! the average of its student where a network teaches itself, as in DINO.

/// How much a network is wanted, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Preference {
    /// A moving average, or the best state of the run.
    Average,
    /// Nothing is known.
    Plain,
    /// Needed for the training only.
    Helper,
}

/// Words that name an average.
const AVERAGES: [&str; 6] = ["ema", "averaged", "average", "swa", "best", "shadow"];

/// Words that name a helper.
const HELPERS: [&str; 20] = [
    "momentum",
    "target",
    "k",
    "key",
    "teacher",
    "optimizer",
    "optim",
    "opt",
    "scheduler",
    "discriminator",
    "loss",
    "lpips",
    "perceptual",
    "criterion",
    "old",
    "previous",
    "initial",
    "grad",
    "gradients",
    "anchor",
];

/// Parts of names that self-distillation has: DINO's last layer, SwAV's prototypes.
const SELF_DISTILLED: [&str; 4] = ["last_layer", "prototypes", "dino_loss", "dino_head"];

/// Parts of names that training without labels has.
const SELF_SUPERVISED: [&str; 22] = [
    "last_layer",
    "prototypes",
    "dino_loss",
    "dino_head",
    "encoder_q",
    "encoder_k",
    "queue",
    "projection_head",
    "prediction_head",
    "projector",
    "predictor",
    "base_encoder",
    "momentum_encoder",
    "online_encoder",
    "target_encoder",
    "online_net",
    "online_network",
    "target_net",
    "target_network",
    "momentum_backbone",
    "backbone_momentum",
    "teacher_backbone",
];

/// The preference for what lies under `path`, such as `model_ema.module.`.
pub(super) fn preference(path: &str, self_distilled: bool) -> Preference {
    let path = path.to_ascii_lowercase();
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let is_average = |word: &str| AVERAGES.contains(&word) || (self_distilled && word == "teacher");
    if words.clone().any(is_average) {
        return Preference::Average;
    }
    match words.any(|word| HELPERS.contains(&word)) {
        true => Preference::Helper,
        false => Preference::Plain,
    }
}

/// Whether names show a network that taught itself.
pub(super) fn is_self_distilled<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    has_part(names, &SELF_DISTILLED)
}

/// Whether names show a training without labels, after which there is no classifier.
pub(super) fn is_self_supervised<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    has_part(names, &SELF_SUPERVISED)
}

fn has_part<'a>(names: impl IntoIterator<Item = &'a str>, parts: &[&str]) -> bool {
    names.into_iter().any(|name| name.split('.').any(|part| parts.contains(&part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_come_first_and_helpers_last() {
        for path in ["model_ema.", "state_dict_ema.", "ema.module.", "swa_model.", "best_state."] {
            assert_eq!(preference(path, false), Preference::Average, "{path}");
        }
        for path in ["", "module.encoder_q.", "student.", "base_encoder.", "semantic.", "schema."] {
            assert_eq!(preference(path, false), Preference::Plain, "{path}");
        }
        for path in ["module.encoder_k.", "teacher.", "target_net.0.", "loss.net.", "optimizer."] {
            assert_eq!(preference(path, false), Preference::Helper, "{path}");
        }
        assert_eq!(preference("teacher.backbone.", true), Preference::Average);
    }
}
