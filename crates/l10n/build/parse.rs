//! Reads one language's files into patterns, by Project Fluent's own parser.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast;
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;

use crate::problem::Problem;

/// A text as a translator wrote it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pattern(pub Vec<Element>);

/// A part of a [`Pattern`].
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    Literal(String),
    /// `{ $name }`
    Variable(String),
    /// `{ NUMBER($count) }`
    Number(String),
    /// `{ message }`, or `{ -term }` with its hyphen.
    Reference(String),
    /// `{ $count -> … }`. The default variant is the last.
    Select {
        variable: String,
        variants: Vec<(Key, Pattern)>,
    },
}

/// What a variant of a selection stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Exactly(u64),
    /// The plural category "one".
    One,
    Other,
    True,
    False,
}

/// A message or one of its attributes, in one language.
#[derive(Debug)]
pub struct Entry {
    /// `message`, `message.attribute` or `-term`.
    pub id: String,
    pub pattern: Pattern,
    /// The lines of the comment above it.
    pub comment: Vec<String>,
    pub file: PathBuf,
}

/// The texts of one language, in the order they are written.
#[derive(Debug, Default)]
pub struct Translation {
    pub entries: Vec<Entry>,
    /// What the files hold, by their paths.
    sources: BTreeMap<PathBuf, String>,
}

impl Translation {
    /// Reads every `*.ftl` of a folder.
    pub fn load(folder: &Path) -> Result<Self, Vec<Problem>> {
        let unreadable = |error| vec![Problem::in_file(folder, format!("{error}"))];
        let mut files = Vec::new();
        for file in fs::read_dir(folder).map_err(unreadable)? {
            files.push(file.map_err(unreadable)?.path());
        }
        files.retain(|file| file.extension().is_some_and(|extension| extension == "ftl"));
        files.sort();
        let mut translation = Self::default();
        let mut problems = Vec::new();
        for file in files {
            problems.extend(translation.read(&file));
        }
        if problems.is_empty() { Ok(translation) } else { Err(problems) }
    }

