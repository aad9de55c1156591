//! Takes files in: from drops, file choosers and the clipboard to commands.

use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::drop_plan::{DropPlan, Place, plan};
use super::entries::{Drop, Found};
use super::words::counted;
use crate::order::sort_by;
use crate::ui::parts::effect;
use crate::ui::recovery::Keeper;
use crate::ui::state::State;
use crate::worker::protocol::{ClassId, Command, Subject};

/// What the parts of step 1 share. Components get it by `expect_context::<Intake>()`.
#[derive(Clone, Copy)]
pub struct Intake {
    keeper: Keeper,
    state: State,
    /// Files found so far, while a dropped folder is looked through.
    pub looking: RwSignal<Option<usize>>,
    /// What could not be used, and not because of the engine.
    pub complaint: RwSignal<Option<String>>,
    /// Whether the import under way is counted in bytes of a download.
    pub downloading: RwSignal<bool>,
    /// A class that was just added by hand, to be named next.
    pub unnamed: RwSignal<Option<ClassId>>,
    /// What waits for the classes that were asked for, in that order.
    awaited: StoredValue<VecDeque<Awaited>, LocalStorage>,
}

/// What a new class is for.
enum Awaited {
    Name,
    Files(Vec<File>),
}

impl Intake {
    /// Made once, in step 1.
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let intake = Self {
            keeper: expect_context(),
            state,
            looking: RwSignal::new(None),
            complaint: RwSignal::new(None),
            downloading: RwSignal::new(false),
            unnamed: RwSignal::new(None),
            awaited: StoredValue::new_local(VecDeque::new()),
        };
        // Ids count up, and a class that was asked for comes empty, unlike those of an import in between.
        Effect::new(move |known: Option<Option<ClassId>>| {
            let known = known.flatten();
            let mut new: Vec<(ClassId, bool)> = state.collection.with(|collection| {
                let new = collection.classes.iter().filter(|class| Some(class.id) > known);
                new.map(|class| (class.id, class.pictures + class.validation == 0)).collect()
            });
            sort_by(&mut new, Ord::cmp);
            if new.iter().all(|&(_, is_empty)| is_empty) {
                new.iter().for_each(|&(class, _)| intake.welcome(class));
            }
            new.last().map(|&(class, _)| class).max(known)
        });
        effect(move || {
            if state.importing.with(Option::is_none) {
                intake.downloading.set(false);
            }
        });
        intake
    }

    /// Sends a command about pictures.
    pub fn send(&self, command: Command, files: Vec<File>) {
        self.state.forget_problem(Subject::Pictures);
        self.complaint.set(None);
        // What an earlier import left out; a change of a class or a picture leaves that to be read.
        if !matches!(
            command,
            Command::AddClass { .. }
                | Command::RenameClass { .. }
                | Command::RemoveClass { .. }
                | Command::RemovePicture { .. }
        ) {
            self.state.skipped.set(Vec::new());
            self.state.notices.set(Vec::new());
        }
        self.keeper.send(command, files.into_iter().map(JsValue::from).collect());
    }

    /// Adds an empty class and lets the user name it.
    pub fn add_class(&self) {
        self.awaited.update_value(|all| all.push_back(Awaited::Name));
        self.send(Command::AddClass { name: String::new() }, Vec::new());
    }

    /// Gets CIFAR-10 from the site itself.
    pub fn fetch_cifar(&self) {
        self.send(Command::FetchCifar, Vec::new());
        self.downloading.set(true);
    }

    /// Takes what was dropped or pasted, on a class or beside.
    pub fn take_drop(self, drop: Drop, class: Option<ClassId>) {
        self.complaint.set(None);
        self.looking.set(Some(0));
        spawn_local(async move {
            let (found, unreadable) = drop.read(self.looking).await;
            self.looking.set(None);
            self.take(found, class);
            if unreadable > 0 {
                self.complaint.set(Some(format!(
                    "The browser could not read {} of what was dropped.",
                    counted(unreadable, "file or folder", "files or folders")
                )));
            }
        });
    }

    /// Takes files with their paths, for a class or to make classes of.
    pub fn take(&self, found: Vec<Found>, class: Option<ClassId>) {
        let place = if class.is_some() { Place::Class } else { Place::Page };
        let (paths, files): (Vec<String>, Vec<File>) = found.into_iter().unzip();
        let pick = |indices: Vec<usize>| -> Vec<File> {
            indices.into_iter().filter_map(|index| files.get(index).cloned()).collect()
        };
        match (plan(&paths, place), class) {
            (DropPlan::AddToClass(indices), Some(class)) => {
                self.send(Command::AddPictures { class }, pick(indices));
            }
            (DropPlan::NewClass { name, files }, _) => {
                let files = pick(files);
                self.awaited.update_value(|all| all.push_back(Awaited::Files(files)));
                self.send(Command::AddClass { name }, Vec::new());
            }
            (DropPlan::Replace, _) => self.send(Command::AddFolder { paths }, files),
            (DropPlan::Network(file), _) => self.send(Command::UseModelFile, pick(vec![file])),
            (DropPlan::AddToClass(_), None) | (DropPlan::Nothing, _) => {
                self.complaint
                    .set(Some("There are no files in what was dropped or chosen.".into()));
            }
        }
    }

    fn welcome(&self, class: ClassId) {
        match self.awaited.try_update_value(VecDeque::pop_front).flatten() {
            Some(Awaited::Files(files)) => self.send(Command::AddPictures { class }, files),
            Some(Awaited::Name) => self.unnamed.set(Some(class)),
            None => {}
        }
    }
}
