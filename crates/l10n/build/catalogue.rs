//! The texts of all languages together, and what has to agree among them.

use std::path::Path;

use crate::parse::{Element, Entry, Key, Pattern, Translation};
use crate::problem::Problem;

/// The folder of each language, in the order of [`Text::patterns`]. The first says what each text's
/// variables are.
pub const LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// Which of [`LANGUAGES`] tell one from several.
const HAS_PLURALS: [bool; 2] = [true, false];

/// References to references end somewhere.
const MAX_DEPTH: usize = 8;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, or a number that was written already.
    Text,
    /// A whole number, which chooses a plural form and is written as the language writes it.
    Number,
    Bool,
}

/// A text in all languages.
#[derive(Debug)]
pub struct Text {
    /// `message`, or `message.attribute`.
    pub id: String,
    pub comment: Vec<String>,
    /// In the order in which the first language uses them.
    pub variables: Vec<(String, Kind)>,
    /// One for each of [`LANGUAGES`], without references.
    pub patterns: [Pattern; 2],
}

/// All texts, in the order in which the first language has them.
#[derive(Debug)]
pub struct Catalogue {
    pub texts: Vec<Text>,
}

impl Catalogue {
    /// Reads and compares the languages' folders in `locales`.
    pub fn load(locales: &Path) -> Result<Self, Vec<Problem>> {
        let [first, second] = LANGUAGES.map(|language| Translation::load(&locales.join(language)));
        let translations = match (first, second) {
            (Ok(first), Ok(second)) => [first, second],
            (first, second) => {
                return Err([first.err(), second.err()].into_iter().flatten().flatten().collect());
            }
        };
        let mut problems = Vec::new();
        for (translation, language) in translations.iter().zip(LANGUAGES) {
            problems.extend(misplaced(translation));
            for other in translations.iter().flat_map(|other| &other.entries) {
                if translation.find(&other.id).is_none() && !other.id.starts_with('-') {
                    let file = other.file.file_name().unwrap_or_default();
                    let file = locales.join(language).join(file);
                    problems.push(Problem::in_file(&file, format!("{} is missing", other.id)));
                }
            }
        }
        let messages = translations[0].entries.iter().filter(|entry| !entry.id.starts_with('-'));
        let mut texts = Vec::new();
        for entry in messages {
            match text(entry, &translations) {
                Ok(text) => texts.extend(text),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Self { texts }) } else { Err(problems) }
    }
}

/// What the function of a text is called: `train-pause` is `train_pause`.
pub fn function_name(id: &str) -> String {
    id.replace(['-', '.'], "_")
}

/// Messages whose names do not begin with their file's, which is how they are found.
fn misplaced(translation: &Translation) -> Vec<Problem> {
    let is_misplaced = |entry: &&Entry| {
        let area = entry.file.file_stem().unwrap_or_default().to_string_lossy();
        let name = entry.id.strip_prefix(&*area).and_then(|rest| rest.strip_prefix('-'));
        !entry.id.starts_with('-') && name.is_none()
    };
    let problem = |entry| translation.problem(entry, "does not begin with its file's name");
    translation.entries.iter().filter(is_misplaced).map(problem).collect()
}

