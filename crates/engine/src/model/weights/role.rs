//! The role of a network in a checkpoint, by the names of its tensors.
//!
//! A checkpoint may contain the trained network, its moving average, and networks that only helped to train it.
//! The average comes first, because scripts that keep one evaluate and publish it. Auxiliary networks come last: a
//! teacher, a momentum encoder, the network of a perceptual loss. In self-distillation, such as DINO, the teacher is
//! the average of its student.

/// The role of a network, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A moving average, or the best state of the run.
    Averaged,
    /// No word names another role.
    Trained,
    /// Only used during training.
    Auxiliary,
}

/// Words that name an average.
const AVERAGED_WORDS: [&str; 6] = ["ema", "averaged", "average", "swa", "best", "shadow"];

/// Words that name an auxiliary network.
const AUXILIARY_WORDS: [&str; 20] = [
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

/// Modules of self-distillation, such as the last layer of DINO and the prototypes of SwAV.
const SELF_DISTILLED: [&str; 4] = ["last_layer", "prototypes", "dino_loss", "dino_head"];

/// Modules of self-supervised training.
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

/// The role of the network under `path`, such as `model_ema.module.`.
pub(super) fn role(path: &str, self_distilled: bool) -> Role {
    let path = path.to_ascii_lowercase();
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    let is_average =
        |word: &str| AVERAGED_WORDS.contains(&word) || (self_distilled && word == "teacher");
    if words.clone().any(is_average) {
        return Role::Averaged;
    }
    match words.any(|word| AUXILIARY_WORDS.contains(&word)) {
        true => Role::Auxiliary,
        false => Role::Trained,
    }
}

/// Whether tensors of these names are from self-distillation.
pub(super) fn is_self_distilled<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    has_module(names, &SELF_DISTILLED)
}

/// Whether tensors of these names are from self-supervised training, which has no classifier.
pub(super) fn is_self_supervised<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    has_module(names, &SELF_SUPERVISED)
}

fn has_module<'a>(names: impl IntoIterator<Item = &'a str>, modules: &[&str]) -> bool {
    names.into_iter().any(|name| name.split('.').any(|part| modules.contains(&part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_follow_from_the_words_of_a_path() {
        for path in ["model_ema.", "state_dict_ema.", "ema.module.", "swa_model.", "best_state."] {
            assert_eq!(role(path, false), Role::Averaged, "{path}");
        }
        for path in ["", "module.encoder_q.", "student.", "base_encoder.", "semantic.", "schema."] {
            assert_eq!(role(path, false), Role::Trained, "{path}");
        }
        for path in ["module.encoder_k.", "teacher.", "target_net.0.", "loss.net.", "optimizer."] {
            assert_eq!(role(path, false), Role::Auxiliary, "{path}");
        }
        assert_eq!(role("teacher.backbone.", true), Role::Averaged);
    }
}
