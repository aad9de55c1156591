//! The form as its fields see it: what is chosen, what for, and what follows.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::state::State;
use tunelab_presentation::train::estimate::{advice, measured_speed};
use tunelab_presentation::train::form::{Draft, Form, Task};

/// A form and what follows from it. Fields get it by `expect_context::<Sheet>()`.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub form: RwSignal<Form>,
    pub task: Memo<Task>,
    pub draft: Memo<Draft>,
}

impl Sheet {
    /// The page's form, for its pictures and its device.
    pub fn of_page(state: &State) -> Self {
        let State { form, collection, device, .. } = *state;
        let task = Memo::new(move |_| {
            let task = collection.with(|collection| Task::from(collection));
            let speed = device.with(|device| device.as_ref().and_then(measured_speed));
            let advised = form.with(|form| advice(form, &task, speed));
            Task { advised, ..task }
        });
        let draft = Memo::new(move |_| form.with(|form| form.draft(&task.get())));
        let wrong = StoredValue::new(BTreeSet::new());
        Effect::new(move || {
            let mut tidied = form.get();
            if wrong.with_value(|wrong| tidied.forget_hidden(wrong, &task.get())) {
                form.set(tidied);
            }
            wrong.set_value(draft.with(|draft| draft.errors.keys().copied().collect()));
        });
        Self { form, task, draft }
    }

    /// What is chosen now, as a field shows it.
    pub fn choice<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&Form, &Draft) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        let value =
            Memo::new(move |_| self.form.with(|form| self.draft.with(|draft| read(form, draft))));
        value.into()
    }

    /// Changes the form by what a field was set to.
    pub fn change<T: 'static>(
        self,
        write: impl Fn(&mut Form, T) + Send + Sync + 'static,
    ) -> Callback<T> {
        Callback::new(move |value| self.form.update(|form| write(form, value)))
    }
}