/// A text from its entries, or nothing where a language lacks it.
fn text(entry: &Entry, translations: &[Translation; 2]) -> Result<Option<Text>, Problem> {
    let mut patterns = [Pattern::default(), Pattern::default()];
    let mut used = [Vec::new(), Vec::new()];
    for (index, translation) in translations.iter().enumerate() {
        let Some(entry) = translation.find(&entry.id) else { return Ok(None) };
        let wrong = |message: String| translation.problem(entry, message);
        patterns[index] = resolve(&entry.pattern, translation, MAX_DEPTH).map_err(wrong)?;
        uses(&patterns[index], HAS_PLURALS[index], &mut used[index]).map_err(wrong)?;
    }
    let mut variables: Vec<(String, Kind)> = Vec::new();
    for Use { variable, kind, .. } in &used[0] {
        if !variables.iter().any(|(known, _)| known == variable) {
            variables.push((variable.clone(), *kind));
        }
    }
    let of_both = || used.iter().flatten();
    for (variable, kind) in &mut variables {
        let annotated = |kind: &str| {
            let annotation = format!("${variable} ({kind})");
            entry.comment.iter().any(|line| line.contains(&annotation))
        };
        let mut kinds = of_both().filter(|used| used.variable == *variable).map(|used| used.kind);
        *kind = match kinds.find(|kind| *kind != Kind::Text) {
            Some(known) => known,
            None if annotated("Number") => Kind::Number,
            None => Kind::Text,
        };
    }
    let shown = |index: usize, variable: &str| {
        used[index].iter().any(|used| used.variable == variable && used.is_shown)
    };
    for Use { variable, .. } in of_both() {
        // What only selects a form may be of no use to the other language.
        if shown(0, variable) != shown(1, variable) {
            let translation = &translations[1];
            let entry = translation.find(&entry.id).unwrap_or(entry);
            let message = format!("${variable} is shown in one language and not in the other");
            return Err(translation.problem(entry, message));
        }
    }
    let unknown =
        used[1].iter().find(|used| !variables.iter().any(|(known, _)| *known == used.variable));
    if let Some(Use { variable, .. }) = unknown {
        return Err(translations[0].problem(entry, format!("does not have ${variable}")));
    }
    if entry.id.starts_with("option-") && !variables.is_empty() {
        return Err(translations[0].problem(entry, "texts of options have no variables"));
    }
    Ok(Some(Text { id: entry.id.clone(), comment: entry.comment.clone(), variables, patterns }))
}

/// Puts what is referred to in the place of references.
fn resolve(pattern: &Pattern, translation: &Translation, depth: usize) -> Result<Pattern, String> {
    let mut elements = Vec::new();
    for element in &pattern.0 {
        match element {
            Element::Reference(id) => {
                let Some(entry) = translation.find(id) else {
                    return Err(format!("there is no {id} to refer to"));
                };
                if depth == 0 {
                    return Err(format!("the reference to {id} leads back to itself"));
                }
                elements.extend(resolve(&entry.pattern, translation, depth - 1)?.0);
            }
            Element::Select { variable, variants } => {
                let resolved = variants
                    .iter()
                    .map(|(key, pattern)| Ok((*key, resolve(pattern, translation, depth)?)))
                    .collect::<Result<_, String>>()?;
                elements.push(Element::Select { variable: variable.clone(), variants: resolved });
            }
            other => elements.push(other.clone()),
        }
    }
    let mut merged: Vec<Element> = Vec::new();
    for element in elements {
        match (merged.last_mut(), element) {
            (Some(Element::Literal(before)), Element::Literal(text)) => before.push_str(&text),
            (_, element) => merged.push(element),
        }
    }
    Ok(Pattern(merged))
}

/// How a variable is used at one place.
struct Use {
    variable: String,
    kind: Kind,
    /// Else it selects.
    is_shown: bool,
}

fn uses(pattern: &Pattern, has_plurals: bool, used: &mut Vec<Use>) -> Result<(), String> {
    let mut add = |variable: &String, kind, is_shown| {
        used.push(Use { variable: variable.clone(), kind, is_shown });
    };
    for element in &pattern.0 {
        match element {
            Element::Literal(_) | Element::Reference(_) => {}
            Element::Variable(variable) => add(variable, Kind::Text, true),
            Element::Number(variable) => add(variable, Kind::Number, true),
            Element::Select { variable, variants } => {
                let selects = |key| variants.iter().any(|(known, _)| *known == key);
                if selects(Key::One) && !has_plurals {
                    return Err("this language has no form [one]: *[other] is all it needs".into());
                }
                let kind = if selects(Key::True) { Kind::Bool } else { Kind::Number };
                add(variable, kind, false);
            }
        }
    }
    for element in &pattern.0 {
        if let Element::Select { variants, .. } = element {
            for (_, pattern) in variants {
                uses(pattern, has_plurals, used)?;
            }
        }
    }
    Ok(())
}
