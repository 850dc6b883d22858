//! Runs stages on the year files given, and shows what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use cssa::finding::{Finding, Place, Severity, gravest, render};
use cssa::ingest::{WorkerProgram, surroundings};
use cssa::pipeline::{self, ComparisonOutcome, Report, Settings, Stage};
use cssa::release::{Erratum, Outcome, Request, State};
use cssa::survey::Circle;
use serde_json::json;

use crate::ExitStatus;
use crate::args::{CompareArgs, DiscloseArgs, FailOn, Format, IngestArgs, StageArgs};
use crate::console::{self, Console};

/// How many findings of a code about figures are shown in full; the rest are counted.
const SHOWN_FIGURES: usize = 10;

/// How many warnings are shown in full; the rest are counted.
const SHOWN_WARNINGS: usize = 40;

/// What a command takes beyond the stages' own arguments.
#[derive(Default)]
struct Extra<'a> {
    ingest: Option<&'a IngestArgs>,
    ledger: Option<&'a Path>,
    request: Option<Request>,
}

/// Runs stages that read no workbook.
pub fn run_stages(arguments: &StageArgs, stages: &[Stage]) -> Result<ExitStatus, Box<dyn Error>> {
    run_years(arguments, stages, &Extra::default())
}

/// Runs the comparison of years, which reads no workbook.
pub fn run_comparison(arguments: &CompareArgs, stages: &[Stage]) -> Result<ExitStatus, Box<dyn Error>> {
    run_years(&arguments.stage, stages, &Extra { ledger: arguments.ledger.as_deref(), ..Extra::default() })
}

/// Runs disclosure control, which reads no workbook.
pub fn run_disclosure(
    arguments: &DiscloseArgs,
    request: Option<Request>,
    stages: &[Stage],
) -> Result<ExitStatus, Box<dyn Error>> {
    run_years(&arguments.stage, stages, &Extra { request, ledger: arguments.ledger.as_deref(), ..Extra::default() })
}

/// Runs stages of which the first reads workbooks: in processes of their own, so that a file that
/// brings its reader down brings down nothing else.
pub fn run_ingest(arguments: &IngestArgs, stages: &[Stage]) -> Result<ExitStatus, Box<dyn Error>> {
    let ledger = arguments.ledger.as_deref();
    run_years(&arguments.stage, stages, &Extra { ingest: Some(arguments), ledger, ..Extra::default() })
}

/// The settings of a command that only looks at a year.
pub fn settings(arguments: &StageArgs, year_file: &Path) -> Settings {
    Settings {
        year_file: year_file.to_owned(),
        returns: None,
        roster: None,
        replace: false,
        received: None,
        ledger: None,
        request: None,
        passwords: None,
        acknowledged: None,
        store: arguments.store.clone(),
        out: arguments.out.clone(),
        threads: thread_count(arguments),
        workers: None,
        fresh: false,
    }
}

/// The program that reads workbooks: this one, told to be a worker.
fn workers(arguments: &IngestArgs) -> std::io::Result<WorkerProgram> {
    let (megabytes, seconds) = (arguments.worker_memory, arguments.worker_seconds);
    Ok(WorkerProgram {
        path: std::env::current_exe()?,
        arguments: ["worker", "--memory", &megabytes.to_string(), "--seconds", &seconds.to_string()]
            .map(Into::into)
            .to_vec(),
        memory: u64::from(megabytes) << 20,
        seconds,
        count: thread_count(&arguments.stage),
    })
}

fn thread_count(arguments: &StageArgs) -> usize {
    arguments.threads.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from)
}

