//! The worker's state, and what each command does with it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, File, MessageEvent};

use super::cifar;
use super::console::show_warnings;
use super::devices::{self, Devices};
use super::distill::{self, Contest};
use super::folder;
use super::models::{self, LoadedModel, Wanted};
use super::pictures;
use super::port::{post, post_failure, scope};
use super::runs::{self, RunHandle};
use super::search;
use super::trials::{self, Classifier};
use tunelab_core::protocol::{Command, Reply, Subject};
use tunelab_core::train::distillation::Contestant;
use tunelab_engine::data::collection::{Collection, History};
use tunelab_wire::unpack;

/// A handle on the worker's state.
#[derive(Clone, Default)]
pub struct Host(Rc<State>);

/// Everything the worker knows.
#[derive(Default)]
pub struct State {
    pub pictures: RefCell<Collection<File>>,
    /// What was removed of them.
    pub removed: RefCell<History<File>>,
    pub model: RefCell<Option<Rc<LoadedModel>>>,
    /// Networks on their way.
    pub models_loading: Cell<u32>,
    pub download: RefCell<Option<AbortController>>,
    pub devices: RefCell<Devices>,
    pub run: RefCell<Option<RunHandle>>,
    pub classifier: RefCell<Option<Rc<Classifier>>>,
    /// The networks that were compared last, of which one may be tried.
    pub contestants: RefCell<Vec<(Contestant, Rc<Classifier>)>>,
    queue: RefCell<VecDeque<(Command, Vec<JsValue>)>>,
    working: Cell<bool>,
}

impl Deref for Host {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

/// Starts the worker: takes commands, loads the network that comes with the app, looks for a GPU.
pub fn run() {
    std::panic::set_hook(Box::new(|panic| {
        // The loader tells the page, see www/worker-loader.js.
        let _ = Reflect::set(&scope(), &"tunelabPanic".into(), &panic.to_string().into());
    }));
    show_warnings();
    let host = Host::default();
    let receiver = host.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        receiver.receive(&event.data());
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Listens for as long as the worker lives.
    on_message.forget();

    let loader = host.clone();
    spawn_local(async move {
        if let Err(message) = models::choose(&loader, Wanted::First).await {
            post_failure(Subject::Model, message);
        }
    });
    let scout = host.clone();
    spawn_local(async move { devices::look_around(&scout).await });
    post(&Reply::Ready);
}

impl Host {
    fn receive(&self, message: &JsValue) {
        match unpack::<Command>(message) {
            Ok((command, attachments)) => self.take(command, attachments),
            Err(error) => post(&Reply::Crashed { message: error.to_string() }),
        }
    }

    /// Obeys at once what steers work under way; lets everything else wait for its turn.
    fn take(&self, command: Command, attachments: Vec<JsValue>) {
        match command {
            Command::Pause => self.steer(RunHandle::pause),
            Command::Resume => self.steer(RunHandle::resume),
            Command::Stop if self.run.borrow().is_none() => self.call_off(),
            Command::Stop => self.steer(RunHandle::stop),
            Command::CancelDownload => self.cancel_download(),
            _ => {
                self.queue.borrow_mut().push_back((command, attachments));
                self.work_off();
            }
        }
    }

    fn steer(&self, how: impl FnOnce(&RunHandle)) {
        if let Some(run) = &*self.run.borrow() {
            how(run);
        }
    }

    /// Ends the download under way, and those whose turn has not come.
    fn cancel_download(&self) {
        if let Some(download) = &*self.download.borrow() {
            download.abort();
        }
        let is_download =
            |(command, _): &(Command, _)| matches!(command, Command::DownloadModel { .. });
        self.queue.borrow_mut().retain(|waiting| !is_download(waiting));
        self.show_model();
    }

    /// Forgets runs whose turn has not come.
    fn call_off(&self) {
        let mut queue = self.queue.borrow_mut();
        let before = queue.len();
        queue.retain(|(command, _)| {
            !matches!(command, Command::Train { .. } | Command::Continue { .. })
        });
        if queue.len() < before {
            post(&Reply::NothingTrained);
        }
        queue.retain(|(command, _)| {
            let about = subject(command);
            if about.ends() {
                post(&Reply::Ended(about));
            }
            !about.ends()
        });
    }

    /// Carries out what is waiting, one after another.
    fn work_off(&self) {
        if self.working.replace(true) {
            return;
        }
        let host = self.clone();
        spawn_local(async move {
            loop {
                let next = host.queue.borrow_mut().pop_front();
                let Some((command, attachments)) = next else { break };
                host.carry_out(command, attachments).await;
            }
            host.working.set(false);
        });
    }

