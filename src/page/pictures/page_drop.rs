//! The whole page takes drops, and step 1 what is pasted in it.

use leptos::ev::{ClipboardEvent, DragEvent, dragenter, dragleave, dragover, drop, paste};
use leptos::prelude::*;
use web_sys::Element;

use crate::parts::has_files;
use crate::pictures::class_card::CLASS_ATTRIBUTE;
use crate::pictures::entries::Drop;
use crate::pictures::intake::Intake;
use crate::steps::Step;
use tunelab_core::protocol::ClassId;

/// Takes files that no other place on the page took, as long as the page is there. Gives whether some hover
/// above it.
pub fn take_page_drops(intake: Intake) -> ReadSignal<bool> {
    let (over, set_over) = signal(false);
    let hover = move |event: DragEvent| {
        let taken = event.default_prevented();
        let files = event.data_transfer().is_some_and(|data| has_files(&data));
        set_over.set(files && !taken);
        if files {
            // Without this the browser would leave the page and open the file.
            event.prevent_default();
        }
    };
    // Of an element that has just come below the pointer the browser asks by `dragenter` alone.
    window_event_listener(dragenter, hover);
    window_event_listener(dragover, hover);
    window_event_listener(dragleave, move |event: DragEvent| {
        if event.related_target().is_none() {
            set_over.set(false);
        }
    });
    window_event_listener(drop, move |event: DragEvent| {
        set_over.set(false);
        if !event.default_prevented()
            && let Some(data) = event.data_transfer().filter(has_files)
        {
            event.prevent_default();
            intake.take_drop(Drop::of(&data), None);
        }
    });
    window_event_listener(paste, move |event: ClipboardEvent| {
        let Some(focused) = document().active_element() else { return };
        let Some(data) = event.clipboard_data().filter(has_files) else { return };
        if is_in_step(&focused) {
            event.prevent_default();
            intake.take_drop(Drop::of(&data), class_of(&focused));
        }
    });
    over
}

fn is_in_step(element: &Element) -> bool {
    element.closest(&format!("#{}", Step::Pictures.id())).ok().flatten().is_some()
}

fn class_of(element: &Element) -> Option<ClassId> {
    let card = element.closest(&format!("[{CLASS_ATTRIBUTE}]")).ok().flatten()?;
    card.get_attribute(CLASS_ATTRIBUTE)?.parse().ok().map(ClassId)
}
