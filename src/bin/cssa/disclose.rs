//! `cssa disclose`: what readers have, what is released and corrected, and why the rest is withheld.

use std::error::Error;
use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use cssa::pipeline::{self, ListedEdition, Stage};
use cssa::release::{Action, ReleaseTime, Request, Terms};
use serde_json::json;

use crate::ExitStatus;
use crate::args::{DiscloseArgs, Format};
use crate::console;
use crate::report;

pub fn run(arguments: &DiscloseArgs) -> Result<ExitStatus, Box<dyn Error>> {
    if let Some(cell) = &arguments.explain {
        return explain(arguments, cell);
    }
    if arguments.costs {
        return costs(arguments);
    }
    if arguments.releases {
        return list(arguments);
    }
    let stages = &[Stage::Disclose];
    report::run_disclosure(arguments, request(arguments)?, stages)
}

/// What the arguments ask for, if anything.
fn request(arguments: &DiscloseArgs) -> Result<Option<Request>, Box<dyn Error>> {
    let terms =
        arguments.release.map(|time| Terms { time, is_ahead: arguments.ahead, is_while_open: arguments.while_open });
    let action = match (&arguments.correct, terms, arguments.withdraw, &arguments.because) {
        (Some(reason), terms, ..) => {
            let accepted = arguments.accept_revealed.clone();
            Action::Correct { reason: reason.clone(), terms, accepted }
        }
        (None, Some(terms), ..) => Action::Release(terms),
        (None, None, Some(edition), Some(because)) => Action::Withdraw { edition, because: because.clone() },
        _ if arguments.dry_run => {
            return Err("--dry-run tries a release, a correction or a withdrawal\n  name one of --release, --correct, --withdraw".into());
        }
        _ => return Ok(None),
    };
    let today = today().ok_or("the clock of this machine shows no time after 1970")?;
    Ok(Some(Request { circle: arguments.circle.circle(), action, today, is_dry_run: arguments.dry_run }))
}

fn today() -> Option<ReleaseTime> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    ReleaseTime::day_of(i64::try_from(seconds).ok()?)
}

fn explain(arguments: &DiscloseArgs, cell: &str) -> Result<ExitStatus, Box<dyn Error>> {
    let [year_file] = arguments.stage.year_files.as_slice() else {
        return Err("--explain takes one year file\n  name the year that the cell is of".into());
    };
    let settings = report::settings(&arguments.stage, year_file);
    let text = pipeline::explain_disclosure(&settings, arguments.circle.circle(), cell)?;
    console::print(&match arguments.stage.format {
        Format::Text => text,
        Format::Json => json!({ "cell": cell, "explanation": text }).to_string() + "\n",
    });
    Ok(ExitStatus::Fine)
}

/// Says what each limit of the policy costs, for every year named.
fn costs(arguments: &DiscloseArgs) -> Result<ExitStatus, Box<dyn Error>> {
    for year_file in &arguments.stage.year_files {
        let costs =
            pipeline::disclosure_costs(&report::settings(&arguments.stage, year_file), arguments.circle.circle())?;
        let circle = arguments.circle.circle().word();
        if arguments.stage.format == Format::Json {
            for (limit, relaxed, account) in &costs {
                console::print(
                    &(json!({ "limit": limit, "relaxed_to": relaxed, "account": account }).to_string() + "\n"),
                );
            }
            continue;
        }
        let mut text = format!("{}, [{circle}]\n  cells withheld  as shares  whole tables\n", year_file.display());
        for (limit, relaxed, account) in &costs {
            let withheld = account.by_rule.values().sum::<usize>() + account.secondary;
            let name = match *limit {
                "" => "by the policy as it is".to_owned(),
                limit => format!("with {limit} = {relaxed}"),
            };
            let tables = format!("{} of {}", account.whole_tables, account.tables);
            writeln!(text, "  {withheld:>14}  {:>9}  {tables:>12}  {name}", account.shares)?;
        }
        console::print(&text);
    }
    Ok(ExitStatus::Fine)
}

/// Lists the editions of every year named.
fn list(arguments: &DiscloseArgs) -> Result<ExitStatus, Box<dyn Error>> {
    for year_file in &arguments.stage.year_files {
        let listed = pipeline::editions(&report::settings(&arguments.stage, year_file))?;
        console::print(&match arguments.stage.format {
            Format::Text if listed.is_empty() => format!("{}: nothing was released\n", year_file.display()),
            Format::Text => listed.iter().map(words).collect(),
            Format::Json => listed.iter().map(|one| format!("{}\n", object(one))).collect(),
        });
    }
    Ok(ExitStatus::Fine)
}

fn words(listed: &ListedEdition) -> String {
    let ListedEdition { fiscal_year, edition, figures } = listed;
    let mut text = format!(
        "FY{fiscal_year} {} edition {}, released {}: {figures} figures",
        edition.circle.word(),
        edition.number,
        edition.released_at
    );
    let mut add = |more: String| {
        write!(text, "{more}").expect("writing to a string cannot fail");
    };
    if let (Some(corrects), Some(reason)) = (edition.corrects, &edition.reason) {
        add(format!("; corrects edition {corrects}: {reason}"));
    }
    if !edition.accepted.is_empty() {
        add(format!("; accepted to be revealed: {}", edition.accepted.join(", ")));
    }
    if let Some(withdrawn) = &edition.withdrawn {
        add(format!("; withdrawn {}: {}", withdrawn.at, withdrawn.because));
    }
    text + "\n"
}

fn object(listed: &ListedEdition) -> serde_json::Value {
    let ListedEdition { fiscal_year, edition, figures } = listed;
    json!({
        "fiscal_year": fiscal_year,
        "circle": edition.circle.word(),
        "edition": edition.number,
        "released_at": edition.released_at.to_string(),
        "release": edition.release,
        "answers": edition.answers,
        "previous_edition": edition.previous,
        "figures": figures,
        "corrects": edition.corrects,
        "reason": edition.reason,
        "accepted": edition.accepted,
        "withdrawn_at": edition.withdrawn.as_ref().map(|one| &one.at),
        "withdrawn_because": edition.withdrawn.as_ref().map(|one| &one.because),
    })
}
