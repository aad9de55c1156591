//! Imports files from file choosers, drops and the clipboard: turns them into commands.

use leptos::ev::{ClipboardEvent, DragEvent, dragenter, dragleave, dragover, drop, paste};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::{Element, File};

use crate::images::dropped_items::{DroppedItems, FileSelection};
use crate::parts::has_files;
use crate::recovery::Recovery;
use crate::state::State;
use crate::steps::Step;
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::protocol::{ClassId, ClassSummary, Command, Subject};
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::images::import_plan::{DropTarget, ImportPlan};

/// Marks the card of a class with its id ([`super::class_card`]), so that images can be pasted into it.
const CLASS_ATTRIBUTE: &str = "data-class";

/// A problem with dropped or chosen files that the browser reports, not the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileProblem {
    NoFiles,
    /// Files and folders that the browser could not read.
    Unreadable {
        count: usize,
    },
}

impl Localize for FileProblem {
    fn localize(&self, texts: Texts) -> String {
        match *self {
            Self::NoFiles => texts.images_no_files().to_owned(),
            Self::Unreadable { count } => texts.images_unreadable(count),
        }
    }
}

/// Imports images. Components of step 1 get it by `expect_context::<Importer>()`.
#[derive(Clone, Copy)]
pub struct Importer {
    recovery: Recovery,
    state: State,
    /// Files found so far, while a dropped folder is searched.
    pub searching: RwSignal<Option<usize>>,
    pub problem: RwSignal<Option<FileProblem>>,
    /// Whether the progress of the import is in bytes of a download.
    pub is_download: RwSignal<bool>,
    /// A class that was just added by hand, to be named next.
    pub unnamed: RwSignal<Option<ClassId>>,
    /// Which labels of CIFAR-100 are imported.
    pub cifar100: RwSignal<Cifar100Labels>,
    /// Empty classes that were requested and have not been added yet.
    pending_classes: StoredValue<usize>,
}

