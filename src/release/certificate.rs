//! The certificate of a release: the withheld cells and the proof of their protection, for programs and for people.
//!
//! Readers are told how many cells are withheld, and not by which rules: of a table in which a single cell is, the
//! rule would tell what kind of count it is. The desk has both.

use std::collections::BTreeMap;

use serde_json::json;

use crate::disclose::{Account, Protected, Reader};
use crate::survey::{Circle, Limit, Policy, Survey};
use crate::texts::{CertificateTexts, LimitTexts, MarkTexts, Texts, mark};

/// The result of disclosure control for a release.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdict<'a> {
    /// The hash over all tables.
    pub hash: &'a str,
    /// Whether no attack opens anything.
    pub passes: bool,
    /// When it was released, if it was.
    pub released_at: Option<&'a str>,
    /// Which edition it is, if it was released.
    pub edition: Option<u32>,
    /// Why it corrects the edition before; empty where it does not.
    pub reason: &'a str,
    /// The institutions of which comparing it with the edition before reveals an adverse answer, and of which the
    /// authority has accepted that.
    pub accepted: &'a [String],
}

/// The certificate for programs, as the desk has it or a reader. It holds no figure of the tables.
pub fn certificate(
    survey: &Survey,
    policy: &Policy,
    protected: &Protected,
    reader: Reader,
    verdict: Verdict<'_>,
) -> serde_json::Value {
    let Account { by_rule, secondary, .. } = &protected.account;
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let limits: serde_json::Map<String, serde_json::Value> = limits(policy, &survey.texts().certificate.limits)
        .into_iter()
        .map(|(name, _, limit)| (name.to_owned(), json!({ "value": limit.value, "authority": limit.authority })))
        .collect();
    let mut cells = json!({
        "published": account.published,
        "shares": account.shares,
        "withheld": protected.withheld.len(),
    });
    let mut of_numbers = json!({
        "means": numbers.means,
        "means_withheld": sum(&numbers.withheld),
        "quartiles": numbers.quartiles,
        "quartiles_withheld": sum(&numbers.quartiles_withheld),
    });
    let mut certificate = json!({
        "survey": survey.title,
        "fiscal_year": survey.fiscal_year,
        "circle": policy.circle.word(),
        "release": verdict.hash,
        "passes": verdict.passes,
        "released_at": verdict.released_at,
        "edition": verdict.edition,
        "policy": limits,
        "system": { "cells": account.cells, "derived": account.derived, "relations": account.relations },
        "tables": { "all": account.tables, "whole": account.whole_tables },
        "attacks": {
            "parts": account.parts,
            "cells": account.attacked,
            "own_answers": account.classes,
            "narrowest_interval": account.narrowest,
            "opened": protected.openings.len(),
        },
    });
    if !verdict.reason.is_empty() {
        certificate["corrects_because"] = json!(verdict.reason);
    }
    if reader == Reader::Desk {
        cells["withheld_by_rule"] = json!(by_rule);
        cells["withheld_to_protect"] = json!(secondary);
        of_numbers["means_withheld_by_rule"] = json!(numbers.withheld);
        of_numbers["quartiles_withheld_by_rule"] = json!(numbers.quartiles_withheld);
        certificate["accepted_revealed"] = json!(verdict.accepted);
    } else if !verdict.accepted.is_empty() {
        certificate["accepted_revealed"] = json!(verdict.accepted.len());
    }
    certificate["cells"] = cells;
    certificate["numbers"] = of_numbers;
    certificate
}

fn sum(tally: &BTreeMap<&'static str, usize>) -> usize {
    tally.values().sum()
}

/// The limits of a policy, with their names and how a reader calls them.
fn limits<'p>(policy: &'p Policy, texts: &LimitTexts) -> Vec<(&'static str, &'static str, &'p Limit)> {
    vec![
        ("minimum_base", texts.minimum_base, &policy.minimum_base),
        ("minimum_count", texts.minimum_count, &policy.minimum_count),
        ("small_counts_below", texts.small_counts_below, &policy.small_counts_below),
        ("adverse_all_but", texts.adverse_all_but, &policy.adverse_all_but),
        ("narrowest_interval", texts.narrowest_interval, &policy.narrowest_interval),
        ("own_answer_interval", texts.own_answer_interval, &policy.own_answer_interval),
        ("quartiles_from", texts.quartiles_from, &policy.quartiles_from),
        ("dominance_count", texts.dominance_count, &policy.dominance_count),
        ("dominance_share", texts.dominance_share, &policy.dominance_share),
        ("p_percent", texts.p_percent, &policy.p_percent),
        ("bands_below", texts.bands_below, &policy.bands_below),
    ]
}