/// Runs stages on every year.
fn run_years(arguments: &StageArgs, stages: &[Stage], extra: &Extra<'_>) -> Result<ExitStatus, Box<dyn Error>> {
    let ingest = extra.ingest;
    let frames = ingest.is_some_and(|ingest| ingest.frames);
    let workers = ingest.map(workers).transpose()?;
    if arguments.year_files.len() > 1 {
        let flags = [
            ("--returns", ingest.is_some_and(|ingest| ingest.returns.is_some())),
            ("--out", arguments.out.is_some()),
            ("--received", ingest.is_some_and(|ingest| ingest.received.is_some())),
            ("--acknowledged", ingest.is_some_and(|ingest| ingest.acknowledged.is_some())),
        ];
        for (flag, is_given) in flags {
            if is_given {
                let thing = match flag {
                    "--received" => "intake log",
                    "--acknowledged" => "acknowledged findings",
                    _ => "folder",
                };
                let text = format!(
                    "{flag} names the {thing} of one year, but several year files are given\n  run the years one by one, or leave {flag} out"
                );
                return Err(text.into());
            }
        }
    }
    // All that is wrong with any of the definitions is said before anything is written.
    let mut year_files: Vec<(u16, &PathBuf)> = Vec::new();
    let mut mistakes = Vec::new();
    for year_file in &arguments.year_files {
        // A single one is looked at by its own run, before it writes anything.
        if let [only] = arguments.year_files.as_slice() {
            year_files.push((0, only));
            break;
        }
        match pipeline::check_definition(year_file) {
            Ok(fiscal_year) => year_files.push((fiscal_year, year_file)),
            Err(error) => mistakes.push(error.to_string()),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes.join("\n\n").into());
    }
    // A year looks back on the one before, which therefore comes first.
    year_files.sort_by_key(|(fiscal_year, _)| *fiscal_year);
    let threads = thread_count(arguments);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let mut status = ExitStatus::Fine;
    for (_, year_file) in year_files {
        let settings = Settings {
            received: ingest.and_then(|ingest| ingest.received.clone()),
            ledger: extra.ledger.map(Path::to_owned),
            request: extra.request.clone(),
            passwords: ingest.and_then(|ingest| ingest.passwords.clone()),
            acknowledged: ingest.and_then(|ingest| ingest.acknowledged.clone()),
            workers: workers.clone(),
            returns: ingest.and_then(|ingest| ingest.returns.clone()),
            roster: ingest.and_then(|ingest| ingest.roster.clone()),
            fresh: ingest.is_some_and(|ingest| ingest.fresh),
            replace: ingest.is_some_and(|ingest| ingest.replace),
            ..settings(arguments, year_file)
        };
        let console = Console::new();
        let result = pipeline::run(&settings, stages, &console);
        console.clear();
        let report = result?;
        console::print(&match arguments.format {
            Format::Text => describe(&report, frames, stages),
            Format::Json => object(&report),
        });
        if is_failure(arguments.fail_on, gravest(&report.findings)) {
            status = ExitStatus::Findings;
        }
    }
    Ok(status)
}

fn is_failure(fail_on: FailOn, gravest: Option<Severity>) -> bool {
    let from = match fail_on {
        FailOn::Information => Severity::Information,
        FailOn::Warning => Severity::Warning,
        FailOn::Error => Severity::Error,
        FailOn::Never => return false,
    };
    gravest.is_some_and(|severity| severity >= from)
}

