//! The certificate of a release: what was done to it and what an attack found, for programs and for people.

use serde_json::json;

use super::protect::Protected;
use crate::survey::{Limit, Policy, Survey};

/// The certificate for programs. It holds no figure of the tables.
pub fn certificate(survey: &Survey, policy: &Policy, protected: &Protected, hash: &str) -> serde_json::Value {
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let limits: serde_json::Map<String, serde_json::Value> = limits(policy)
        .into_iter()
        .map(|(name, _, limit)| (name.to_owned(), json!({ "value": limit.value, "authority": limit.authority })))
        .collect();
    json!({
        "survey": survey.title,
        "fiscal_year": survey.fiscal_year,
        "circle": policy.circle.word(),
        "release": hash,
        "is_released": protected.is_safe(),
        "policy": limits,
        "system": { "cells": account.cells, "relations": account.relations },
        "cells": {
            "published": account.published,
            "coarsened": account.coarsened,
            "withheld_primary": account.primary,
            "withheld_secondary": account.secondary,
            "withheld_by_whole_rows": account.by_whole_rows,
        },
        "attacks": {
            "parts": account.parts,
            "outsider": account.attacks,
            "own_answers": account.coalitions,
            "narrowest_interval": account.narrowest,
            "opened": protected.openings.len(),
        },
        "numbers": {
            "means": numbers.means,
            "withheld_primary": numbers.primary,
            "withheld_secondary": numbers.secondary,
            "quartiles": numbers.quartiles,
            "quartiles_withheld": numbers.quartiles_withheld,
            "outsider": numbers.attacks,
            "own_answers": numbers.coalitions,
            "narrowest_per_cent": numbers.narrowest,
            "opened": protected.numbers.openings.len(),
        },
    })
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
        ("bands_below", "割合を階級で示す母数の上限（先）", &policy.bands_below),
    ]
}

/// The certificate as a page.
pub fn page(survey: &Survey, policy: &Policy, protected: &Protected, hash: &str) -> String {
    let account = &protected.account;
    let numbers = &protected.numbers.account;
    let rows = |rows: &[(String, String)]| -> String {
        rows.iter()
            .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value)))
            .collect()
    };
    let primary: usize = account.primary.values().sum();
    let verdict = if protected.is_safe() {
        "この公表物のどの秘匿セルも、方針の定める幅より狭く推定することはできません。"
    } else {
        "方針より狭く推定できるセルがあるため、公表できません。"
    };
    let narrowest = account.narrowest.map_or_else(|| "（秘匿なし）".to_owned(), |width| format!("{width}先"));
    let nearest = numbers.narrowest.map_or_else(|| "（秘匿なし）".to_owned(), |near| format!("{near}％"));
    let done = rows(&[
        ("セルの数".to_owned(), account.cells.to_string()),
        ("セルの間の関係の数".to_owned(), account.relations.to_string()),
        ("表示したセル".to_owned(), account.published.to_string()),
        ("階級で示したセル".to_owned(), account.coarsened.to_string()),
        ("一次秘匿".to_owned(), primary.to_string()),
        ("二次秘匿".to_owned(), account.secondary.to_string()),
        ("設問ごと秘匿した場合の秘匿セル".to_owned(), account.by_whole_rows.to_string()),
        ("表示した平均".to_owned(), numbers.means.to_string()),
        ("平均の一次秘匿".to_owned(), numbers.primary.values().sum::<usize>().to_string()),
        ("平均の二次秘匿".to_owned(), numbers.secondary.to_string()),
        ("四分位数を表示した区分".to_owned(), numbers.quartiles.to_string()),
        ("四分位数を秘匿した区分".to_owned(), numbers.quartiles_withheld.values().sum::<usize>().to_string()),
    ]);
    let attacks = rows(&[
        ("外部の者による推定を試みたセル".to_owned(), account.attacks.to_string()),
        ("自らの回答を知る先による推定（回答の組合せ）".to_owned(), account.coalitions.to_string()),
        ("外部の者が推定できる最も狭い幅".to_owned(), narrowest),
        ("秘匿した平均の合計を最も近く推定できる差（最大の先の数に対する割合）".to_owned(), nearest),
    ]);
    let limits = limits(policy).into_iter().map(|(_, name, limit)| {
        format!("<tr><th>{}</th><td>{}</td><td>{}</td></tr>\n", escaped(name), limit.value, escaped(&limit.authority))
    });
    let limits: String = limits.collect();
    let circle = match policy.circle {
        crate::survey::Circle::Public => "公表",
        crate::survey::Circle::Feedback => "還元",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<title>秘匿の証明</title>\n<style>\n\
         body {{ font-family: \"BIZ UDPGothic\", \"Yu Gothic\", sans-serif; max-width: 46em; margin: 2em auto; line-height: 1.6; }}\n\
         table {{ border-collapse: collapse; width: 100%; margin-bottom: 1.5em; }}\n\
         th, td {{ border-bottom: 1px solid #bbb; padding: .3em .5em; text-align: left; font-weight: normal; vertical-align: top; }}\n\
         td:nth-child(2) {{ text-align: right; white-space: nowrap; }}\n</style>\n</head>\n<body>\n\
         <h1>秘匿の証明</h1>\n<p>{}（{}）　{circle}</p>\n<p>{verdict}</p>\n\
         <h2>秘匿の結果</h2>\n<table>\n{done}</table>\n<h2>推定の試み</h2>\n<table>\n{attacks}</table>\n\
         <h2>方針</h2>\n<table>\n{limits}</table>\n<p>公表物の識別（SHA-256）：{hash}</p>\n</body>\n</html>\n",
        escaped(&survey.title),
        survey.year_name(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
