//! The content of step 1.

use leptos::prelude::*;

use super::at_once::AtOnce;
use super::classes::Classes;
use super::intake::Intake;
use super::news::{ImportProgress, LeftOut};
use super::page_drop::take_page_drops;
use super::start::Start;
use crate::ui::parts::ProblemNotice;
use tunelab_core::protocol::Subject;

/// Ways to pictures, and the pictures by class.
#[component]
pub fn PicturesStep() -> impl IntoView {
    let intake = Intake::new();
    provide_context(intake);
    let over = take_page_drops(intake);
    view! {
        <p class="pictures-lead">
            "Sort pictures into classes: the things that the network is to tell apart."
        </p>
        <Start over />
        <ImportProgress />
        <ProblemNotice about=Subject::Pictures />
        <LeftOut />
        <Classes />
        <AtOnce />
    }
}
