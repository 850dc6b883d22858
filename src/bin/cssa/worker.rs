//! `cssa worker`: reads workbooks for the process that started it, within limits that the system
//! enforces. Not meant to be typed.

use cssa::ingest::{Limits, work};

use crate::ExitStatus;
use crate::args::WorkerArgs;
use crate::{limits, memory};

pub fn run(arguments: &WorkerArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    limits::hold_to(u64::from(arguments.memory) << 20);
    // A thread of its own has a stack of the same size on every system.
    // Where the pipe is broken nobody is left to be told.
    let _ = work(std::io::stdin(), std::io::stdout(), Timed { seconds: arguments.seconds });
    Ok(ExitStatus::Fine)
}

/// Limits of one file, set anew before each.
struct Timed {
    seconds: u32,
}

impl Limits for Timed {
    fn file_begins(&self) {
        limits::begin_time(self.seconds);
    }

    fn file_ends(&self) {
        limits::end_time();
    }

    fn peak_memory(&self) -> Option<u64> {
        memory::take_peak()
    }
}
