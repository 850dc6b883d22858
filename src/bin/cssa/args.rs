//! What can be typed on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use cssa::reconcile::GREATEST_BASE;
use cssa::release::ReleaseTime;
use cssa::survey::Circle;

use crate::limits::SECONDS;

/// Reads the returned workbooks of the Cybersecurity Self-Assessment, finds what is wrong with
/// them, and computes and draws the distributions of every question by sector.
#[derive(Debug, Parser)]
#[command(
    name = "cssa",
    version,
    arg_required_else_help = true,
    after_help = "\
Most commands take a year file. Begin with:
  cssa check pipelines/cssa/fy2023.toml     is the definition of the year sound?
  cssa run   pipelines/cssa/fy2023.toml     the whole job: read, tabulate, draw

Exit codes: 0 all is well; 1 it ran to the end and found something to look at; 2 it could not run."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the definition of a year: questions, forms, figures, the ledger of institutions
    #[command(after_help = "\
Shows every mistake at once, each with file, line and what to do. Reads no workbook.

The ledger of institutions that the year file names (`ledger`) is checked too, and held against the
roster. A roster that only the year file names may be missing; one given by --roster may not.

Examples:
  cssa check pipelines/cssa/fy2022.toml pipelines/cssa/fy2023.toml
  cssa check pipelines/cssa/fy2023.toml --ledger ledger.csv --roster roster.csv")]
    Check(CheckArgs),
    /// Read the returned workbooks into the store
    #[command(after_help = "\
A file that cannot be read or used becomes a finding; all others are processed.
Findings are shown and written to internal/findings.jsonl in the folder of outputs, each with its id and
whether the last run had it; --acknowledged names those about which nothing more is to be done.

Where an institution sent several workbooks, the newest one that can be used counts. Which one that
is comes from the intake log (--received), else from the names of files and folders (初回, 再提出,
修正版, v2, (2), …), else from the times at which the workbooks were saved. What changed from one to
the next is written to internal/revisions.csv.

Examples:
  cssa ingest pipelines/cssa/fy2023.toml --returns D:\\cssa\\returned --roster D:\\cssa\\roster.csv
  cssa ingest pipelines/cssa/fy2023.toml --received D:\\cssa\\received.csv
  cssa ingest pipelines/cssa/fy2023.toml --passwords D:\\cssa\\passwords.csv")]
    Ingest(IngestArgs),
    /// Compute the distributions of every question from the store
    #[command(after_help = "\
Writes internal/distributions.csv (counts, bases, percentages by sector and sub-sector) and
internal/numbers.csv (n, mean, quartiles) in the folder of outputs. Needs what `cssa ingest` stored.

Example:
  cssa tabulate pipelines/cssa/fy2023.toml")]
    Tabulate(StageArgs),
    /// Compare with the year before: changes in percentage points, flows between levels
    #[command(after_help = "\
Writes internal/changes.csv and internal/flows.csv in the folder of outputs, and shows the largest
rises and falls of each sector. Needs what `cssa ingest` stored for both years.

Only what the concordance of the two years pairs is compared; everything else stands in the table
without a change, and with the reason. Institutions that merged, moved or got another code are
followed by the institution ledger.

  points           change of the share of all who answered, in percentage points
  panel_…          the same of those who answered in both years
  entrants_points  what those who answered only this year add; leavers_points, what those took
                   away who answered only last year: points = panel + entrants - leavers
  one_institution  what one institution is worth
  lowest_points, highest_points
                   what the change could be if all who did not answer said no, or yes
  telling          yes, or why the change says nothing: under_one_institution, within_nonresponse

Examples:
  cssa compare pipelines/cssa/fy2023.toml
  cssa compare pipelines/cssa/fy2023.toml --ledger D:\\cssa\\ledger.csv")]
    Compare(CompareArgs),
    /// Let through what may be published, release it, and correct what was released
    #[command(after_help = "\