/// The certificate as a page, as the desk has it or a reader.
pub fn page(survey: &Survey, policy: &Policy, protected: &Protected, reader: Reader, verdict: Verdict<'_>) -> String {
    let all = survey.texts();
    let texts = &all.certificate;
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let is_for_desk = reader == Reader::Desk;
    let row = |name: &str, value: &str| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value));
    let counted = |rows: &[(bool, &str, usize)]| -> String {
        let shown = rows.iter().filter(|(is_shown, ..)| *is_shown);
        shown.map(|(_, name, number)| row(name, &number.to_string())).collect()
    };
    let by_rule: usize = account.by_rule.values().sum();
    let outcome = &texts.outcome;
    let done = counted(&[
        (true, outcome.tables, account.tables),
        (true, outcome.whole_tables, account.whole_tables),
        (true, outcome.cells, account.cells),
        (true, outcome.published, account.published),
        (true, outcome.shares, account.shares),
        (true, outcome.withheld, protected.withheld.len()),
        (is_for_desk, outcome.by_rule, by_rule),
        (is_for_desk, outcome.secondary, account.secondary),
        (true, outcome.means, numbers.means),
        (true, outcome.means_withheld, sum(&numbers.withheld)),
        (true, outcome.quartiles, numbers.quartiles),
        (true, outcome.quartiles_withheld, sum(&numbers.quartiles_withheld)),
    ]);
    let narrowest =
        account.narrowest.map_or_else(|| texts.no_interval.to_owned(), |width| (texts.at_least)(&width.to_string()));
    let attacks = [
        row(texts.attacked, &account.attacked.to_string()),
        row(texts.own_answers, &account.classes.to_string()),
        row(texts.narrowest, &narrowest),
        row(texts.opened, &protected.openings.len().to_string()),
    ];
    let limits = limits(policy, &texts.limits).into_iter().map(|(_, name, limit)| {
        format!("<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n", escaped(name), limit.value, escaped(&limit.authority))
    });
    let limits: String = limits.collect();
    let classes = policy.bands.windows(2).map(|pair| match pair[1] {
        100 => (texts.class_from)(pair[0]),
        to => (texts.class)(pair[0], to),
    });
    let classes: Vec<String> = classes.collect();
    let never = policy.never.iter().map(|sector| survey.sectors[sector.position()].name.as_str()).collect::<Vec<_>>();
    let subsectors = if policy.subsectors { texts.shown } else { texts.not_shown };
    let others = [
        (account.shares > 0, row(texts.classes, &classes.join(all.punctuation.comma))),
        // Readers are not told even that these sectors were asked.
        (is_for_desk && !never.is_empty(), row(texts.never, &never.join(all.punctuation.comma))),
        (true, row(texts.subsectors, subsectors)),
    ];
    let others: String = others.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, row)| row).collect();
    let legend: String = marks(&texts.marks).iter().map(|(mark, meaning)| row(mark, meaning)).collect();
    let circle = match policy.circle {
        Circle::Public => all.release.public,
        Circle::Feedback => all.release.feedback,
    };
    let standing = match (verdict.passes, verdict.released_at, verdict.edition) {
        (false, ..) => (texts.refused)(circle),
        (true, Some(time), Some(edition)) => (texts.released)(circle, time, &(all.release.edition)(edition)),
        (true, ..) => (texts.prepared)(circle),
    };
    let proven: String = match verdict.passes {
        true => texts.proven.map(|sentence| format!("<li>{sentence}</li>\n")).concat(),
        false => format!("<li>{}</li>\n", texts.not_proven),
    };
    let erratum = erratum(all, is_for_desk, &verdict);
    let subject = (texts.subject)(&escaped(&survey.title), &survey.year_name(), &standing);
    let CertificateTexts {
        title, proven_heading, outcome_heading, attack_heading, policy_heading, mark_heading, ..
    } = texts;
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 46em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; font-weight: normal; vertical-align: top; }}\n\
         td:nth-child(2) {{ text-align: right; white-space: nowrap; }}\n\
         .marks td {{ text-align: left; white-space: normal; }}\n</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n<p>{subject}</p>\n{erratum}\
         <h2>{proven_heading}</h2>\n<ul>\n{proven}</ul>\n\
         <h2>{outcome_heading}</h2>\n<table>\n{done}</table>\n<h2>{attack_heading}</h2>\n<table>\n{}</table>\n\
         <h2>{policy_heading}</h2>\n<table>\n{limits}</table>\n<table class=\"marks\">\n{others}</table>\n\
         <h2>{mark_heading}</h2>\n<table class=\"marks\">\n{legend}</table>\n\
         <p>{}</p>\n</body>\n</html>\n",
        all.tag,
        attacks.concat(),
        (texts.hash)(verdict.hash),
    )
}

/// The marks that stand in the tables in the place of a number, with their meanings.
fn marks(texts: &MarkTexts) -> [(&'static str, &'static str); 5] {
    [
        (mark::WITHHELD, texts.withheld),
        (mark::NONE, texts.none),
        (mark::NOT_AVAILABLE, texts.not_available),
        (mark::NOT_APPLICABLE, texts.not_applicable),
        (texts.share, texts.share_meaning),
    ]
}

/// The paragraph of a corrected edition on its correction. Only the desk's copy has the names.
fn erratum(all: &Texts, is_for_desk: bool, verdict: &Verdict<'_>) -> String {
    if verdict.reason.is_empty() {
        return String::new();
    }
    let texts = &all.certificate;
    let accepted = match (verdict.accepted, is_for_desk) {
        ([], _) => texts.reveals_nothing.to_owned(),
        (codes, true) => (texts.reveals_these)(&codes.join(all.punctuation.comma)),
        (codes, false) => (texts.reveals_some)(codes.len()),
    };
    format!("<p>{}</p>\n<p>{}</p>\n", (texts.correction)(&escaped(verdict.reason)), escaped(&accepted))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
