//! What every number among the choices is called on the page, and what it does.

use crate::train::form::number::Number;

impl Number {
    /// Its label on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::PerClass => "Pictures a class at most",
            Self::ValidationShare => "Validation share",
            Self::Epochs => "Epochs",
            Self::BatchSize => "Batch size",
            Self::Accumulation => "Gradient accumulation",
            Self::LearningRate => "Learning rate",
            Self::Momentum => "Momentum",
            Self::WeightDecay => "Weight decay",
            Self::StepEpochs => "Epochs between steps",
            Self::StepFactor => "Factor of a step",
            Self::ExponentialFactor => "Factor of an epoch",
            Self::Rise => "Share of the rise",
            Self::PlateauFactor => "Factor of a fall",
            Self::PlateauPatience => "Epochs of patience before a fall",
            Self::Warmup => "Warmup epochs",
            Self::LayerDecay => "Rate of each part, of the next one's",
            Self::LabelSmoothing => "Label smoothing",
            Self::ClipNorm => "Largest gradient norm",
            Self::L1 => "L1 regularization",
            Self::Pull => "Pull to the pretrained weights",
            Self::Dropout => "Dropout before the last layer",
            Self::MixAlpha => "Strength of the mixing",
            Self::Decay => "What the average keeps",
            Self::AverageStart => "Start of the averaging",
            Self::Patience => "Patience in epochs",
            Self::Gamma => "Focus",
            Self::Delta => "Errors up to this are squared",
            Self::TaskWeights => "Weights of the columns",
            Self::Views => "Kept versions of a picture",
            Self::Seed => "Seed",
            Self::CropFraction => "Crop fraction",
            Self::Flip => "Mirrored share",
            Self::Padding => "Shift by up to",
            Self::ResizedLowest => "Smallest crop",
            Self::ResizedHighest => "Largest crop",
            Self::RatioLowest => "Narrowest crop",
            Self::RatioHighest => "Widest crop",
            Self::Brightness => "Brightness",
            Self::Contrast => "Contrast",
            Self::Saturation => "Saturation",
            Self::Hue => "Hue",
            Self::ErasingProbability => "Erased share",
            Self::ErasingLowest => "Smallest erased part",
            Self::ErasingHighest => "Largest erased part",
            Self::ErasingRatioLowest => "Narrowest erased part",
            Self::ErasingRatioHighest => "Widest erased part",
        }
    }

    /// What it does, in a line.
    pub fn hint(self) -> &'static str {
        match self {
            Self::PerClass => {
                "Drawn by the seed: so many to learn from, and at most as many to check with."
            }
            Self::ValidationShare => {
                "Part of each class that is not trained on but used to check, 0.2 for a fifth."
            }
            Self::Epochs => "How often the network goes through all pictures.",
            Self::BatchSize => "Pictures it learns from at once, in one step.",
            Self::Accumulation => "Pieces a batch is computed in; more need less memory.",
            Self::LearningRate => {
                "How far each step goes. Lower it if the loss jumps or becomes infinite."
            }
            Self::Momentum => "How much of the last steps each step keeps, 0 to below 1.",
            Self::WeightDecay => "Pulls the weights towards 0, against learning by heart.",
            Self::StepEpochs => "The learning rate steps down after so many epochs.",
            Self::StepFactor => "What the learning rate is multiplied by at each step.",
            Self::ExponentialFactor => "What the learning rate is multiplied by after each epoch.",
            Self::Rise => "Part of the run in which the learning rate rises, 0 to 1.",
            Self::PlateauFactor => {
                "What the learning rate is multiplied by when it no longer helps."
            }
            Self::PlateauPatience => "Epochs without a lower validation loss before it falls.",
            Self::LayerDecay => {
                "Parts nearer to the picture learn slower by this factor; 1 for the same rate everywhere."
            }
            Self::L1 => {
                "Draws all weights towards 0 by the same, small ones too; 0 for none, 0.00001 to try."
            }
            Self::Pull => {
                "Holds the pretrained weights near where they were (L2-SP); 0 for none, 0.01 to try."
            }
            Self::Dropout => {
                "Share of what the network sees that is left out of each step, 0 to below 1."
            }
            Self::MixAlpha => {
                "The alpha of the mixing: 0.2 leaves most pictures nearly pure, 1 mixes all amounts alike."
            }
            Self::Decay => "Share of the average that each step leaves, such as 0.99.",
            Self::AverageStart => "Part of the run after which epochs count, 0 to below 1.",
            Self::Patience => "Epochs without a better check after which the run ends.",
            Self::Gamma => {
                "How much less a picture counts that is recognized already; 2 is usual, 0 is none."
            }
            Self::Delta => {
                "In standard deviations of the numbers; beyond it errors count in proportion, so that outliers count less."
            }
            Self::TaskWeights => {
                "One number of 0 or more a column, in their order, such as 1, 0.5."
            }
            Self::Views => {
                "Each is looked at once by the part that stays as it is; the epochs take turns."
            }
            Self::Warmup => "Epochs in which the learning rate rises from 0; 0.5 for half of one.",
            Self::LabelSmoothing => {
                "Share of the answer spread over all classes, so that it does not get too sure."
            }
            Self::ClipNorm => "Gradients longer than this are shortened to it.",
            Self::Seed => "All chance follows from it: the same seed gives the same run.",
            Self::CropFraction => "Part of the shorter side that is kept, from the middle.",
            Self::Flip => "Share of the pictures mirrored left to right, 0 to 1.",
            Self::Padding => "In pixels of the network's input, in every direction.",
            Self::ResizedLowest => "Part of the picture's area, above 0.",
            Self::ResizedHighest => "Part of the picture's area, up to 1.",
            Self::RatioLowest | Self::ErasingRatioLowest => "Width divided by height, at least.",
            Self::RatioHighest | Self::ErasingRatioHighest => "Width divided by height, at most.",
            Self::Brightness => "0.3 for 70 to 130 % of it.",
            Self::Contrast => "0.3 for 70 to 130 % of it.",
            Self::Saturation => "0.3 for 70 to 130 % of it.",
            Self::Hue => "In turns of the colour circle, at most 0.5.",
            Self::ErasingProbability => "Share of the pictures with a part blanked out, 0 to 1.",
            Self::ErasingLowest => "Part of the picture's area, above 0.",
            Self::ErasingHighest => "Part of the picture's area, up to 1.",
        }
    }
}