fn describe(report: &Report, frames: bool, stages: &[Stage]) -> String {
    let mut text = format!("FY{}\n", report.fiscal_year);
    let mut line = |name: &str, content: String| {
        writeln!(text, "  {name:10} {content}").expect("writing to a string cannot fail");
    };
    if let (Some(counts), Some(returns)) = (report.counts, &report.returns) {
        line("returns", format!("{} workbooks in {}", counts.submissions, returns.display()));
        let read = match counts.files_known {
            0 => format!("{} read", files(counts.files_read)),
            known => format!("{} read anew, {known} known and unchanged", files(counts.files_read)),
        };
        line("", read);
        let mut states = vec![format!("{} accepted", counts.accepted)];
        let others = [
            (counts.superseded, "superseded"),
            (counts.rejected, "rejected"),
            (counts.replies, "replies to the follow-up"),
        ];
        for (count, word) in others {
            if count > 0 {
                states.push(format!("{count} {word}"));
            }
        }
        line("", states.join(", "));
        let outstanding = counts.institutions - counts.accepted;
        let rest = if outstanding == 0 { String::new() } else { format!(", {outstanding} have not") };
        line("asked", format!("{} institutions, {} have returned{rest}", counts.institutions, counts.accepted));
    }
    let out = report.out.display().to_string().replace('\\', "/");
    let wrote = |name: &str| report.written.iter().any(|written| written == name);
    if wrote("internal/status.xlsx") {
        line("status", format!("{out}/internal/status.xlsx, {out}/internal/status.json"));
    }
    if report.counts.is_some_and(|counts| counts.superseded > 0) {
        line("revisions", format!("{out}/internal/revisions.csv"));
    }
    if wrote("internal/distributions.csv") {
        line("tables", format!("{out}/internal/distributions.csv, {out}/internal/numbers.csv"));
    }
    match &report.compared {
        Some(ComparisonOutcome::Done(_)) => {
            let hint = if stages.contains(&Stage::Ingest) { "; `cssa compare` shows the largest" } else { "" };
            line("changes", format!("{out}/internal/changes.csv, {out}/internal/flows.csv{hint}"));
        }
        Some(ComparisonOutcome::NoPreviousYear(year)) => {
            line("changes", format!("none: the store does not hold fiscal year {year}; run that year first"));
        }
        Some(ComparisonOutcome::NotDefined) | None => {}
    }
    if let Some(year) = report.outdated {
        line(
            "outdated",
            format!(
                "fiscal year {year} looked back on what this run replaced: its edits and explanations may not hold any more, and its changes are gone from the store; run that year again"
            ),
        );
    }
    if report.is_outdated {
        let year = report.fiscal_year;
        line(
            "outdated",
            format!(
                "fiscal year {} was replaced since {year} was ingested: the edits and explanations of {year} that look back on it may not hold any more; run `cssa ingest` for {year} again",
                year - 1
            ),
        );
    }
    for outcome in &report.disclosed {
        line(outcome.circle.word(), disclosure_words(report, outcome, &out));
        if let Some(erratum) = &outcome.erratum {
            line("correction", erratum_words(outcome, erratum, &out));
        }
    }
    if report.figures > 0 {
        let kept = match report.figures_kept {
            0 => String::new(),
            kept => format!("; {kept} unchanged"),
        };
        let folder = if stages.contains(&Stage::Chart) { "internal/charts" } else { "public/charts" };
        line("figures", format!("{out}/{folder} ({} figures, each as SVG and PNG{kept})", report.figures));
    }
    if report.counts.is_some() {
        line("findings", format!("{}{}", count_findings(report), in_file(report, &out)));
    }
    if let Some(counts) = report.counts.filter(|counts| counts.open_queries > 0) {
        line("follow-up", format!("{} open queries, in {out}/internal/follow_up", counts.open_queries));
    }
    line("store", report.store.display().to_string().replace('\\', "/"));
    line("manifest", format!("{out}/manifest.json"));
    let times: Vec<String> = report.stages.iter().map(stage_words).collect();
    line("time", times.join(", "));
    if let (Some(ComparisonOutcome::Done(summary)), false) = (&report.compared, stages.contains(&Stage::Ingest)) {
        text.push_str(summary);
    }
    text.push_str(&list_findings(report, frames));
    text
}

