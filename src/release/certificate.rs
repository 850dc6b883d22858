//! The certificate of a release: the withheld cells and the proof of their protection, for programs and for people.
//!
//! Readers are told how many cells are withheld, and not by which rules: of a table in which a single cell is, the
//! rule would tell what kind of count it is. The desk has both.

use std::collections::BTreeMap;

use serde_json::json;

use crate::disclose::{Account, Protected, Reader};
use crate::survey::{Circle, Limit, Policy, Survey};

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
    let limits: serde_json::Map<String, serde_json::Value> = limits(policy)
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
fn limits(policy: &Policy) -> Vec<(&'static str, &'static str, &Limit)> {
    vec![
        ("minimum_base", "母数の下限（先）", &policy.minimum_base),
        ("minimum_count", "件数と残りの下限（小さな母数の場合。先）", &policy.minimum_count),
        ("small_counts_below", "件数と残りの下限を用いる母数（これに満たないとき。先）", &policy.small_counts_below),
        (
            "adverse_all_but",
            "不利な回答をしていない先がこの数以下のとき、母数によらず秘匿（先）",
            &policy.adverse_all_but,
        ),
        ("narrowest_interval", "秘匿したセルを推定できる幅の下限（先）", &policy.narrowest_interval),
        ("own_answer_interval", "自らの回答を知る先が推定できる幅の下限（先）", &policy.own_answer_interval),
        ("quartiles_from", "四分位数を示す母数の下限（先）", &policy.quartiles_from),
        ("dominance_count", "占有：上位の先の数（先）", &policy.dominance_count),
        ("dominance_share", "占有：その割合の上限（％）", &policy.dominance_share),
        ("p_percent", "p％規則（％）", &policy.p_percent),
        ("bands_below", "割合を階級で示す母数（これに満たないとき。先）", &policy.bands_below),
    ]
}

/// The marks that stand in the tables in the place of a number, as Japanese official statistics print them.
const MARKS: [(&str, &str); 5] = [
    ("x", "秘匿した数値"),
    ("-", "該当する先がないもの"),
    ("…", "回答がなく、数値が得られないもの"),
    ("・", "尋ねた先がない、または比較できる数値がないもの"),
    ("母数のない割合", "母数を秘匿し、割合を整数または階級で示したもの"),
];

/// The proven statements, in the words of the certificate.
const PROVEN: [&str; 3] = [
    "基準により秘匿したセル（件数が少ないもの、母数が小さいもの、全先またはほぼ全先が不利な回答をしたもの）には、表示したすべての数値と\
     矛盾しない別の表が存在し、その値が取り得る最小と最大は、方針の定める幅以上離れています。表示した合計から導かれる範囲がより狭い場合は、その範囲までです。",
    "自らの回答を知る回答先が一先で推定する場合も、同様に方針の定める幅を確保しています。",
    "秘匿の方針を知る読み手に対しては、「x」の値が一つに定まらないことを確認しています。自らの回答と方針とを併せた推論、及び秘匿の計算手順まで用いた推論は対象としていません。",
];

