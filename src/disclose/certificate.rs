//! The certificate of a release: what was done to it and what an attack found, for programs and for people.
//!
//! Readers are told how many cells are withheld, and not for which reasons: of a table in which a single cell
//! is, the reason would tell what kind of count it is. The desk has both.

use std::collections::BTreeMap;

use serde_json::json;

use super::protect::Protected;
use super::released::Reader;
use crate::survey::{Limit, Policy, Survey};

/// What became of what was made: it rests on the earlier releases as well.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'a> {
    /// The hash over all tables.
    pub hash: &'a str,
    /// Whether nothing in it, or beside the earlier releases, can be computed that must not be.
    pub passes: bool,
    /// When it was released, if it was.
    pub released_at: Option<&'a str>,
}

/// The certificate for programs, as the desk has it or a reader. It holds no figure of the tables.
pub fn certificate(
    survey: &Survey,
    policy: &Policy,
    protected: &Protected,
    reader: Reader,
    verdict: Verdict<'_>,
) -> serde_json::Value {
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let limits: serde_json::Map<String, serde_json::Value> = limits(policy)
        .into_iter()
        .map(|(name, _, limit)| (name.to_owned(), json!({ "value": limit.value, "authority": limit.authority })))
        .collect();
    let mut cells = json!({
        "published": account.published,
        "coarsened": account.coarsened,
        "withheld": sum(&account.primary) + account.secondary,
        "withheld_by_whole_rows": account.by_whole_rows,
    });
    let mut figures_of_numbers = json!({
        "means": numbers.means,
        "means_withheld": sum(&numbers.primary) + numbers.secondary,
        "quartiles": numbers.quartiles,
        "quartiles_withheld": sum(&numbers.quartiles_withheld),
        "outsider": numbers.attacks,
        "own_answers": numbers.coalitions,
        "narrowest_per_cent": numbers.narrowest,
        "opened": protected.numbers.openings.len(),
    });
    if account.against_policy + numbers.against_policy > 0 {
        cells["published_before_against_policy"] = json!(account.against_policy);
        figures_of_numbers["means_published_before_against_policy"] = json!(numbers.against_policy);
    }
    if reader == Reader::Desk {
        cells["withheld_primary"] = json!(account.primary);
        cells["withheld_secondary"] = json!(account.secondary);
        figures_of_numbers["means_withheld_primary"] = json!(numbers.primary);
        figures_of_numbers["means_withheld_secondary"] = json!(numbers.secondary);
        figures_of_numbers["quartiles_withheld_for"] = json!(numbers.quartiles_withheld);
    }
    json!({
        "survey": survey.title,
        "fiscal_year": survey.fiscal_year,
        "circle": policy.circle.word(),
        "release": verdict.hash,
        "passes": verdict.passes,
        "released_at": verdict.released_at,
        "policy": limits,
        "system": { "cells": account.cells, "derived": account.derived, "relations": account.relations },
        "cells": cells,
        "attacks": {
            "parts": account.parts,
            "outsider": account.attacks,
            "own_answers": account.coalitions,
            "narrowest_interval": account.narrowest,
            "opened": protected.openings.len(),
        },
        "numbers": figures_of_numbers,
    })
}

/// How many values there are of all keys.
fn sum(tally: &BTreeMap<&'static str, usize>) -> usize {
    tally.values().sum()
}

/// The limits of a policy, with their names and how a reader calls them.
fn limits(policy: &Policy) -> Vec<(&'static str, &'static str, &Limit)> {
    vec![
        ("minimum_base", "母数の下限（先）", &policy.minimum_base),
        ("minimum_count", "件数と残りの下限（先）", &policy.minimum_count),
        ("zero_and_all_from", "0と全数を示す母数の下限（先）", &policy.zero_and_all_from),
        ("narrowest_interval", "秘匿したセルを推定できる幅の下限（先）", &policy.narrowest_interval),
        ("coalition", "自らの回答を持ち寄る先の数（先）", &policy.coalition),
        ("coalition_interval", "その場合の幅の下限（先）", &policy.coalition_interval),
        ("quartiles_from", "四分位数を示す母数の下限（先）", &policy.quartiles_from),
        ("dominance_count", "占有：上位の先の数（先）", &policy.dominance_count),
        ("dominance_share", "占有：その割合の上限（％）", &policy.dominance_share),
        ("p_percent", "p％規則（％）", &policy.p_percent),
        ("bands_below", "割合を階級で示す母数（これに満たないとき。先）", &policy.bands_below),
    ]
}

/// The marks that stand in the tables in the place of a number, as Japanese official statistics print them.
const MARKS: [(&str, &str); 4] = [
    ("x", "秘匿した数値"),
    ("-", "該当する先がないもの"),
    ("…", "回答がなく、数値が得られないもの"),
    ("・", "尋ねた先がない、または比較できる数値がないもの"),
];

