//! The network that is loaded.

use leptos::prelude::*;

use super::facts::facts;
use super::schematic::Schematic;
use tunelab_core::protocol::ModelSummary;

/// What the network is, and what pretrained means.
#[component]
pub fn LoadedModel(model: ModelSummary) -> impl IntoView {
    let facts = facts(&model).into_iter().map(|(label, value)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let trained = model.trained_classes.map(|classes| {
        view! {
            <p class="notice good">
                {format!("This network was trained here before, on {}. ", classes.join(", "))}
                <a href="#try">"Try it at once"</a>
                ", or train it further on your pictures."
            </p>
        }
    });
    view! {
        <div class="card model-loaded">
            <h3 data-testid="model-title">{model.title}</h3>
            {trained}
            <div class="model-anatomy">
                <Schematic />
                <p>
                    "Pretrained means that it has already seen a great many pictures: it knows edges, textures and shapes, and only its last layer, the head, starts anew for your classes."
                </p>
            </div>
            <dl class="model-facts">{facts.collect_view()}</dl>
        </div>
    }
}
