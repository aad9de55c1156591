//! The panels of this program, each shown in a place that the page has for it.

use leptos::prelude::*;

use super::distill::Distill;
use super::options::Options;

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// Every option of the engine that is not in plain sight.
    Options,
    /// A small copy of the trained network.
    Distill,
}

impl Panel {
    const ALL: [Panel; 2] = [Panel::Options, Panel::Distill];

    /// The panel that the page calls so.
    pub fn named(name: &str) -> Option<Panel> {
        Self::ALL.into_iter().find(|panel| panel.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Panel::Options => "options",
            Panel::Distill => "distill",
        }
    }

    /// What it shows.
    pub fn view(self) -> AnyView {
        match self {
            Panel::Options => view! { <Options /> }.into_any(),
            Panel::Distill => view! { <Distill /> }.into_any(),
        }
    }
}
