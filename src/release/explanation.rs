//! Why a cell is withheld, asked for by its name: by the edition that stands, else by the draft.

use super::basis::Archive;
use super::readers::Desk;
use super::year::Year;
use super::{ReleaseError, ledger};
use crate::disclose::{self, Account, Beside, Material, Protected};
use crate::store::TableFiles;
use crate::survey::{Circle, Kind, Policy, Survey};
use crate::tabulate::{Scope, scope_ids};

/// Explains why a cell is withheld from a circle, or that it is not: `name` is as in the desk's list.
pub fn explain(desk: &Desk<'_>, files: &dyn TableFiles, circle: Circle, name: &str) -> Result<String, ReleaseError> {
    let survey = desk.survey;
    let unknown = |what: String| ReleaseError::NoSuchCell { name: name.to_owned(), what };
    let (address, number) = (disclose::Address::parse(survey, name), disclose::number(survey, name));
    let scope = address.map(|address| address.scope).or(number.map(|(_, scope)| scope));
    let Some(scope) = scope else { return Err(unknown(misnamed(survey, name))) };
    let editions = ledger::read_editions(files, survey.fiscal_year)?;
    let archive = Archive::new(files, (survey.fiscal_year, desk.tabulation.clone()));
    let year = Year::new(survey, editions, files, &archive, &desk.drafts)?;
    let covered = |policy: &Policy| match disclose::is_covered(survey, policy, scope) {
        true => Ok(()),
        false => Err(unknown(not_covered(survey, circle, scope))),
    };
    type Made<'m> = (&'m Protected, &'m Beside<'m>);
    let of = |material: &Material<'_>, policy: &Policy, (protected, beside): Made<'_>| match (address, number) {
        (Some(address), _) => disclose::explain(material, policy, protected, beside, address),
        (None, Some(number)) => {
            disclose::explain_number(survey, policy, &protected.release, &protected.numbers, number)
        }
        (None, None) => None,
    };
    let nothing =
        || unknown("there is no such figure: nobody there was asked, or nothing is compared with it".to_owned());
    if let Some(edition) = year.editions.standing(circle).cloned() {
        let said = format!("edition {}, released {}\n", edition.number, edition.released_at);
        let standing = super::erratum::standing(&year, &edition)?;
        covered(&standing.policy)?;
        let explained = year.ask_of_edition(&standing, |protected, beside| {
            of(&standing.basis.material(), &standing.policy, (protected, beside))
        });
        return match explained? {
            Some(text) => text.map(|text| said + &text).ok_or_else(nothing),
            None => {
                Ok(said + "another version of this program released it, which withheld other cells than this one\n")
            }
        };
    }
    let draft = year.draft(circle)?;
    let draft = draft.ok_or_else(|| unknown("the year's file names no policy for this circle".to_owned()))?;
    covered(&draft.policy)?;
    let text =
        year.ask_of_draft(&draft, |protected, beside| of(&draft.basis.material(), &draft.policy, (protected, beside)))?;
    let refused = match draft.is_safe {
        true => "",
        false => "nothing may be released as it stands, and this is what would be: `cssa disclose` says why\n",
    };
    text.map(|text| format!("{refused}{text}")).ok_or_else(nothing)
}

/// The cost of each limit of a policy: a draft by the policy as it is, and with one limit after the other relaxed.
pub fn costs(
    desk: &Desk<'_>,
    files: &dyn TableFiles,
    circle: Circle,
) -> Result<Vec<(&'static str, u32, Account)>, ReleaseError> {
    let survey = desk.survey;
    let editions = ledger::read_editions(files, survey.fiscal_year)?;
    let archive = Archive::new(files, (survey.fiscal_year, desk.tabulation.clone()));
    let year = Year::new(survey, editions, files, &archive, &desk.drafts)?;
    let draft = year.draft(circle)?;
    let Some(draft) = draft else {
        let fiscal_year = survey.fiscal_year;
        return Err(ReleaseError::NoPolicy { circle: circle.word(), fiscal_year });
    };
    let costs =
        year.ask_of_draft(&draft, |_, beside| disclose::costs(&draft.basis.material(), &draft.policy, beside))?;
    Ok(costs?)
}

/// That a policy says nothing of a scope, and for whom another one does.
fn not_covered(survey: &Survey, circle: Circle, scope: Scope) -> String {
    let place = match scope_ids(survey, scope) {
        (sector, "") => sector.to_owned(),
        (sector, subsector) => format!("{sector}/{subsector}"),
    };
    let covers = |other: &&Circle| survey.policy(**other).is_some_and(|one| disclose::is_covered(survey, one, scope));
    let other = Circle::ALL.iter().filter(|other| **other != circle).find(covers);
    let other = other.map(|one| format!("; ask with `--circle {}`", one.word())).unwrap_or_default();
    format!("the policy [{}] prints nothing of {place}{other}", circle.word())
}

/// The reason for refusing the name of a cell: the first part of it that is not known.
fn misnamed(survey: &Survey, name: &str) -> String {
    let parts: Vec<&str> = name.rsplit('@').next().unwrap_or(name).split('/').collect();
    let ([sector, subsector, question] | [sector, subsector, question, _, _]) = parts[..] else {
        return "cells are named sector/sub-sector/question/item/option, and number questions \
                sector/sub-sector/question, as in internal/disclosure; what there is none of is left empty, as in \
                regional//soc//none"
            .to_owned();
    };
    let scopes: Vec<(&str, &str)> = Scope::all(survey).map(|scope| scope_ids(survey, scope)).collect();
    let named = |what: &str, names: Vec<&str>| format!("{what}: {}", names.join(", "));
    if scopes.iter().all(|(one, _)| *one != sector) {
        let sectors = scopes.iter().filter(|(_, part)| part.is_empty()).map(|(one, _)| *one);
        return named(&format!("`{sector}` is no sector; there are"), sectors.collect());
    }
    if !scopes.contains(&(sector, subsector)) {
        let parts = scopes.iter().filter(|(one, part)| *one == sector && !part.is_empty()).map(|(_, part)| *part);
        return named(&format!("`{subsector}` is no sub-sector of {sector}; there are"), parts.collect());
    }
    let Some(asked) = survey.questions.iter().find(|one| one.id == question) else {
        return format!("`{question}` is no question of fiscal year {}", survey.fiscal_year);
    };
    let place = format!("{sector}/{subsector}/{question}");
    match asked.kind {
        Kind::Number => return format!("`{question}` is a number question: its one cell is {place}"),
        Kind::Text => return format!("`{question}` is a free text, of which nothing is counted"),
        _ => {}
    }
    let [_, _, _, item, option] = parts[..] else {
        return format!(
            "`{question}` is no number question: its cells are {sector}/{subsector}/{question}/item/option"
        );
    };
    if survey.prompt(question, item).is_none() {
        let items: Vec<&str> = asked.items.iter().map(|one| one.id.as_str()).collect();
        if items.is_empty() {
            return format!(
                "{question} has no items: leave `{item}` out, as in {sector}/{subsector}/{question}//{option}"
            );
        }
        return named(&format!("`{item}` is no item of {question}; there are"), items);
    }
    if option.is_empty() {
        return format!("an option or net of {question} has to be named, or `base`, as in {place}/{item}/base");
    }
    let options = asked.categories().map(|one| asked.category_id(one)).chain(["base"]);
    named(&format!("`{option}` is no option or net of {question}; there are"), options.collect())
}
