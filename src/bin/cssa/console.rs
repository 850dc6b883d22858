//! The terminal: progress while work goes on, and text that ends quietly when nobody reads on.

use std::error::Error;
use std::io::{self, Write};
use std::panic;
use std::sync::Mutex;
use std::time::Instant;

use cssa::ingest::Progress;
use cssa::pipeline::Instruments;
use indicatif::{ProgressBar, ProgressStyle};

use crate::memory;

/// Writes to standard output. A closed pipe (`| head`) is no failure.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        complain(&format!("error: standard output cannot be written: {error}"));
    }
}

/// Writes an error with its causes to standard error.
pub fn error(error: &dyn Error) {
    let mut text = format!("error: {error}");
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Many errors repeat their cause in their own words.
        if !said.contains(&error.to_string()) {
            said = error.to_string();
            text.push_str(&format!("\n  because: {said}"));
        }
        cause = error.source();
    }
    complain(&text);
}

/// Writes to standard error, if anybody still reads it.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Keeps quiet about panics within the library that reads Excel's formats: they are caught and
/// become findings about the file. All others are shown as usual.
pub fn hush_readers() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|location| location.file().contains("calamine")) {
            usual(panic);
        }
    }));
}

/// A clock, a memory gauge and a progress bar.
pub struct Console {
    began: Instant,
    bar: Mutex<(ProgressBar, &'static str)>,
}

impl Console {
    /// A console that shows progress on a terminal and nothing elsewhere.
    pub fn new() -> Console {
        Console { began: Instant::now(), bar: Mutex::new((ProgressBar::hidden(), "")) }
    }

    fn bar<T>(&self, look: impl FnOnce(&mut (ProgressBar, &'static str)) -> T) -> T {
        look(&mut self.bar.lock().expect("no thread fails while it holds the progress bar"))
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar(|(bar, _)| bar.finish_and_clear());
    }
}

impl Progress for Console {
    fn begin(&self, files: usize) {
        let style = ProgressStyle::with_template("{prefix:9} {bar:32} {pos}/{len}  {per_sec}  {eta} left")
            .expect("the template is well formed");
        self.bar(|(bar, stage)| {
            bar.finish_and_clear();
            *bar = ProgressBar::new(files as u64).with_style(style).with_prefix(*stage);
        });
    }

    fn step(&self) {
        self.bar(|(bar, _)| bar.inc(1));
    }
}

impl Instruments for Console {
    fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn peak_memory(&self) -> Option<u64> {
        memory::take_peak()
    }

    fn stage(&self, name: &'static str) {
        self.bar(|(bar, stage)| {
            bar.finish_and_clear();
            *stage = name;
        });
    }
}