/// The certificate as a page, as the desk has it or a reader.
pub fn page(survey: &Survey, policy: &Policy, protected: &Protected, reader: Reader, verdict: Verdict<'_>) -> String {
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let is_for_desk = reader == Reader::Desk;
    let row = |name: &str, value: &str| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value));
    let counted = |rows: &[(bool, &str, usize)]| -> String {
        let shown = rows.iter().filter(|(is_shown, ..)| *is_shown);
        shown.map(|(_, name, number)| row(name, &number.to_string())).collect()
    };
    let by_rule: usize = account.by_rule.values().sum();
    let done = counted(&[
        (true, "表（設問・項目と業態等の組）の数", account.tables),
        (true, "うちすべてのセルを表示した表", account.whole_tables),
        (true, "セルの数", account.cells),
        (true, "表示したセル", account.published),
        (true, "割合を整数または階級で示したセル", account.shares),
        (true, "秘匿したセル", protected.withheld.len()),
        (is_for_desk, "うち基準によるもの（一次秘匿）", by_rule),
        (is_for_desk, "うち他のセルを守るためのもの（二次秘匿）", account.secondary),
        (true, "表示した平均", numbers.means),
        (true, "秘匿した平均", sum(&numbers.withheld)),
        (true, "四分位数を表示した区分", numbers.quartiles),
        (true, "四分位数を秘匿した区分", sum(&numbers.quartiles_withheld)),
    ]);
    let narrowest = account.narrowest.map_or_else(|| "（該当なし）".to_owned(), |width| format!("{width}先以上"));
    let attacks = [
        row("推定を試みたセル", &account.attacked.to_string()),
        row("自らの回答を知る先による推定（回答の組合せ）", &account.classes.to_string()),
        row("基準により秘匿したセルについて確認した最も狭い幅", &narrowest),
        row("推定されたセル", &protected.openings.len().to_string()),
    ];
    let limits = limits(policy).into_iter().map(|(_, name, limit)| {
        format!("<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n", escaped(name), limit.value, escaped(&limit.authority))
    });
    let limits: String = limits.collect();
    let classes = policy.bands.windows(2).map(|pair| match pair[1] {
        100 => format!("{}％以上", pair[0]),
        to => format!("{}％以上{to}％未満", pair[0]),
    });
    let classes: Vec<String> = classes.collect();
    let never = policy.never.iter().map(|sector| survey.sectors[sector.position()].name.as_str()).collect::<Vec<_>>();
    let subsectors = if policy.subsectors { "表示する" } else { "表示しない" };
    let others = [
        (account.shares > 0, row("割合の階級", &classes.join("、"))),
        // Readers are not told even that these sectors were asked.
        (is_for_desk && !never.is_empty(), row("表示しない業態", &never.join("、"))),
        (true, row("内訳（業態の下の区分）", subsectors)),
    ];
    let others: String = others.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, row)| row).collect();
    let legend: String = MARKS.iter().map(|(mark, meaning)| row(mark, meaning)).collect();
    let circle = match policy.circle {
        Circle::Public => "公表",
        Circle::Feedback => "還元",
    };
    let standing = match (verdict.passes, verdict.released_at, verdict.edition) {
        (false, ..) => format!("{circle}不可"),
        (true, Some(time), Some(edition)) => format!("{circle}：{time}　第{edition}版"),
        (true, ..) => format!("{circle}（案）"),
    };
    let proven: String = match verdict.passes {
        true => PROVEN.map(|sentence| format!("<li>{sentence}</li>\n")).concat(),
        false => "<li>方針より狭く推定できるセルがあるため、公表できません。</li>\n".to_owned(),
    };
    let erratum = erratum(is_for_desk, &verdict);
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>秘匿の証明</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 46em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; font-weight: normal; vertical-align: top; }}\n\
         td:nth-child(2) {{ text-align: right; white-space: nowrap; }}\n\
         .marks td {{ text-align: left; white-space: normal; }}\n</style>\n</head>\n<body>\n\
         <h1>秘匿の証明</h1>\n<p>{}（{}）　{standing}</p>\n{erratum}\
         <h2>確認した事項</h2>\n<ul>\n{proven}</ul>\n\
         <h2>秘匿の結果</h2>\n<table>\n{done}</table>\n<h2>推定の試み</h2>\n<table>\n{}</table>\n\
         <h2>方針</h2>\n<table>\n{limits}</table>\n<table class=\"marks\">\n{others}</table>\n\
         <h2>表の記号</h2>\n<table class=\"marks\">\n{legend}</table>\n\
         <p>表の識別（distributions.csv、numbers.csv、changes.csv をこの順に連ねた SHA-256）：{}</p>\n</body>\n</html>\n",
        escaped(&survey.title),
        survey.year_name(),
        attacks.concat(),
        verdict.hash,
    )
}

/// The paragraph of a corrected edition on its correction. Only the desk's copy has the names.
fn erratum(is_for_desk: bool, verdict: &Verdict<'_>) -> String {
    if verdict.reason.is_empty() {
        return String::new();
    }
    let accepted = match (verdict.accepted, is_for_desk) {
        ([], _) => "前の版との比較から、個別先の不利な回答が推定されることはありません。".to_owned(),
        (codes, true) => format!("前の版との比較から推定される先（了承済み）：{}", codes.join("、")),
        (codes, false) => {
            format!("前の版との比較から{}先の回答が推定され得ることを、公表者が確認しています。", codes.len())
        }
    };
    format!("<p>正誤：{}</p>\n<p>{}</p>\n", escaped(verdict.reason), escaped(&accepted))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
