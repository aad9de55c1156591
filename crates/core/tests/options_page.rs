//! `docs/options.md` is written from the option table. After a change to the table or to its texts, run
//! `UPDATE_DOCS=1 cargo test --release -p tunelab-core --test options_page`.

use std::path::Path;
use std::{env, fs};

use tunelab_core::options::context::FEW;
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{
    Choices, Context, Group, Kind, OPTIONS, TaskCounts, TrainConfig, TrainOption,
};
use tunelab_l10n::Texts;

const TEXTS: Texts = Texts::ENGLISH;

const INTRODUCTION: &str = "\
# Options

Every option of a training run, written from the table in
[`crates/core/src/options/table.rs`](../crates/core/src/options/table.rs). An option has the same name as a flag of
`tunelab train` (`--label-smoothing`), as a field of `config.json` (`label_smoothing`) and, by its label, in the
advanced options of the app. `auto` stands for the default of any option.

The defaults in the tables are those of 5,000 images in 10 classes without a validation set, at 64 pixels, trained by
full fine-tuning. Where a default depends on something else, the table says on what. `tunelab train` writes the values
of a run to `config.json`. The strategy `few-shot` has no training, so options of training have no effect on it.
";

/// What most options apply to: images with a class, several labels and a number, and a teacher.
fn everything() -> Context {
    Context {
        images: 5000,
        classes: 10,
        tasks: TaskCounts { class: 1, labels: 1, number: 1 },
        has_teacher: true,
        ..Context::default()
    }
}

/// What most users have: images in classes.
fn image_classes() -> Context {
    Context { images: 5000, classes: 10, ..Context::default() }
}

/// The configuration with these choices, for `context`, or for images in classes if the strategy allows only those.
fn resolve(choices: &[(&str, &str)], context: &Context) -> TrainConfig {
    let full = Choices::default().with("strategy", Strategy::Full.key());
    let choices = choices.iter().fold(full, |choices, (key, text)| choices.with(key, text));
    let only_classes = Context { tasks: TaskCounts::default(), ..*context };
    let contexts = [*context, only_classes].into_iter();
    let resolved =
        contexts.map(|context| choices.resolve(&context)).find(|found| found.errors.is_empty());
    resolved.unwrap_or_else(|| panic!("{choices:?} is not possible")).config
}

/// The options that are a choice among a few, on which others may depend.
fn choices() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    OPTIONS.iter().filter_map(|option| match option.kind {
        Kind::Choice(values) => Some((option.key, values)),
        _ => None,
    })
}

fn flag(key: &str) -> String {
    format!("`--{}`", key.replace('_', "-"))
}