fn disclosure_words(report: &Report, outcome: &Outcome, out: &str) -> String {
    let Outcome { circle, state, counts, is_dry_run, .. } = outcome;
    let shares = if counts.shares > 0 { format!("{} as shares, ", counts.shares) } else { String::new() };
    let cells = format!("{} cells published, {shares}{} withheld", counts.published, counts.withheld);
    let folder = match circle {
        Circle::Public => format!("{out}/public"),
        circle => format!("{out}/internal/disclosure/{}", circle.word()),
    };
    let beside = if *circle == Circle::Feedback { " --circle feedback" } else { "" };
    let command = format!("`cssa disclose --release TIME{beside}`");
    let mut text = match state {
        State::NoPolicy => format!("nothing: the year's policies (`disclosure`) have no [{}]", circle.word()),
        State::Refused => format!("nothing may be released; see {out}/internal/disclosure/findings.jsonl"),
        State::Draft => format!("{folder}: {cells}; a draft until {command}"),
        State::Released { edition, time, is_new: true, .. } if *is_dry_run => {
            format!("{cells}; would be released {time} as edition {edition}")
        }
        State::Released { edition, time, is_new: true, .. } => {
            format!("{folder}: {cells}; released {time} as edition {edition}")
        }
        State::Released { edition, time, is_remade: true, .. } => {
            format!("{folder}: {cells}; edition {edition}, as released {time}")
        }
        State::Released { edition, time, .. } => {
            format!("{folder}: stays as it is; edition {edition}, released {time}, cannot be made again (D09)")
        }
    };
    if let Some(edition) = outcome.withdrawn {
        let is_done = if *is_dry_run { "would be withdrawn" } else { "is withdrawn" };
        text.push_str(&format!("; edition {edition} {is_done}"));
    }
    if let Some(since) = report.since.iter().find(|since| since.circle == circle.word()) {
        let list = if since.returns.is_empty() { "" } else { " (internal/disclosure/since_release.csv)" };
        text.push_str(&format!("; returns since: {}{list}", since.words()));
    }
    text
}

