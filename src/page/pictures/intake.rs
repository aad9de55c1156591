//! Takes files in: from drops, file choosers and the clipboard to commands.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::File;

use crate::pictures::entries::{Contents, Drop};
use crate::recovery::Keeper;
use crate::state::State;
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::protocol::{ClassId, Command, Subject};
use tunelab_presentation::pictures::drop_plan::{DropPlan, Place, plan};
use tunelab_presentation::pictures::words::counted;

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
    /// Which labels of CIFAR-100 are learned.
    pub cifar100: RwSignal<Cifar100Labels>,
    /// Empty classes that were asked for and are not there yet.
    awaited: StoredValue<usize>,
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
            cifar100: RwSignal::new(Cifar100Labels::default()),
            awaited: StoredValue::new(0),
        };
        // Ids count up, and a class that was asked for comes empty, unlike those of an import in between.
        Effect::new(move |known: Option<Option<ClassId>>| {
            let known = known.flatten();
            let mut new: Vec<(ClassId, bool)> = state.collection.with(|collection| {
                let new = collection.classes.iter().filter(|class| Some(class.id) > known);
                new.map(|class| (class.id, class.pictures + class.validation == 0)).collect()
            });
            new.sort_unstable();
            if new.iter().all(|&(_, is_empty)| is_empty) {
                new.iter().for_each(|&(class, _)| intake.welcome(class));
            }
            new.last().map(|&(class, _)| class).max(known)
        });
        Effect::new(move || {
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
                | Command::UndoRemoval
        ) {
            self.state.skipped.set(Vec::new());
            self.state.notices.set(Vec::new());
        }
        self.keeper.send(command, files.into_iter().map(JsValue::from).collect());
    }

    /// Adds an empty class and lets the user name it.
    pub fn add_class(&self) {
        self.awaited.update_value(|count| *count += 1);
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
            let contents = drop.read(self.looking).await;
            let unreadable = contents.unreadable;
            self.looking.set(None);
            self.take(contents, class);
            if unreadable > 0 {
                self.complaint.set(Some(format!(
                    "The browser could not read {} of what was dropped.",
                    counted(unreadable, "file or folder", "files or folders")
                )));
            }
        });
    }

    /// Takes files with their paths, for a class or to make classes of.
    pub fn take(&self, contents: Contents, class: Option<ClassId>) {
        let place = if class.is_some() { Place::Class } else { Place::Page };
        let Contents { files, empty_folders, .. } = contents;
        let (paths, files): (Vec<String>, Vec<File>) = files.into_iter().unzip();
        let pick = |indices: Vec<usize>| -> Vec<File> {
            indices.into_iter().filter_map(|index| files.get(index).cloned()).collect()
        };
        match (plan(&paths, place), class) {
            (DropPlan::AddToClass(indices), Some(class)) => {
                self.send(Command::AddPictures { class }, pick(indices));
            }
            (DropPlan::Folder, _) => self.add_folder(paths, empty_folders, files),
            (DropPlan::Network(file), _) => self.send(Command::UseModelFile, pick(vec![file])),
            (DropPlan::AddToClass(_), None) | (DropPlan::Nothing, _) => {
                self.complaint
                    .set(Some("There are no files in what was dropped or chosen.".into()));
            }
        }
    }

    /// Sends files for the worker to find out what they are.
    pub fn add_folder(&self, paths: Vec<String>, empty_folders: Vec<String>, files: Vec<File>) {
        let cifar100 = self.cifar100.get_untracked();
        self.send(Command::AddFolder { paths, empty_folders, cifar100 }, files);
    }

    fn welcome(&self, class: ClassId) {
        let awaited = self.awaited.get_value();
        if awaited > 0 {
            self.awaited.set_value(awaited - 1);
            self.unnamed.set(Some(class));
        }
    }
}
