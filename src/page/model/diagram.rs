//! A diagram of a ResNet.

use leptos::prelude::*;

use crate::language::text;
use tunelab_l10n::Texts;

/// A block of the diagram.
struct Block {
    /// The left edge.
    x: u32,
    width: u32,
    height: u32,
    name: fn(Texts) -> &'static str,
    class: &'static str,
}

/// The feature maps become smaller and gain channels on the way.
const BLOCKS: [Block; 6] = [
    Block { x: 76, width: 14, height: 84, name: Texts::model_diagram_stem, class: "model-block" },
    Block { x: 114, width: 18, height: 70, name: |_| "1", class: "model-block" },
    Block { x: 156, width: 24, height: 56, name: |_| "2", class: "model-block" },
    Block { x: 204, width: 32, height: 42, name: |_| "3", class: "model-block" },
    Block { x: 260, width: 44, height: 28, name: |_| "4", class: "model-block" },
    Block {
        x: 334,
        width: 14,
        height: 44,
        name: Texts::model_diagram_head,
        class: "model-block model-head",
    },
];
/// The line through the middle of all blocks.
const MIDDLE: u32 = 54;
const BASELINE: u32 = 118;
/// Where the arrows between image, blocks and classes begin and end.
const ARROWS: [(u32, u32); 7] =
    [(58, 73), (92, 111), (134, 153), (182, 201), (238, 257), (306, 331), (350, 367)];

/// The image, the stem, the four stages, the head and the classes.
#[component]
pub fn Diagram() -> impl IntoView {
    let arrows = ARROWS.map(|(from, to)| {
        let d = format!("M{from} {MIDDLE}H{to}m-4 -3l4 3l-4 3");
        view! { <path class="model-arrow" d=d /> }
    });
    let blocks = BLOCKS.map(|Block { x, width, height, name, class }| {
        view! {
            <rect class=class x=x y=MIDDLE - height / 2 width=width height=height rx="3" />
            <text class="model-name" x=x + width / 2 y=BASELINE>
                {text(name)}
            </text>
        }
    });
    view! {
        <svg
            class="model-diagram"
            viewBox="0 0 384 150"
            role="img"
            aria-label=text(Texts::model_diagram)
        >
            <rect class="model-image" x="4" y="28" width="52" height="52" rx="4" />
            <circle class="model-sun" cx="20" cy="43" r="5" />
            <path class="model-hills" d="M8 74l14-18 9 10 8-9 13 17z" />
            <text class="model-name" x="30" y=BASELINE>
                {text(Texts::model_diagram_image)}
            </text>
            {arrows.collect_view()}
            {blocks.collect_view()}
            <path class="model-bracket" d="M76 126v5H304v-5" />
            <text class="model-name" x="190" y="144">
                {text(Texts::model_diagram_pretrained)}
            </text>
            <circle class="model-class" cx="375" cy="38" r="4" />
            <circle class="model-class model-class-found" cx="375" cy="54" r="5" />
            <circle class="model-class" cx="375" cy="70" r="4" />
        </svg>
    }
}