Withholds what tells of an institution by the policy of the year (`disclosure` in the year's file), then
what would give it away, attacks what is left as an outsider and as every respondent, and writes to the
folder of outputs:

  public/                     what everybody may see: distributions.csv, changes.csv, numbers.csv, the
                              certificate; x withheld, - none, … not available, ・ not applicable
  internal/disclosure/feedback/
                              what may go back to the institutions
  internal/disclosure/        for the desk: every withheld cell with the reason, what was found
                              (findings.jsonl), the returns since a release (since_release.csv)

Until it is released all of it is a draft, made anew from the answers that count. --release makes it the
first edition: its answers are frozen in the store, and from then on readers' files are made from them,
whatever comes later; internal/ goes on showing the present.

Examples, in the order of a season:

  1. cssa disclose fy2023.toml                                     look at the draft
  2. cssa disclose fy2023.toml --release 2024-04-01 --dry-run      try it: nothing is written
  3. cssa disclose fy2023.toml --release 2024-04-01                release it to everybody
  4. cssa disclose fy2023.toml --release 2024-04-01 --circle feedback
                                                                   and to the institutions

A late or corrected return afterwards is counted as \"since the release\". To correct what was released:

  5. cssa disclose fy2023.toml --correct \"1001 returned late\"     prepare the next edition in
     internal/disclosure/public_erratum/: tables, changed_figures.csv, 正誤.html for readers, and
     revealed.csv: whose answers comparing the two editions reveals, and to whom
  6. cssa disclose fy2023.toml --correct \"1001 returned late\" --release 2024-05-01
     release it, if it reveals nothing; otherwise every institution has to be accepted by its code:
     cssa disclose fy2023.toml --correct \"1001 returned late\" --release 2024-05-01 --accept-revealed 1001

  cssa disclose fy2023.toml --releases                             list all editions
  cssa disclose fy2023.toml --withdraw 2 --because \"wrong file\"   withdraw the last edition, which no
     reader has received: it stays in the ledger, and edition 1 stands again
  cssa disclose fy2023.toml --explain regional/regional_bank/soc//none
  cssa disclose fy2023.toml --costs                                what each limit of the policy costs")]
    Disclose(DiscloseArgs),
    /// Draw the figures from the store
    #[command(after_help = "\
Writes a picture of every figure as SVG and PNG in the folder of outputs: all of them, marked as
confidential, under internal/charts, and what may be published under public/charts.
Needs what `cssa ingest` stored.

Example:
  cssa chart pipelines/cssa/fy2023.toml --out reports/draft")]
    Chart(StageArgs),
    /// The whole job: ingest, tabulate, compare, disclose, chart
    #[command(after_help = "\
Examples:
  cssa run pipelines/cssa/fy2023.toml
  cssa run pipelines/cssa/fy2022.toml pipelines/cssa/fy2023.toml
  cssa run pipelines/cssa/fy2023.toml --returns returned --roster roster.csv --format json
  cssa run pipelines/cssa/fy2023.toml --received received.csv")]
    Run(IngestArgs),
    /// How the collection stands: asked, received, accepted, outstanding, by sector
    #[command(after_help = "\
Reads what `cssa ingest` stored and no workbook. Also writes internal/status.xlsx (回収状況,
未回収先, and 指摘 where findings need a look) and internal/status.json in the folder of outputs.

  asked        institutions on the roster
  received     those of whom any workbook came
  accepted     those whose answers count; the rate is accepted of asked
  rejected     those of whom only workbooks came that cannot be used
  outstanding  those of whom nothing came that can be used

An institution in two sectors counts in each of them, and once in the whole.

Examples:
  cssa status pipelines/cssa/fy2023.toml
  cssa status pipelines/cssa/fy2023.toml --format json")]
    Status(StatusArgs),
    /// Hold a published table against its bases: which percentages can be had, and from which counts
    #[command(after_help = "\
The table is a CSV file or a workbook (xlsx) with a row for each printed percentage. Needed are the columns
question, option, percent and base; fiscal_year, sector, subsector, figure, item and count are used
where they are there; all others are ignored. Write percentages with the decimals that are printed.

What is flagged:
  - a percentage that no count gives on its base, with the nearest ones that can be had and the ones
    that differ in a single digit, as a misprint would
  - options of a single choice that cannot add up to their base. A group is taken for one if it sums
    to 100 as rounded parts do; with --definition the questionnaire decides
  - a count (column count) that does not give its percentage; a row that cannot be used
Shown with a flagged group are the bases up to the stated one on which all of it is possible (all of
them with --format json). No file is written.

Examples:
  cssa reconcile published.csv
  cssa reconcile published.csv --base 498      everything on one base, whatever the table says
  cssa reconcile published.csv --definition pipelines/cssa/fy2023.toml
  cssa reconcile published.csv --all           every cell with the counts that give it")]
    Reconcile(ReconcileArgs),
    /// Explain a finding code: what it is, why it matters, what to do
    #[command(after_help = "\
Examples:
  cssa explain E03
  cssa explain item-nonresponse
  cssa explain            (lists all codes)")]
    Explain(ExplainArgs),
    /// Read workbooks for another process, which asks over standard input
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// From which severity on a finding makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Anything at all.
    Information,
    /// Answers or files that need a look.
    Warning,
    /// Files that could not be used.
    Error,
    /// Nothing: 0 whenever it ran to the end.
    Never,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The year's file, such as pipelines/cssa/fy2023.toml
    #[arg(required = true, value_name = "YEAR FILE")]
    pub year_files: Vec<PathBuf>,
    /// What became of institutions: a table with a row for each event [default: `ledger` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Who was asked: a table with a row for each membership [default: `roster` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct StageArgs {
    /// The year's file, such as pipelines/cssa/fy2023.toml; several are run one after the other
    #[arg(required = true, value_name = "YEAR FILE")]
    pub year_files: Vec<PathBuf>,
    /// The store, which holds every year [default: data/store, or `store` in the year's file for its own returns]
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The folder of outputs [default: reports/fyYYYY]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How many threads read workbooks and draw [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// From which severity on a finding makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub fail_on: FailOn,
}

/// What the comparison of years takes.
#[derive(Debug, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    /// What became of institutions, as a table [default: `ledger` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// What disclosure control takes.
#[derive(Debug, Args)]
pub struct DiscloseArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    /// Say why a cell is withheld: sector/sub-sector/question/item/option
    #[arg(long, value_name = "CELL")]
    pub explain: Option<String>,
    /// Say what each limit of the policy costs: how much is withheld by the policy as it is, and with that limit relaxed
    #[arg(long, conflicts_with_all = ["explain", "release", "correct", "releases", "withdraw"])]
    pub costs: bool,
    /// The circle that is meant by the other options
    #[arg(long, value_enum, default_value_t = CircleName::Public)]
    pub circle: CircleName,
    /// Release at this time: 2024-04-01, or 2024-04-01 10:00; a first edition, or with --correct the corrected one
    #[arg(long, value_name = "TIME", conflicts_with_all = ["explain", "releases", "withdraw"], value_parser = release_time)]
    pub release: Option<ReleaseTime>,
    /// Prepare a corrected edition from the answers that count now, for this reason, which readers are told
    #[arg(long, value_name = "REASON", conflicts_with_all = ["explain", "releases", "withdraw"], value_parser = reason)]
    pub correct: Option<String>,
    /// Accept that the correction reveals answers of these institutions, or shows these cells, by their codes and
    /// names: 1001,1002
    #[arg(long, value_name = "CODES", value_delimiter = ',', requires_all = ["correct", "release"])]
    pub accept_revealed: Vec<String>,
    /// List all editions that were released
    #[arg(long, conflicts_with_all = ["explain", "withdraw"])]
    pub releases: bool,
    /// Withdraw the last edition, which no reader has received, by its number
    #[arg(long, value_name = "EDITION", requires = "because", conflicts_with = "explain", value_parser = clap::value_parser!(u32).range(1..))]
    pub withdraw: Option<u32>,
    /// Why it is withdrawn
    #[arg(long, value_name = "REASON", requires = "withdraw", value_parser = reason)]
    pub because: Option<String>,
    /// Say what would be done, and write nothing to the store or to what readers have
    #[arg(long, conflicts_with_all = ["explain", "releases"])]
    pub dry_run: bool,
    /// Release although the time lies in the future
    #[arg(long, requires = "release")]
    pub ahead: bool,
    /// Release although the collection is open (`closes` in the year's file)
    #[arg(long, requires = "release")]
    pub while_open: bool,
    /// What became of institutions, as a table [default: `ledger` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

fn reason(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() { Err("expected a reason in words") } else { Ok(text.to_owned()) }
}

fn release_time(text: &str) -> Result<ReleaseTime, &'static str> {
    ReleaseTime::parse(text).ok_or("expected a day or a moment, such as 2024-04-01 or \"2024-04-01 10:00\"")
}

