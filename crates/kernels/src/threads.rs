//! Parallel loops.

/// Runs the iterations of a loop, possibly on several threads.
pub trait Threads: Sync {
    /// Calls `task` once for every number below `tasks`, in any order, and returns when all calls have.
    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync));

    /// How many threads take part.
    fn count(&self) -> usize;
}

/// The calling thread only.
#[derive(Debug, Clone, Copy)]
pub struct Serial;

impl Threads for Serial {
    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..tasks).for_each(task);
    }

    fn count(&self) -> usize {
        1
    }
}

/// The threads of rayon's current pool.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub struct Rayon;

#[cfg(not(target_arch = "wasm32"))]
impl Threads for Rayon {
    fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
        use std::sync::atomic::{AtomicUsize, Ordering};

        let threads = self.count().min(tasks);
        if threads <= 1 {
            return Serial.run(tasks, task);
        }
        // Each thread takes the next task when it is done with one, so that a slow thread delays the others by one
        // task at most.
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= tasks {
                    break;
                }
                task(index);
            }
        };
        rayon::in_place_scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|_| work());
            }
            work();
        });
    }

    fn count(&self) -> usize {
        rayon::current_num_threads()
    }
}
