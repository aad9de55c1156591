//! The form as its fields see it: what is chosen, what for, and what follows.

use leptos::prelude::*;

use super::form::{Draft, Form, Task};

/// A form and what follows from it. Fields get it by `expect_context::<Sheet>()`.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub form: RwSignal<Form>,
    pub task: Signal<Task>,
    pub draft: Memo<Draft>,
}

impl Sheet {
    /// The sheet of a form for a task.
    pub fn new(form: RwSignal<Form>, task: Signal<Task>) -> Self {
        let draft = Memo::new(move |_| form.with(|form| form.draft(&task.get())));
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
