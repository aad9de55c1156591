//! The threads of the engine: workers that share this worker's memory and help with its parallel loops.
//! `www/threads.js` starts them and synchronizes the loops, `www/thread.js` is what they run.

use std::cell::UnsafeCell;
use std::time::Duration;

use tunelab_engine::kernels::threads::{Serial, Threads};
use web_time::Instant;

use super::browser::global;
use super::messages::{POLL_INTERVAL, sleep};

#[link(wasm_import_module = "./threads.js")]
unsafe extern "C" {
    #[link_name = "canStartThreads"]
    safe fn can_start_threads() -> u32;
    #[link_name = "startThreads"]
    safe fn start_threads(count: u32);
    #[link_name = "readyThreads"]
    safe fn ready_threads() -> u32;
    #[link_name = "openLoop"]
    safe fn open_loop(count: u32);
    #[link_name = "takeTask"]
    safe fn take_task() -> u32;
    #[link_name = "closeLoop"]
    safe fn close_loop();
}

/// The most threads, this one included. `www/threads.js` has seven bits for their number.
const MOST: u32 = 64;

/// How long to wait until threads have started.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of a thread's stack. The kernels need little.
const STACK: usize = 512 * 1024;

/// What the engine and its threads share.
struct Shared<T>(UnsafeCell<T>);

// SAFETY: `www/threads.js` accesses the words atomically. The loop is changed only while no thread is in it.
unsafe impl<T> Sync for Shared<T> {}

/// The words of `www/threads.js`.
static WORDS: Shared<[u32; 8]> = Shared(UnsafeCell::new([0; 8]));

/// The loop that is open.
static LOOP: Shared<Option<Loop>> = Shared(UnsafeCell::new(None));

#[derive(Clone, Copy)]
struct Loop {
    tasks: usize,
    task: &'static (dyn Fn(usize) + Sync),
}

/// The address of the words.
#[unsafe(no_mangle)]
extern "C" fn thread_words() -> *const u32 {
    WORDS.0.get().cast()
}

/// A new stack for a thread, which it keeps: the address of its end, where it begins.
#[unsafe(no_mangle)]
extern "C" fn thread_stack() -> *const u128 {
    let stack: &'static mut [u128] = vec![0; STACK / size_of::<u128>()].leak();
    stack.as_ptr_range().end
}

/// Runs tasks of the open loop until none is left. Called by the engine and by each thread that joined it.
#[unsafe(no_mangle)]
extern "C" fn run_tasks() {
    // SAFETY: it is set before the loop is opened, and changes only after it is closed.
    let Some(Loop { tasks, task }) = (unsafe { *LOOP.0.get() }) else { return };
    loop {
        let index = take_task() as usize;
        if index >= tasks {
            break;
        }
        task(index);
    }
}

/// The number of processor cores, if the browser lets this worker share its memory. Otherwise 1.
pub fn available_threads() -> u32 {
    let cores = global(&["navigator", "hardwareConcurrency"]).ok();
    let cores = cores.filter(|_| can_start_threads() != 0).and_then(|cores| cores.as_f64());
    cores.map_or(1, |cores| cores as u32).clamp(1, MOST)
}

/// This worker and its threads.
pub struct SharedMemoryThreads {
    /// How many may take part, this worker included.
    wanted: Shared<u32>,
}

/// The only one, as there is one engine.
pub static THREADS: SharedMemoryThreads =
    SharedMemoryThreads { wanted: Shared(UnsafeCell::new(1)) };

impl SharedMemoryThreads {
    /// Sets how many threads compute, this worker included. New ones take part once they have started.
    pub fn set_count(&self, count: u32) {
        let count = count.clamp(1, MOST);
        // SAFETY: threads do not read it.
        unsafe { *self.wanted.0.get() = count };
        start_threads(count - 1);
    }

    /// Waits until all of them have started. If some do not, the others compute without them.
    pub async fn wait(&self) {
        let started = Instant::now();
        while ready_threads() < self.wanted() - 1 && started.elapsed() < TIMEOUT {
            sleep(POLL_INTERVAL).await;
        }
    }

    fn wanted(&self) -> u32 {
        // SAFETY: only this worker accesses it.
        unsafe { *self.wanted.0.get() }
    }
}

impl Threads for SharedMemoryThreads {
    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        let others = (self.count() - 1).min(tasks.saturating_sub(1));
        if others == 0 {
            return Serial.run(tasks, task);
        }
        // SAFETY: the task outlives the loop, which is closed below.
        let task: &'static (dyn Fn(usize) + Sync) = unsafe { std::mem::transmute(task) };
        // SAFETY: no thread is in a loop.
        unsafe { *LOOP.0.get() = Some(Loop { tasks, task }) };
        open_loop(others as u32);
        run_tasks();
        close_loop();
    }

    fn count(&self) -> usize {
        1 + ready_threads().min(self.wanted() - 1) as usize
    }
}
