//! `cssa`: parses the command line, runs one command, says how it went by the exit code.

mod args;
mod chart;
mod check;
mod compare;
mod disclose;
mod console;
mod explain;
mod ingest;
mod limits;
mod memory;
mod reconcile;
mod report;
mod run;
mod status;
mod tabulate;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExitStatus {
    /// All is well.
    Fine = 0,
    /// It ran to its end, and found something of the chosen severity or above.
    Findings = 1,
    /// It could not run: the set-up is wrong.
    Failed = 2,
}

fn main() -> ExitCode {
    console::hush_readers();
    let result = match Cli::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Ingest(arguments) => ingest::run(&arguments),
        Command::Tabulate(arguments) => tabulate::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Disclose(arguments) => disclose::run(&arguments),
        Command::Chart(arguments) => chart::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Reconcile(arguments) => reconcile::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Worker(arguments) => worker::run(&arguments),
    };
    let status = result.unwrap_or_else(|error| {
        console::error(error.as_ref());
        ExitStatus::Failed
    });
    ExitCode::from(status as u8)
}