    /// What takes long and needs no order is begun here and goes on beside later commands.
    async fn carry_out(&self, command: Command, attachments: Vec<JsValue>) {
        let host = self.clone();
        let attached = attachments.first().cloned();
        match command {
            Command::Train { config } => {
                begin(Subject::Train, async move { runs::start(&host, *config, None).await })
            }
            Command::FindLearningRate { config } => {
                begin(Subject::LearningRate, async move { runs::find_rate(&host, *config).await })
            }
            Command::Search { choices, context, search } => begin(Subject::Search, async move {
                search::run(&host, &choices, &context, *search).await
            }),
            Command::Distill { student, validation_share, per_class, compare } => {
                let contest = Contest { student, validation_share, per_class, compare };
                begin(Subject::Distillation, async move {
                    distill::distill(&host, contest, &attachments).await
                })
            }
            Command::TryContestant { contestant } => {
                begin(
                    Subject::Distillation,
                    async move { distill::try_contestant(&host, contestant) },
                )
            }
            Command::Continue { config } => begin(Subject::Train, async move {
                runs::start(&host, *config, attached.as_ref()).await
            }),
            Command::ChooseDevice { device } => {
                begin(Subject::Device, async move { devices::choose(&host, device).await })
            }
            Command::DownloadModel { source } => {
                begin(
                    Subject::Model,
                    async move { models::choose(&host, Wanted::Known(source)).await },
                )
            }
            command => {
                let about = subject(&command);
                if let Err(message) = self.finish(command, &attachments).await {
                    post_failure(about, message);
                }
            }
        }
    }

    /// What is done before the next command begins.
    async fn finish(&self, command: Command, attachments: &[JsValue]) -> Result<(), String> {
        match command {
            Command::UseSample => pictures::use_sample(self).await,
            Command::AddClass { name } => self.change_pictures(|all| {
                all.add_class(&name);
            }),
            Command::RenameClass { class, name } => {
                self.change_pictures(|all| all.rename_class(class, &name));
            }
            Command::RemoveClass { class } => pictures::remove_class(self, class),
            Command::AddPictures { class } => {
                pictures::add_to_class(self, class, attachments).await
            }
            Command::AddFolder { paths, empty_folders, cifar100 } => {
                folder::add_folder(self, paths, &empty_folders, cifar100, attachments).await?;
            }
            Command::FetchCifar => cifar::fetch_cifar(self).await?,
            Command::RemovePicture { picture } => pictures::remove(self, picture),
            Command::RemoveAllPictures => pictures::remove_all(self),
            Command::UndoRemoval => pictures::undo_removal(self),
            Command::ShowPictures { class, from, count } => {
                pictures::show(self, class, from, count);
            }
            Command::UseBundledModel => models::choose(self, Wanted::Bundled).await?,
            Command::UseModelFile => {
                let file = attachments.first().ok_or("there is no file")?;
                models::choose(self, Wanted::File(file.clone())).await?;
            }
            Command::Predict { request, frame } => {
                trials::predict(self, request, frame, attachments.first()).await?;
            }
            Command::FindMistakes { count } => trials::find_mistakes(self, count)?,
            Command::Export { half_precision } => trials::export(self, half_precision)?,
            // Begun in `carry_out` or obeyed in `take`.
            Command::Train { .. }
            | Command::FindLearningRate { .. }
            | Command::Search { .. }
            | Command::Distill { .. }
            | Command::TryContestant { .. }
            | Command::Continue { .. }
            | Command::ChooseDevice { .. }
            | Command::DownloadModel { .. }
            | Command::Pause
            | Command::Resume
            | Command::Stop
            | Command::CancelDownload => {}
        }
        Ok(())
    }
}

fn begin(about: Subject, work: impl Future<Output = Result<(), String>> + 'static) {
    spawn_local(async move {
        match work.await {
            Ok(()) if about.ends() => post(&Reply::Ended(about)),
            Ok(()) => {}
            Err(message) => post_failure(about, message),
        }
    });
}

fn subject(command: &Command) -> Subject {
    match command {
        Command::UseBundledModel
        | Command::UseModelFile
        | Command::DownloadModel { .. }
        | Command::CancelDownload => Subject::Model,
        Command::ChooseDevice { .. } => Subject::Device,
        Command::Train { .. }
        | Command::Pause
        | Command::Resume
        | Command::Stop
        | Command::Continue { .. } => Subject::Train,
        Command::Predict { .. } | Command::FindMistakes { .. } | Command::Export { .. } => {
            Subject::Try
        }
        Command::FindLearningRate { .. } => Subject::LearningRate,
        Command::Search { .. } => Subject::Search,
        Command::Distill { .. } | Command::TryContestant { .. } => Subject::Distillation,
        _ => Subject::Pictures,
    }
}
