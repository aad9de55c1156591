//! Writes the functions of `Texts`.

use std::fmt::Write;

use crate::catalogue::{Catalogue, Kind, Text, function_name};
use crate::parse::{Element, Key, Pattern};

/// The variants of `Language`, in the order of the catalogue's languages.
const LANGUAGES: [&str; 2] = ["English", "SimplifiedChinese"];

/// The Rust that `src/texts.rs` includes.
pub fn texts(catalogue: &Catalogue) -> String {
    let mut code = String::from("impl Texts {\n");
    for text in &catalogue.texts {
        code.push_str(&function(text));
    }
    code.push_str("}\n");
    code.push_str(&options(catalogue));
    code
}

fn function(text: &Text) -> String {
    let name = function_name(&text.id);
    let mut parameters = String::from("self");
    let mut conversions = String::new();
    for (variable, kind) in &text.variables {
        let variable = parameter(variable);
        let kind = match kind {
            Kind::Text => "&str",
            Kind::Bool => "bool",
            Kind::Number => {
                let _ = writeln!(conversions, "let {variable}: Count = {variable}.into();");
                "impl Into<Count>"
            }
        };
        let _ = write!(parameters, ", {variable}: {kind}");
    }
    let has_variables = !text.variables.is_empty();
    let result = if has_variables { "String" } else { "&'static str" };
    let mut arms = String::new();
    let mut documentation = String::new();
    for (language, pattern) in LANGUAGES.iter().zip(&text.patterns) {
        let value = Value::of(pattern, text);
        let value = if has_variables { value.into_string() } else { value.code };
        let _ = writeln!(arms, "Language::{language} => {value},");
        let shown = format!("{language}: `{}`\n\n", readable(pattern).replace('`', "'"));
        let _ = writeln!(documentation, "#[doc = {shown:?}]");
    }
    for line in &text.comment {
        let _ = writeln!(documentation, "#[doc = {line:?}]");
    }
    format!(
        "{documentation}#[must_use]\npub fn {name}({parameters}) -> {result} {{\n{conversions}match self.language {{\n{arms}}}\n}}\n"
    )
}

/// A variable may have the name of a keyword.
fn parameter(variable: &str) -> String {
    format!("r#{}", function_name(variable))
}

/// An expression: a `&'static str`, or a `String`.
struct Value {
    code: String,
    is_static: bool,
}

impl Value {
    fn of(pattern: &Pattern, text: &Text) -> Self {
        if let [] | [Element::Literal(_)] = &pattern.0[..] {
            let literal = match pattern.0.first() {
                Some(Element::Literal(literal)) => literal.as_str(),
                _ => "",
            };
            return Self { code: format!("{literal:?}"), is_static: true };
        }
        if let [Element::Select { variable, variants }] = &pattern.0[..] {
            return Self::select(variable, variants, text);
        }
        let mut parts = Vec::new();
        for element in &pattern.0 {
            parts.push(match element {
                Element::Literal(literal) => format!("{literal:?}"),
                Element::Variable(variable) | Element::Number(variable) => {
                    let is_number = text
                        .variables
                        .iter()
                        .any(|(known, kind)| known == variable && *kind == Kind::Number);
                    let variable = parameter(variable);
                    if is_number { format!("self.count({variable}).as_str()") } else { variable }
                }
                Element::Select { variable, variants } => {
                    let value = Self::select(variable, variants, text);
                    if value.is_static { value.code } else { format!("({}).as_str()", value.code) }
                }
                // The catalogue has none left.
                Element::Reference(_) => String::new(),
            });
        }
        Self { code: format!("[{}].concat()", parts.join(", ")), is_static: false }
    }

    fn select(variable: &str, variants: &[(Key, Pattern)], text: &Text) -> Self {
        let values: Vec<(Key, Self)> =
            variants.iter().map(|(key, pattern)| (*key, Self::of(pattern, text))).collect();
        let is_static = values.iter().all(|(_, value)| value.is_static);
        let variable = parameter(variable);
        let is_bool = values.iter().any(|(key, _)| *key == Key::True);
        let mut code = format!("match {variable}{} {{", if is_bool { "" } else { ".0" });
        for (key, value) in values {
            let key = match key {
                Key::Exactly(number) => number.to_string(),
                Key::One => "1".into(),
                Key::Other => "_".into(),
                Key::True => "true".into(),
                Key::False => "false".into(),
            };
            let value = if is_static { value.code } else { value.into_string() };
            let _ = write!(code, "{key} => {value}, ");
        }
        code.push('}');
        Self { code, is_static }
    }

    fn into_string(self) -> String {
        if self.is_static { format!("String::from({})", self.code) } else { self.code }
    }
}

/// A pattern for the documentation.
fn readable(pattern: &Pattern) -> String {
    let mut text = String::new();
    for element in &pattern.0 {
        match element {
            Element::Literal(literal) => text.push_str(literal),
            Element::Variable(variable)
            | Element::Number(variable)
            | Element::Reference(variable) => {
                let _ = write!(text, "{{{}}}", function_name(variable));
            }
            Element::Select { variants, .. } => {
                let variants: Vec<String> =
                    variants.iter().map(|(_, pattern)| readable(pattern)).collect();
                let _ = write!(text, "{{{}}}", variants.join(" | "));
            }
        }
    }
    text
}

/// The table in which `Texts::label_of_option` and the like look: a row for each option, and one for each
/// choice of an option.
fn options(catalogue: &Catalogue) -> String {
    let find = |id: &str| match catalogue.texts.iter().find(|text| text.id == id) {
        Some(text) => text.patterns.each_ref().map(readable),
        None => Default::default(),
    };
    let mut rows = String::new();
    for text in &catalogue.texts {
        let Some(id) = text.id.strip_prefix("option-") else { continue };
        let (key, choice) = id.split_once('.').unwrap_or((id, ""));
        if choice == "help" || choice.ends_with("-help") {
            continue;
        }
        let help_id = if choice.is_empty() { ".help" } else { "-help" };
        let [label, help] = [find(&text.id), find(&format!("{}{help_id}", text.id))];
        let _ = writeln!(
            rows,
            "OptionTexts {{ key: {key:?}, choice: {choice:?}, label: {label:?}, help: {help:?} }},"
        );
    }
    format!("static OPTIONS: &[OptionTexts] = &[\n{rows}];\n")
}
