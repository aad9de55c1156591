//! The panels of this program, each shown in a place that the page has for it.

use leptos::prelude::*;

use super::answers::Answers;
use super::distill::Distill;
use super::options::Options;
use super::results::Results;
use super::search::SearchPanel;
use super::table::Table;

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// Every option of the engine that is not in plain sight.
    Options,
    /// Many settings tried, and what came of it.
    Search,
    /// What a table says of the pictures.
    Table,
    /// What the trained network gets right and wrong.
    Results,
    /// What the trained network says of a picture, where it does more than sort.
    Answers,
    /// A small copy of the trained network.
    Distill,
}

impl Panel {
    const ALL: [Panel; 6] = [
        Panel::Options,
        Panel::Search,
        Panel::Table,
        Panel::Results,
        Panel::Answers,
        Panel::Distill,
    ];

    /// The panel that the page calls so.
    pub fn named(name: &str) -> Option<Panel> {
        Self::ALL.into_iter().find(|panel| panel.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Panel::Options => "options",
            Panel::Search => "search",
            Panel::Table => "table",
            Panel::Results => "results",
            Panel::Answers => "answers",
            Panel::Distill => "distill",
        }
    }

    /// What it shows.
    pub fn view(self) -> AnyView {
        match self {
            Panel::Options => view! { <Options /> }.into_any(),
            Panel::Search => view! { <SearchPanel /> }.into_any(),
            Panel::Table => view! { <Table /> }.into_any(),
            Panel::Results => view! { <Results /> }.into_any(),
            Panel::Answers => view! { <Answers /> }.into_any(),
            Panel::Distill => view! { <Distill /> }.into_any(),
        }
    }
}