impl Importer {
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let importer = Self {
            recovery: expect_context(),
            state,
            searching: RwSignal::new(None),
            problem: RwSignal::new(None),
            is_download: RwSignal::new(false),
            unnamed: RwSignal::new(None),
            cifar100: RwSignal::new(Cifar100Labels::default()),
            pending_classes: StoredValue::new(0),
        };
        // A requested class is empty, unlike those of an import that ended in between. Ids count up.
        Effect::new(move |known: Option<Option<ClassId>>| {
            let known = known.flatten();
            let mut new: Vec<(ClassId, bool)> = state.collection.with(|collection| {
                let new = collection.classes.iter().filter(|class| Some(class.id) > known);
                new.map(|class| (class.id, class.images + class.validation == 0)).collect()
            });
            new.sort_unstable();
            if new.iter().all(|&(_, is_empty)| is_empty) {
                new.iter().for_each(|&(class, _)| importer.name_if_requested(class));
            }
            new.last().map(|&(class, _)| class).max(known)
        });
        Effect::new(move || {
            if state.importing.with(Option::is_none) {
                importer.is_download.set(false);
            }
        });
        importer
    }

    /// Sends a command about images.
    pub fn send(&self, command: Command, files: Vec<File>) {
        self.state.forget_problem(Subject::Images);
        self.problem.set(None);
        // The report about the last import stays while single classes and images change.
        if !matches!(
            command,
            Command::AddClass { .. }
                | Command::RenameClass { .. }
                | Command::RemoveClass { .. }
                | Command::RemoveImage { .. }
                | Command::UndoRemoval
        ) {
            self.state.skipped.set(Vec::new());
            self.state.warnings.set(Vec::new());
        }
        self.recovery.send(command, files.into_iter().map(JsValue::from).collect());
    }

    /// Adds an empty class and lets the user name it.
    pub fn add_class(&self, texts: Texts) {
        let pending = self.pending_classes.get_value();
        self.pending_classes.set_value(pending + 1);
        let is_free = |name: &String| {
            let is_other = |class: &ClassSummary| class.name != *name;
            self.state.collection.with_untracked(|all| all.classes.iter().all(is_other))
        };
        let names = (1_usize..).map(|number| texts.images_new_class(number));
        let name = names.filter(is_free).nth(pending).unwrap_or_default();
        self.send(Command::AddClass { name }, Vec::new());
    }

    /// Downloads CIFAR-10 from the app's own site.
    pub fn fetch_cifar(&self) {
        self.send(Command::FetchCifar, Vec::new());
        self.is_download.set(true);
    }

    /// Imports dropped or pasted items, into a class if they were dropped on one.
    pub fn import_items(self, items: DroppedItems, class: Option<ClassId>) {
        self.problem.set(None);
        self.searching.set(Some(0));
        spawn_local(async move {
            let selection = items.list_files(self.searching).await;
            let unreadable = selection.unreadable;
            self.searching.set(None);
            self.import(selection, class);
            if unreadable > 0 {
                self.problem.set(Some(FileProblem::Unreadable { count: unreadable }));
            }
        });
    }

    /// Imports files, into a class if one is given.
    pub fn import(&self, selection: FileSelection, class: Option<ClassId>) {
        let target = if class.is_some() { DropTarget::Class } else { DropTarget::Page };
        let FileSelection { files, empty_folders, .. } = selection;
        let (paths, files): (Vec<String>, Vec<File>) = files.into_iter().unzip();
        let pick = |indices: Vec<usize>| -> Vec<File> {
            indices.into_iter().filter_map(|index| files.get(index).cloned()).collect()
        };
        match (ImportPlan::new(&paths, target), class) {
            (ImportPlan::AddToClass(indices), Some(class)) => {
                self.send(Command::AddImages { class }, pick(indices));
            }
            (ImportPlan::Detect, _) => self.add_folder(paths, empty_folders, files),
            (ImportPlan::Model(file), _) => self.send(Command::UseModelFile, pick(vec![file])),
            (ImportPlan::AddToClass(_), None) | (ImportPlan::NoFiles, _) => {
                self.problem.set(Some(FileProblem::NoFiles));
            }
        }
    }

    /// Sends files whose kind the worker detects.
    pub fn add_folder(&self, paths: Vec<String>, empty_folders: Vec<String>, files: Vec<File>) {
        let cifar100 = self.cifar100.get_untracked();
        self.send(Command::AddFolder { paths, empty_folders, cifar100 }, files);
    }

    fn name_if_requested(&self, class: ClassId) {
        let pending = self.pending_classes.get_value();
        if pending > 0 {
            self.pending_classes.set_value(pending - 1);
            self.unnamed.set(Some(class));
        }
    }

    /// Imports files that are dropped anywhere on the page, and those that are pasted in step 1. Returns whether
    /// files are being dragged over the page.
    pub fn accept_page_drops(self) -> ReadSignal<bool> {
        let (is_over, set_over) = signal(false);
        let on_hover = move |event: DragEvent| {
            let is_accepted = event.default_prevented();
            let files = event.data_transfer().is_some_and(|data| has_files(&data));
            set_over.set(files && !is_accepted);
            if files {
                // Otherwise the browser would leave the page and open the file.
                event.prevent_default();
            }
        };
        // For an element that has just moved under the pointer, the browser fires only `dragenter`.
        window_event_listener(dragenter, on_hover);
        window_event_listener(dragover, on_hover);
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
                self.import_items(DroppedItems::new(&data), None);
            }
        });
        window_event_listener(paste, move |event: ClipboardEvent| {
            let Some(focused) = document().active_element() else { return };
            let Some(data) = event.clipboard_data().filter(has_files) else { return };
            if is_in_step(&focused) {
                event.prevent_default();
                self.import_items(DroppedItems::new(&data), class_of(&focused));
            }
        });
        is_over
    }
}

fn is_in_step(element: &Element) -> bool {
    element.closest(&format!("#{}", Step::Images.id())).ok().flatten().is_some()
}

/// The class on whose card an element is.
fn class_of(element: &Element) -> Option<ClassId> {
    let card = element.closest(&format!("[{CLASS_ATTRIBUTE}]")).ok().flatten()?;
    card.get_attribute(CLASS_ATTRIBUTE)?.parse().ok().map(ClassId)
}