/// The certificate as a page, as the desk has it or a reader.
pub fn page(survey: &Survey, policy: &Policy, protected: &Protected, reader: Reader, verdict: Verdict<'_>) -> String {
    let Verdict { hash, passes, released_at } = verdict;
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let rows = |rows: &[(String, String)]| -> String {
        rows.iter()
            .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value)))
            .collect()
    };
    let primary = sum(&account.primary);
    let verdict = if passes {
        "この資料のどの秘匿セルも、方針の定める幅より狭く推定することはできません。割合を階級で示したセルも同じですが、階級そのものが\
         より狭い場合は、階級より狭く推定することはできません。"
    } else {
        "方針より狭く推定できるセルがあるか、これまでに公表した数字との差から回答が分かるため、公表できません。"
    };
    let narrowest = account.narrowest.map_or_else(|| "（秘匿なし）".to_owned(), |width| format!("{width}先"));
    let nearest = numbers.narrowest.map_or_else(|| "（秘匿なし）".to_owned(), |near| format!("{near}％"));
    let has_bands = policy.bands_below.value > 0;
    let but_bands = if has_bands { "（階級そのものがより狭いものを除く）" } else { "" };
    let is_for_desk = reader == Reader::Desk;
    let against = account.against_policy + numbers.against_policy;
    let done = [
        (true, "セルの数", account.cells),
        (true, "表示から導かれ得る内訳のセルの数", account.derived),
        (true, "セルの間の関係の数", account.relations),
        (true, "表示したセル", account.published),
        (against > 0, "うち方針では秘匿となるが、既に公表したため表示したもの（平均を含む）", against),
        (true, "階級で示したセル", account.coarsened),
        (true, "秘匿したセル", primary + account.secondary),
        (is_for_desk, "うち一次秘匿", primary),
        (is_for_desk, "うち二次秘匿", account.secondary),
        (true, "（参考）設問全体を秘匿する方法による場合の秘匿セル", account.by_whole_rows),
        (true, "表示した平均", numbers.means),
        (true, "秘匿した平均", sum(&numbers.primary) + numbers.secondary),
        (is_for_desk, "うち一次秘匿", sum(&numbers.primary)),
        (is_for_desk, "うち二次秘匿", numbers.secondary),
        (true, "四分位数を表示した区分", numbers.quartiles),
        (true, "四分位数を秘匿した区分", sum(&numbers.quartiles_withheld)),
    ];
    let done = done.into_iter().filter(|(is_shown, ..)| *is_shown);
    let done: Vec<(String, String)> = done.map(|(_, name, number)| (name.to_owned(), number.to_string())).collect();
    let done = rows(&done);
    let attacks = rows(&[
        ("外部の者による推定を試みたセル".to_owned(), account.attacks.to_string()),
        ("自らの回答を知る先による推定（回答の組合せ）".to_owned(), account.coalitions.to_string()),
        (format!("外部の者が推定できる最も狭い幅{but_bands}"), narrowest),
        ("秘匿した平均の合計を最も近く推定できる差（最大の先の数に対する割合）".to_owned(), nearest),
    ]);
    let limits = limits(policy).into_iter().map(|(_, name, limit)| {
        format!("<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n", escaped(name), limit.value, escaped(&limit.authority))
    });
    let limits: String = limits.collect();
    let yes = |is_so: bool| if is_so { "表示する" } else { "表示しない" };
    let never = policy.never.iter().map(|sector| survey.sectors[sector.position()].name.as_str()).collect::<Vec<_>>();
    let classes = policy.bands.windows(2).map(|pair| match pair[1] {
        100 => format!("{}％以上", pair[0]),
        to => format!("{}％以上{to}％未満", pair[0]),
    });
    let classes: Vec<String> = classes.collect();
    let others = [
        (has_bands, "割合の階級", classes.join("、")),
        // Of these nobody else is told even that they were asked.
        (is_for_desk && !never.is_empty(), "表示しない業態", never.join("、")),
        (true, "内訳（業態の下の区分）", yes(policy.subsectors).to_owned()),
        (true, "両年回答先だけの数字", yes(policy.panel).to_owned()),
    ];
    let others = others.into_iter().filter(|(is_shown, ..)| *is_shown);
    let others: Vec<(String, String)> = others.map(|(_, name, value)| (name.to_owned(), value)).collect();
    let others = rows(&others);
    let legend = MARKS.map(|(mark, meaning)| format!("<tr><th>{mark}</th><td>{meaning}</td></tr>\n")).concat();
    let circle = match policy.circle {
        crate::survey::Circle::Public => "公表",
        crate::survey::Circle::Feedback => "還元",
    };
    let standing = match (passes, released_at) {
        (true, Some(time)) => format!("{circle}：{time}"),
        (true, None) => format!("{circle}（案）"),
        (false, _) => format!("{circle}不可"),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>秘匿の証明</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 46em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; font-weight: normal; vertical-align: top; }}\n\
         td:nth-child(2) {{ text-align: right; white-space: nowrap; }}\n\
         .marks td {{ text-align: left; white-space: normal; }}\n</style>\n</head>\n<body>\n\
         <h1>秘匿の証明</h1>\n<p>{}（{}）　{standing}</p>\n<p>{verdict}</p>\n\
         <h2>秘匿の結果</h2>\n<table>\n{done}</table>\n<h2>推定の試み</h2>\n<table>\n{attacks}</table>\n\
         <h2>方針</h2>\n<table>\n{limits}</table>\n<table class=\"marks\">\n{others}</table>\n\
         <h2>表の記号</h2>\n<table class=\"marks\">\n{legend}</table>\n<p>表の識別（distributions.csv、numbers.csv、changes.csv をこの順に連ねた SHA-256）：{hash}</p>\n</body>\n</html>\n",
        escaped(&survey.title),
        survey.year_name(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
