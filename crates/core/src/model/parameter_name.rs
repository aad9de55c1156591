//! What a parameter's torchvision name says about it.

/// Whether a tensor of this name is a statistic that follows the batches, not something trained.
pub fn is_running_statistic(name: &str) -> bool {
    name.ends_with(".running_mean") || name.ends_with(".running_var")
}

/// Whether this is a bias: batch norm's shift, or the head's.
pub fn is_bias(name: &str) -> bool {
    name.ends_with(".bias")
}

/// Whether this belongs to a batch norm.
pub fn is_norm(name: &str) -> bool {
    let mut path = name.rsplit('.').skip(1);
    let (module, owner) = (path.next(), path.next());
    module.is_some_and(|module| module.starts_with("bn"))
        || (owner, module) == (Some("downsample"), Some("1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn biases_and_norms_are_told_from_weights() {
        let norms = ["bn1.weight", "bn1.bias", "layer2.0.downsample.1.weight", "layer4.1.bn2.bias"];
        assert!(norms.iter().all(|name| is_norm(name)));
        let others = ["conv1.weight", "layer2.0.downsample.0.weight", "fc.weight", "fc.bias"];
        assert!(others.iter().all(|name| !is_norm(name)));
        assert!(is_bias("fc.bias") && is_bias("bn1.bias") && !is_bias("bn1.weight"));
        assert!(is_running_statistic("layer1.0.bn1.running_var"));
    }
}
