//! Options are found by their keys.

use tunelab_l10n::{Language, Texts};

use crate::{assert_none, load};

#[test]
fn every_option_has_a_label_and_help_and_its_choices_have_labels() {
    let mut missing = Vec::new();
    for texts in Language::ALL.map(Texts::new) {
        for (key, choice) in Texts::options() {
            let is_complete = match choice {
                None => texts.label_of_option(key) != key && texts.help_of_option(key).is_some(),
                Some(choice) => texts.label_of_choice(key, choice) != choice,
            };
            if !is_complete {
                missing.push(format!("{key} {}", choice.unwrap_or_default()));
            }
        }
    }
    assert_none(missing);
}

#[test]
fn help_belongs_to_a_choice() {
    let catalogue = load();
    let attributes = catalogue.texts.iter().filter_map(|text| text.id.split_once('.'));
    let is_lost = |(option, attribute): &(&str, &str)| {
        attribute.strip_suffix("-help").is_some_and(|choice| {
            !catalogue.texts.iter().any(|text| text.id == format!("{option}.{choice}"))
        })
    };
    assert_none(
        attributes.filter(is_lost).map(|(option, help)| format!("{option}.{help}")).collect(),
    );
}

#[test]
fn keys_are_looked_up_with_hyphens_or_underscores() {
    let [english, chinese] = Language::ALL.map(Texts::new);
    assert_eq!(english.label_of_option("label_smoothing"), "Label smoothing");
    assert_eq!(chinese.label_of_option("label-smoothing"), "标签平滑");
    assert_eq!(english.label_of_choice("schedule", "one_cycle"), "One-cycle");
    let help = english.help_of_choice("optimizer", "sgd");
    assert_eq!(help, Some("Stochastic gradient descent with momentum."));
    for unknown in ["", "help", "unknown"] {
        assert_eq!(english.label_of_option(unknown), unknown);
        assert_eq!(english.help_of_choice("optimizer", unknown), None);
    }
}