/// A correction that was prepared, and what it reveals.
fn erratum_words(outcome: &Outcome, erratum: &Erratum, out: &str) -> String {
    let institutions: BTreeSet<&str> = erratum.revealed.iter().map(|one| one.institution.as_str()).collect();
    let reveals = match institutions.len() {
        0 => "reveals no adverse answer".to_owned(),
        1 => "reveals answers of 1 institution".to_owned(),
        count => format!("reveals answers of {count} institutions"),
    };
    let done = match (erratum.is_released, erratum.open.is_empty()) {
        (true, _) if outcome.is_dry_run => "; would be released".to_owned(),
        (true, _) => "; released".to_owned(),
        (false, true) => "; prepared, and released with `--release TIME`".to_owned(),
        (false, false) => format!("; not released until `--accept-revealed {}`", erratum.open.join(",")),
    };
    format!(
        "of {} edition {}: {} figures change, {reveals}{done}; see {out}/internal/disclosure/{}_erratum",
        outcome.circle.word(),
        erratum.corrects,
        erratum.changed,
        outcome.circle.word()
    )
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn stage_words(stage: &pipeline::StageRecord) -> String {
    let memory = stage.peak_memory_bytes.map(|bytes| format!(" ({} MB)", bytes >> 20)).unwrap_or_default();
    format!("{} {:.2} s{memory}", stage.name, stage.seconds)
}

fn count_of(report: &Report, severity: Severity) -> usize {
    report.findings.iter().filter(|finding| finding.severity == severity).count()
}

fn count_findings(report: &Report) -> String {
    let counted: Vec<String> = [Severity::Error, Severity::Warning, Severity::Information]
        .into_iter()
        .filter_map(|severity| match count_of(report, severity) {
            0 => None,
            count => Some(format!("{count} {}{}", severity.word(), new_words(report, severity))),
        })
        .collect();
    if counted.is_empty() { "none".to_owned() } else { counted.join(", ") }
}

/// How many of a severity are new, if any.
fn new_words(report: &Report, severity: Severity) -> String {
    match report.findings.iter().filter(|finding| finding.severity == severity && finding.is_new).count() {
        0 => String::new(),
        new => format!(" ({new} new since the last run)"),
    }
}

fn in_file(report: &Report, out: &str) -> String {
    let is_of_disclosure = |finding: &Finding| finding.code.rule().code.starts_with('D');
    let files = [(false, "internal/findings.jsonl"), (true, "internal/disclosure/findings.jsonl")];
    let has = |is_it: bool| report.findings.iter().any(|finding| is_of_disclosure(finding) == is_it);
    let files: Vec<String> =
        files.into_iter().filter(|(is_it, _)| has(*is_it)).map(|(_, file)| format!("{out}/{file}")).collect();
    if files.is_empty() { String::new() } else { format!(", all in {}", files.join(" and ")) }
}

/// Every file that could not be used, and then the first of what needs a look; with the sheet around
/// each, if that is wished.
fn list_findings(report: &Report, frames: bool) -> String {
    let mut text = String::new();
    let of = |severity| report.findings.iter().filter(move |finding| finding.severity == severity);
    let warnings = count_of(report, Severity::Warning);
    // Every file that cannot be used is named; of figures that cannot be released, the first.
    let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
    let errors = of(Severity::Error).filter(|finding| {
        let is_of_figures = finding.place == Place::Collection;
        let seen = alike.entry(finding.code.rule().code).or_default();
        *seen += usize::from(is_of_figures);
        !is_of_figures || *seen <= SHOWN_FIGURES
    });
    let errors: Vec<&Finding> = errors.collect();
    for finding in errors.into_iter().chain(of(Severity::Warning).take(SHOWN_WARNINGS)) {
        let folder = report.returns.as_deref().filter(|_| frames);
        let frame = folder.and_then(|folder| surroundings(folder, &finding.place));
        text.push_str(&render::full(finding, frame.as_ref()));
        let new = if finding.is_new { ", new since the last run" } else { "" };
        writeln!(text, "\n    {}{new}", finding.id).expect("writing to a string cannot fail");
    }
    for (code, count) in alike.into_iter().filter(|(_, count)| *count > SHOWN_FIGURES) {
        writeln!(text, "… and {} more of {code}", count - SHOWN_FIGURES).expect("writing to a string cannot fail");
    }
    if warnings > SHOWN_WARNINGS {
        writeln!(text, "… and {} more warnings", warnings - SHOWN_WARNINGS).expect("writing to a string cannot fail");
    }
    text
}

fn disclosure_object(outcome: &Outcome) -> serde_json::Value {
    let erratum = outcome.erratum.as_ref().map(|erratum| {
        let revealed = erratum.revealed.iter().map(|one| {
            json!({
                "institution": one.institution,
                "cell": one.cell,
                "chosen": one.is_chosen,
                "before": one.was_before,
                "to": one.to,
            })
        });
        json!({
            "corrects": erratum.corrects,
            "changed": erratum.changed,
            "revealed": revealed.collect::<Vec<_>>(),
            "not_accepted": erratum.open,
            "released": erratum.is_released,
        })
    });
    json!({
        "circle": outcome.circle.word(),
        "passes": outcome.state.passes(),
        "edition": outcome.state.edition(),
        "released_at": outcome.state.released_at(),
        "published": outcome.counts.published,
        "shares": outcome.counts.shares,
        "withheld": outcome.counts.withheld,
        "erratum": erratum,
        "withdrawn": outcome.withdrawn,
        "dry_run": outcome.is_dry_run,
    })
}

fn comparison_object(outcome: &ComparisonOutcome) -> serde_json::Value {
    match outcome {
        ComparisonOutcome::Done(_) => json!({ "status": "done" }),
        ComparisonOutcome::NoPreviousYear(year) => json!({ "status": "no_previous_year", "fiscal_year": year }),
        ComparisonOutcome::NotDefined => json!({ "status": "not_defined" }),
    }
}

fn object(report: &Report) -> String {
    let findings = json!({
        "error": count_of(report, Severity::Error),
        "warning": count_of(report, Severity::Warning),
        "information": count_of(report, Severity::Information),
        "new": report.findings.iter().filter(|finding| finding.is_new).count(),
    });
    let object = json!({
        "fiscal_year": report.fiscal_year,
        "returns": report.returns,
        "store": report.store,
        "out": report.out,
        "counts": report.counts,
        "findings": findings,
        "comparison": report.compared.as_ref().map(comparison_object),
        "outdated_changes": report.outdated,
        "is_outdated": report.is_outdated,
        "disclosed": report.disclosed.iter().map(disclosure_object).collect::<Vec<_>>(),
        "since_release": report.since,
        "figures": report.figures,
        "figures_kept": report.figures_kept,
        "stages": report.stages,
        "written": report.written,
    });
    format!("{object}\n")
}