impl CircleName {
    /// The circle.
    pub fn circle(self) -> Circle {
        match self {
            CircleName::Public => Circle::Public,
            CircleName::Feedback => Circle::Feedback,
        }
    }
}

/// For whom figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CircleName {
    /// Everybody.
    Public,
    /// The institutions.
    Feedback,
}

/// What a command that reads workbooks takes.
#[derive(Debug, Args)]
pub struct IngestArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    /// The folder of returned workbooks [default: `returns` in the year's file]
    #[arg(long, value_name = "DIR")]
    pub returns: Option<PathBuf>,
    /// Who was asked: a table with a row for each membership [default: `roster` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Put this collection in the place of the one that the store and the outputs were made from
    #[arg(long)]
    pub replace: bool,
    /// The intake log: a table with the columns file,time, such as
    /// `再提出/x.xlsx,2023-08-01 14:05`; it settles which of several workbooks is the newest
    #[arg(long, value_name = "FILE")]
    pub received: Option<PathBuf>,
    /// The passwords of protected workbooks and archives: a table with the columns
    /// `institution` and/or `file`, and `password`
    #[arg(long, value_name = "FILE")]
    pub passwords: Option<PathBuf>,
    /// What became of institutions, as a table [default: `ledger` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// The findings about which nothing more is to be done: a table with the columns `finding` (its id) and `reason`;
    /// a line holds as long as the cause is the same [default: `acknowledged` in the year's file]
    #[arg(long, value_name = "FILE")]
    pub acknowledged: Option<PathBuf>,
    /// Show the sheet around the cell of every finding listed
    #[arg(long)]
    pub frames: bool,
    /// Read every workbook again; otherwise only those that are new or have changed are read
    #[arg(long)]
    pub fresh: bool,
    /// The most memory that reading one workbook may take, in MB; one that needs more is set aside (Linux only)
    #[arg(long, value_name = "MB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub worker_memory: u32,
    /// The most seconds of processor time that reading one workbook may take (Linux only)
    #[arg(long, value_name = "S", default_value_t = SECONDS, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub worker_seconds: u32,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The year's file, such as pipelines/cssa/fy2023.toml; several are shown one after the other
    #[arg(required = true, value_name = "YEAR FILE")]
    pub year_files: Vec<PathBuf>,
    /// The store, which holds every year [default: data/store, or `store` in the year's file for its own returns]
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The folder of outputs [default: reports/fyYYYY]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// The published table, a CSV file or a workbook
    #[arg(value_name = "TABLE")]
    pub table: PathBuf,
    /// One base for every row; the columns base and count are then not read
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=GREATEST_BASE))]
    pub base: Option<u64>,
    /// The file of a year that the table is about, which says which options exclude each other; once for each year
    #[arg(long = "definition", value_name = "YEAR FILE")]
    pub definitions: Vec<PathBuf>,
    /// Show every cell with the counts that give it, not only what is flagged
    #[arg(long)]
    pub all: bool,
    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// How many seconds of processor time it may take for one file
    #[arg(long, value_name = "S")]
    pub seconds: u32,
    /// The most memory that it may take, in MB
    #[arg(long, value_name = "MB")]
    pub memory: u32,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A code (E03) or a name (item-nonresponse); all codes where it is left out
    pub code: Option<String>,
}
