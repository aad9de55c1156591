//! Receives the commands of the page and calls their functions.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tunelab_core::protocol::{Command, Reply, WorkerError};
use tunelab_wire::unpack;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use super::datasets::{fetch_cifar, use_sample};
use super::device_selection;
use super::distillation::{DistillationRequest, distill};
use super::import::import_folder;
use super::messages::{post, post_failure, scope};
use super::pretrained::{ModelChoice, load_model};
use super::search::{find_learning_rate, search};
use super::state::State;
use super::training;

/// Starts the worker: receives commands, loads the included model, and looks for a GPU.
pub fn start() {
    let dispatcher = Rc::new(Dispatcher::default());
    let receiver = dispatcher.clone();
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match unpack::<Command>(&event.data()) {
                Ok((command, attachments)) => receiver.receive(command, attachments),
                Err(error) => post(&Reply::Crashed { error: error.into() }),
            }
        });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();

    let state = dispatcher.state.clone();
    spawn_local(async move {
        if let Err(error) = load_model(&state, ModelChoice::Initial).await {
            post_failure(Command::UseBundledModel.subject(), error);
        }
    });
    let state = dispatcher.state.clone();
    spawn_local(async move { device_selection::detect(&state).await });
    post(&Reply::Ready);
}

/// Commands and their attachments, in the order of their execution.
#[derive(Default)]
struct Dispatcher {
    state: Rc<State>,
    queue: RefCell<VecDeque<(Command, Vec<JsValue>)>>,
    is_working: Cell<bool>,
}

impl Dispatcher {
    /// Executes commands that control work in progress immediately, and queues the others.
    fn receive(self: &Rc<Self>, command: Command, attachments: Vec<JsValue>) {
        let run = &self.state.run;
        match command {
            Command::Pause => run.pause(),
            Command::Resume => run.resume(),
            Command::Stop if run.is_active() => run.stop(),
            Command::Stop => self.cancel_waiting_runs(),
            Command::CancelDownload => self.cancel_downloads(),
            _ => {
                self.queue.borrow_mut().push_back((command, attachments));
                self.work();
            }
        }
    }

    /// Cancels the download in progress, and those in the queue.
    fn cancel_downloads(&self) {
        self.state.pretrained.cancel_download();
        let is_download = |command: &Command| matches!(command, Command::DownloadModel { .. });
        self.queue.borrow_mut().retain(|(command, _)| !is_download(command));
        self.state.pretrained.post_status();
    }

    /// Drops runs in the queue.
    fn cancel_waiting_runs(&self) {
        self.queue.borrow_mut().retain(|(command, _)| {
            let about = command.subject();
            match command {
                Command::Train { .. } | Command::Continue { .. } => post(&Reply::NothingTrained),
                _ if about.sends_ended() => post(&Reply::Ended(about)),
                _ => return true,
            }
            false
        });
    }

    /// Executes the queued commands, one after another.
    fn work(self: &Rc<Self>) {
        if self.is_working.replace(true) {
            return;
        }
        let dispatcher = self.clone();
        spawn_local(async move {
            loop {
                let next = dispatcher.queue.borrow_mut().pop_front();
                let Some((command, attachments)) = next else { break };
                let work = execute(dispatcher.state.clone(), command.clone(), attachments);
                if runs_beside_others(&command) {
                    spawn_local(report(command, work));
                } else {
                    report(command, work).await;
                }
            }
            dispatcher.is_working.set(false);
        });
    }
}

/// Whether the next command need not wait for the end of this one. Such commands take long, and their order does not
/// matter.
fn runs_beside_others(command: &Command) -> bool {
    matches!(
        command,
        Command::Train { .. }
            | Command::Continue { .. }
            | Command::FindLearningRate { .. }
            | Command::Search { .. }
            | Command::Distill { .. }
            | Command::ChooseDevice { .. }
            | Command::ChooseThreads { .. }
            | Command::DownloadModel { .. }
    )
}

/// Tells the page how a command ended.
async fn report(command: Command, work: impl Future<Output = Result<(), WorkerError>>) {
    let about = command.subject();
    match work.await {
        Ok(()) if about.sends_ended() => post(&Reply::Ended(about)),
        Ok(()) => {}
        Err(error) => post_failure(about, error),
    }
}

async fn execute(
    state: Rc<State>,
    command: Command,
    attachments: Vec<JsValue>,
) -> Result<(), WorkerError> {
    let (images, attached) = (&state.images, attachments.first());
    match command {
        Command::UseSample => use_sample(images).await,
        Command::AddClass { name } => images.change(|collection| {
            collection.add_class(&name);
        }),
        Command::RenameClass { class, name } => {
            images.change(|collection| collection.rename_class(class, &name));
        }
        Command::RemoveClass { class } => images.remove_class(class),
        Command::AddImages { class } => images.add(class, &attachments).await,
        Command::AddFolder { paths, empty_folders, cifar100 } => {
            import_folder(images, paths, &empty_folders, cifar100, &attachments).await?;
        }
        Command::FetchCifar => fetch_cifar(images).await?,
        Command::RemoveImage { image } => images.remove_image(image),
        Command::RemoveAllImages => images.remove_all(),
        Command::UndoRemoval => images.undo_removal(),
        Command::LoadThumbnails { class, from, count } => {
            images.post_thumbnails(class, from, count);
        }

        Command::UseBundledModel => load_model(&state, ModelChoice::Bundled).await?,
        Command::UseModelFile => load_model(&state, ModelChoice::File(attached.cloned())).await?,
        Command::DownloadModel { source } => {
            load_model(&state, ModelChoice::Source(source)).await?;
        }
        Command::ChooseDevice { device } => device_selection::choose(&state, device).await?,
        Command::ChooseThreads { threads } => {
            device_selection::choose_threads(&state, threads).await;
        }

        Command::Train { config } => training::run(&state, *config, None).await?,
        Command::Continue { config } => training::run(&state, *config, attached).await?,
        Command::FindLearningRate { config } => find_learning_rate(&state, *config).await?,
        Command::Search { choices, context, search: saved } => {
            search(&state, &choices, &context, *saved).await?;
        }
        Command::Distill { student, validation_share, per_class, compare } => {
            let with_baseline = compare;
            let request =
                DistillationRequest { student, validation_share, per_class, with_baseline };
            distill(&state, &request, &attachments).await?;
        }
        Command::UseComparedModel { model } => state.trained.use_compared(model)?,

        Command::Predict { request, frame } => {
            state.trained.get()?.predict(request, frame, attached).await?;
        }
        Command::FindMistakes { count } => state.trained.get()?.post_mistakes(count),
        Command::Export { half_precision } => state.trained.get()?.export(half_precision)?,

        // Handled by `Dispatcher::receive`.
        Command::Pause | Command::Resume | Command::Stop | Command::CancelDownload => {}
    }
    Ok(())
}
