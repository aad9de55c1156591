//! The program of the page: see `tunelab::ui`.

fn main() {
    tunelab::ui::app::mount();
}