/// `a`, `b` or `c`.
fn either(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What the option needs to have an effect.
fn requirements(option: &TrainOption) -> String {
    let applies = |choice: &[(&str, &str)], context: &Context| {
        option.applies(&resolve(choice, context), context)
    };
    let erasing = ("erasing_probability", "0.5");
    let settings = || {
        let choices =
            choices().flat_map(|(key, values)| values.iter().map(move |value| (key, *value)));
        choices.chain([erasing])
    };
    // Whether the option can have an effect beside this choice: perhaps only if another choice differs from its
    // default too.
    let is_possible = |choice: (&'static str, &'static str)| {
        let others = settings().filter(|(key, _)| *key != choice.0);
        applies(&[choice], &everything())
            || others.into_iter().any(|other| applies(&[choice, other], &everything()))
    };
    let mut needs = Vec::new();
    for (key, values) in choices().filter(|(key, _)| *key != option.key) {
        // Few-shot has no training, as the introduction says.
        let values = values.iter().filter(|value| **value != Strategy::FewShot.key());
        let (with, without): (Vec<&str>, Vec<&str>) =
            values.partition(|value| is_possible((key, value)));
        match (&with[..], &without[..]) {
            ([], _) | (_, []) => {}
            (with, without) if with.len() <= without.len() => {
                needs.push(format!("{} {}", flag(key), either(with)));
            }
            (_, without) => needs.push(format!("not {} {}", flag(key), either(without))),
        }
    }
    if !applies(&[], &everything()) && applies(&[erasing], &everything()) {
        needs.push(format!("{} above 0", flag(erasing.0)));
    }
    let never = |context: Context| !settings().any(|choice| applies(&[choice], &context));
    let never_for = |class, labels, number| {
        let classes = if class == 0 { 0 } else { 10 };
        never(Context { tasks: TaskCounts { class, labels, number }, classes, ..everything() })
    };
    let contexts = [
        (never(Context { has_validation: true, ..everything() }), "no validation set"),
        (never(Context { has_teacher: false, ..everything() }), "`tunelab distill`"),
        (never_for(0, 1, 2), "classes"),
        (never_for(0, 0, 2) && !never_for(0, 1, 2), "classes or labels"),
        (never_for(1, 1, 0), "a column of numbers"),
        (never_for(1, 0, 0) && !never_for(2, 0, 0), "several columns"),
    ];
    let missing = contexts.into_iter().filter(|(never, _)| *never);
    needs.extend(missing.map(|(_, need)| need.to_owned()));
    needs.join("; ")
}

/// The default, and what it depends on.
fn default(option: &TrainOption) -> String {
    if option.key == "strategy" {
        let of = |images| Context { images, ..image_classes() }.strategy(images).key();
        let few = FEW * image_classes().classes - 1;
        return format!("`{}`; `{}` for fewer than {FEW} images a class", of(5000), of(few));
    }
    let usual = [image_classes(), everything()];
    let applies = |context: &&Context| option.applies(&resolve(&[], context), context);
    let context = usual.iter().find(applies).unwrap_or(&usual[1]);
    let text = |choices: &[(&str, &str)]| option.text(&resolve(choices, context));
    let usual = text(&[]);
    let choices = choices().flat_map(|(key, values)| values.iter().map(move |value| (key, *value)));
    let others = [("size", "224"), ("epochs", "100"), ("batch_size", "8")];
    let mut depends: Vec<String> = choices
        .chain(others)
        .filter(|(key, value)| *key != option.key && text(&[(key, value)]) != usual)
        .map(|(key, _)| flag(key))
        .collect();
    depends.dedup();
    if [50, 500, 50_000].iter().any(|images| {
        let context = Context { images: *images, ..*context };
        option.text(&resolve(&[], &context)) != usual
    }) {
        depends.push("the number of images".to_owned());
    }
    match depends.is_empty() {
        true => format!("`{usual}`"),
        false => format!("`{usual}`; depends on {}", depends.join(", ")),
    }
}

fn values(option: &TrainOption) -> String {
    let number =
        |kind: &str| option.range.map_or(kind.to_owned(), |range| format!("{kind}, {range}"));
    let values = match option.kind {
        Kind::Number => number("number"),
        Kind::WholeNumber => number("whole number"),
        Kind::Switch => "`true` or `false`".to_owned(),
        Kind::Choice(_) => "see below".to_owned(),
        Kind::Weights(words) => format!("{}, or numbers such as `1,0.5`", either(words)),
    };
    match option.none {
        Some(none) => format!("{values}; or `{none}`"),
        None => values,
    }
}

fn section(group: Group) -> String {
    let heading = group.label(TEXTS);
    let options = || OPTIONS.iter().filter(|option| option.group == group);
    let mut page = format!(
        "\n## {heading}\n\n| Option | Meaning | Values | Default | Only with |\n| --- | --- | --- | --- | --- |\n"
    );
    for option in options() {
        page += &format!(
            "| {}<br>{} | {} | {} | {} | {} |\n",
            TEXTS.label_of_option(option.key),
            flag(option.key),
            TEXTS.help_of_option(option.key).unwrap_or_default(),
            values(option),
            default(option),
            requirements(option),
        );
    }
    for option in options() {
        let Kind::Choice(keys) = option.kind else { continue };
        page += &format!("\n{}:\n\n", flag(option.key));
        for key in keys {
            let label = TEXTS.label_of_choice(option.key, key);
            let help = TEXTS.help_of_choice(option.key, key).unwrap_or_default();
            page += &format!("- `{key}`: {label}. {help}\n");
        }
    }
    page
}

#[test]
fn the_page_of_options_follows_from_the_table() {
    let sections: String = Group::ALL.into_iter().map(section).collect();
    let page = format!("{INTRODUCTION}{sections}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/options.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/options.md differs from the table: run UPDATE_DOCS=1 cargo test --release -p tunelab-core --test options_page"
    );
}
