//! Why a cell is withheld, asked for by its name.

use super::comparison::{TwoYears, ledger_file, two_years};
use super::corrections::held_against;
use super::making::{Making, Told, agrees, material, told_before};
use super::{PipelineError, Settings, collection, load};
use crate::compare::Replies;
use crate::disclose::{self, Contributions, History, Known, Protected};
use crate::store::Store;
use crate::survey::{Circle, Kind, Ledger, Policy, Survey};
use crate::tabulate::{self, Scope, Tabulation, scope_ids};

/// Explains why a cell is withheld for a circle, or that it is not: `name` is as in the desk's list.
pub fn explain_disclosure(settings: &Settings, circle: Circle, name: &str) -> Result<String, PipelineError> {
    let (survey, _) = load(&settings.year_file)?;
    let unknown = |what: String| PipelineError::NoSuchCell { name: name.to_owned(), what };
    let (spot, number) = (disclose::spot(&survey, name), disclose::number(&survey, name));
    if spot.is_none() && number.is_none() {
        return Err(unknown(misnamed(&survey, name)));
    }
    let policy = survey.policy(circle);
    let policy = policy.ok_or_else(|| unknown("the year's file names no policy for this circle".to_owned()))?;
    let scope = spot.map(|spot| spot.scope).or(number.map(|(_, scope)| scope));
    if let Some(scope) = scope.filter(|scope| !disclose::is_covered(&survey, policy, *scope)) {
        return Err(unknown(not_covered(&survey, circle, scope)));
    }
    let store = collection::open(&collection::store_to_read(settings.store.as_deref(), &survey), &survey, true)?;
    let tabulation = tabulate::tabulate(&survey, &store)?;
    let ledger = match ledger_file(settings, &survey) {
        Some(path) => Ledger::load(path, &survey)?,
        None => Ledger::default(),
    };
    let desk = Desk {
        survey: &survey,
        store: &store,
        tabulation: &tabulation,
        two_years: two_years(&survey, &ledger, &tabulation, &store)?.ok(),
        replies: Replies::read(&survey, &survey, &store)?,
        contributions: Contributions::read(&survey, &store)?,
    };
    let public = match (circle, survey.policy(Circle::Public)) {
        (Circle::Feedback, Some(public)) => Some(desk.make(public, None)?),
        _ => None,
    };
    let own = desk.make(policy, public.as_ref())?;
    // What is refused for one circle is released to none.
    let feedback = match (circle, survey.policy(Circle::Feedback)) {
        (Circle::Public, Some(feedback)) => Some(desk.make(feedback, Some(&own))?),
        _ => None,
    };
    let all = [public.as_ref(), Some(&own), feedback.as_ref()].into_iter().flatten();
    let is_refused = all.into_iter().any(|one| one.is_unmasking || !one.protected.is_safe());
    let Explained { protected, told, known, .. } = own;
    let material = desk.material(told.as_ref());
    let explained = match (spot, number) {
        (Some(spot), _) => disclose::explain(&material, policy, &protected, &known, spot),
        (None, Some(number)) => disclose::explain_number(&survey, policy, &protected, number),
        (None, None) => None,
    };
    let refused = match is_refused {
        true => "nothing may be released as it stands, and this is what would be: `cssa disclose` says why\n",
        false => "",
    };
    let explained = explained.map(|text| format!("{refused}{text}"));
    let nothing = "there is no such figure: nobody there was asked, or nothing is compared with it";
    explained.ok_or_else(|| unknown(nothing.to_owned()))
}

/// All that a release is made from, for every circle.
struct Desk<'a> {
    survey: &'a Survey,
    store: &'a Store,
    tabulation: &'a Tabulation,
    two_years: Option<TwoYears>,
    replies: Replies,
    contributions: Contributions,
}

impl Desk<'_> {
    /// Makes a release by a policy, beside what is public, as `disclose` does; and what is told of last year.
    fn make(&self, policy: &Policy, public: Option<&Explained>) -> Result<Explained, PipelineError> {
        let told_to_public = public.and_then(|public| public.told.as_ref());
        let told = match &self.two_years {
            Some(two_years) => told_before(self.survey, policy.circle, two_years, told_to_public, self.store)?.told(),
            None => None,
        };
        let history = History::read(self.survey, policy.circle, self.store)?;
        let making = Making {
            material: self.material(told.as_ref()),
            contributions: &self.contributions,
            policy,
            public: public.map(|public| &public.protected).filter(|one| one.is_safe()).map(|one| &one.release),
        };
        agrees(self.survey, &making.material, policy, &making.known(&history))?;
        let (protected, known) = (making.protected(&history), making.known(&history));
        let (_, is_unmasking) = held_against(&making, &history, &protected.release);
        Ok(Explained { protected, told, known, is_unmasking })
    }

    fn material<'b>(&'b self, told: Option<&'b Told>) -> disclose::Material<'b> {
        material(self.survey, self.tabulation, &self.replies, self.two_years.as_ref().zip(told))
    }
}

/// A release as `disclose` makes it.
struct Explained {
    protected: Protected,
    /// What is told of last year.
    told: Option<Told>,
    /// What its readers know already.
    known: Known,
    /// Whether it would show answers beside what was given before.
    is_unmasking: bool,
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

/// What is wrong with the name of a cell: the first part of it that is not known.
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