    /// The text with an id.
    pub fn find(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// A mistake in an entry.
    pub fn problem(&self, entry: &Entry, message: impl Into<String>) -> Problem {
        let source = self.sources.get(&entry.file).map_or("", String::as_str);
        let (id, attribute) = entry.id.split_once('.').unwrap_or((&entry.id, ""));
        let message = message.into();
        let message =
            if attribute.is_empty() { message } else { format!(".{attribute}: {message}") };
        Problem::in_message(&entry.file, source, id, message)
    }

    fn read(&mut self, file: &Path) -> Vec<Problem> {
        let source = match fs::read_to_string(file) {
            Ok(source) => source,
            Err(error) => return vec![Problem::in_file(file, error.to_string())],
        };
        let resource = match parser::parse(source.as_str()) {
            Ok(resource) => resource,
            Err((_, errors)) => {
                let problem = |error: &parser::ParserError| {
                    Problem::at_byte(
                        file,
                        &source,
                        error.pos.start,
                        error.kind.to_string().replace('\n', ""),
                    )
                };
                return errors.iter().map(problem).collect();
            }
        };
        let mut problems = Vec::new();
        for entry in &resource.body {
            let (id, value, attributes, comment) = match entry {
                ast::Entry::Message(message) => {
                    let ast::Message { id, value, attributes, comment } = message;
                    (id.name.to_string(), value.as_ref(), attributes, comment)
                }
                ast::Entry::Term(term) => {
                    let ast::Term { id, value, attributes, comment } = term;
                    (format!("-{}", id.name), Some(value), attributes, comment)
                }
                _ => continue,
            };
            let comment: Vec<String> = comment
                .iter()
                .flat_map(|comment| comment.content.iter().map(ToString::to_string))
                .collect();
            let attributes = attributes
                .iter()
                .map(|attribute| (format!("{id}.{}", attribute.id.name), &attribute.value));
            for (full_id, value) in
                value.map(|value| (id.clone(), value)).into_iter().chain(attributes)
            {
                let mut wrong = |message: &str| {
                    problems.push(Problem::in_message(file, &source, &id, message));
                };
                if self.find(&full_id).is_some() {
                    wrong("is there twice");
                }
                match pattern(value) {
                    Ok(pattern) => self.entries.push(Entry {
                        id: full_id,
                        pattern,
                        comment: comment.clone(),
                        file: file.into(),
                    }),
                    Err(message) => wrong(&message),
                }
            }
        }
        self.sources.insert(file.into(), source);
        problems
    }
}

fn pattern(value: &ast::Pattern<&str>) -> Result<Pattern, String> {
    let mut elements: Vec<Element> = Vec::new();
    for element in &value.elements {
        let element = match element {
            ast::PatternElement::TextElement { value } => Element::Literal(value.to_string()),
            ast::PatternElement::Placeable { expression } => placeable(expression)?,
        };
        match (elements.last_mut(), element) {
            (Some(Element::Literal(before)), Element::Literal(text)) => before.push_str(&text),
            (_, element) => elements.push(element),
        }
    }
    Ok(Pattern(elements))
}

fn placeable(expression: &ast::Expression<&str>) -> Result<Element, String> {
    let expression = match expression {
        ast::Expression::Inline(expression) => expression,
        ast::Expression::Select { selector, variants } => return select(selector, variants),
    };
    match expression {
        ast::InlineExpression::StringLiteral { value } => {
            Ok(Element::Literal(unescape_unicode_to_string(value).into_owned()))
        }
        ast::InlineExpression::NumberLiteral { value } => Ok(Element::Literal(value.to_string())),
        ast::InlineExpression::VariableReference { id } => Ok(Element::Variable(id.name.into())),
        ast::InlineExpression::MessageReference { id, attribute: None } => {
            Ok(Element::Reference(id.name.into()))
        }
        ast::InlineExpression::TermReference { id, attribute: None, arguments: None } => {
            Ok(Element::Reference(format!("-{}", id.name)))
        }
        ast::InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => {
            match &arguments.positional[..] {
                [ast::InlineExpression::VariableReference { id }] if arguments.named.is_empty() => {
                    Ok(Element::Number(id.name.into()))
                }
                _ => Err("NUMBER takes one variable here, and no options".into()),
            }
        }
        ast::InlineExpression::Placeable { expression } => placeable(expression),
        _ => Err(
            "only variables, selections, NUMBER, and references without arguments can be in braces"
                .into(),
        ),
    }
}

fn select(
    selector: &ast::InlineExpression<&str>,
    variants: &[ast::Variant<&str>],
) -> Result<Element, String> {
    let ast::InlineExpression::VariableReference { id } = selector else {
        return Err("a selection is by a variable".into());
    };
    let mut selected = Vec::new();
    let mut default = None;
    for variant in variants {
        let key = match &variant.key {
            ast::VariantKey::NumberLiteral { value } => {
                Key::Exactly(value.parse().map_err(|_| format!("[{value}] is not a whole number"))?)
            }
            ast::VariantKey::Identifier { name: "one" } => Key::One,
            ast::VariantKey::Identifier { name: "other" } => Key::Other,
            ast::VariantKey::Identifier { name: "true" } => Key::True,
            ast::VariantKey::Identifier { name: "false" } => Key::False,
            ast::VariantKey::Identifier { name } => {
                return Err(format!(
                    "[{name}] cannot be selected: write a message for each case, and choose in Rust"
                ));
            }
        };
        let variant_pattern = pattern(&variant.value)?;
        if variant.default {
            default = Some((key, variant_pattern));
        } else {
            selected.push((key, variant_pattern));
        }
    }
    selected.extend(default);
    let is_bool = |key: &Key| matches!(key, Key::True | Key::False);
    let bools = selected.iter().filter(|(key, _)| is_bool(key)).count();
    match (bools, selected.last()) {
        (0, Some((Key::Other, _))) => {}
        (2, _) if selected.len() == 2 && selected[0].0 != selected[1].0 => {}
        _ => {
            return Err(
                "a selection has numbers, [one] and *[other], or [true] and *[false]".into()
            );
        }
    }
    Ok(Element::Select { variable: id.name.into(), variants: selected })
}
