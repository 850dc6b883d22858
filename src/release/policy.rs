//! The policy of an edition as the ledger keeps it: an edition is made again by the policy of its release, not by the
//! present one.

use serde_json::{Value, json};

use crate::survey::{Circle, Limit, Policy, Survey};

/// A limit of a policy by its name in the definition.
type Named<'p> = (&'static str, &'p Limit);

fn limits(policy: &Policy) -> [Named<'_>; 11] {
    [
        ("minimum_base", &policy.minimum_base),
        ("minimum_count", &policy.minimum_count),
        ("small_counts_below", &policy.small_counts_below),
        ("adverse_all_but", &policy.adverse_all_but),
        ("narrowest_interval", &policy.narrowest_interval),
        ("own_answer_interval", &policy.own_answer_interval),
        ("quartiles_from", &policy.quartiles_from),
        ("dominance_count", &policy.dominance_count),
        ("dominance_share", &policy.dominance_share),
        ("p_percent", &policy.p_percent),
        ("bands_below", &policy.bands_below),
    ]
}

/// A policy as text.
pub(super) fn text(survey: &Survey, policy: &Policy) -> String {
    let limit = |limit: &Limit| json!({ "value": limit.value, "authority": limit.authority });
    let limits: serde_json::Map<String, Value> =
        limits(policy).into_iter().map(|(name, one)| (name.to_owned(), limit(one))).collect();
    let never: Vec<&str> = policy.never.iter().map(|sector| survey.sectors[sector.position()].id.as_str()).collect();
    json!({ "limits": limits, "bands": policy.bands, "never": never, "subsectors": policy.subsectors }).to_string()
}

/// The policy with this text; `None` where the text is none.
pub(super) fn parse(survey: &Survey, circle: Circle, text: &str) -> Option<Policy> {
    let written: Value = serde_json::from_str(text).ok()?;
    let limit = |name: &str| {
        let one = &written["limits"][name];
        let value = u32::try_from(one["value"].as_u64()?).ok()?;
        Some(Limit { value, authority: one["authority"].as_str()?.to_owned() })
    };
    let bands = written["bands"].as_array()?.iter().map(|band| u32::try_from(band.as_u64()?).ok());
    let never = written["never"].as_array()?.iter().filter_map(|id| survey.sector_index(id.as_str()?));
    Some(Policy {
        circle,
        minimum_base: limit("minimum_base")?,
        minimum_count: limit("minimum_count")?,
        small_counts_below: limit("small_counts_below")?,
        adverse_all_but: limit("adverse_all_but")?,
        narrowest_interval: limit("narrowest_interval")?,
        own_answer_interval: limit("own_answer_interval")?,
        quartiles_from: limit("quartiles_from")?,
        dominance_count: limit("dominance_count")?,
        dominance_share: limit("dominance_share")?,
        p_percent: limit("p_percent")?,
        bands_below: limit("bands_below")?,
        bands: bands.collect::<Option<_>>()?,
        never: never.collect(),
        subsectors: written["subsectors"].as_bool()?,
    })
}

/// The differences between the policy of an edition and that of now: `minimum_base was 5 and is 10`.
pub(super) fn differences(then: &Policy, now: &Policy) -> Vec<String> {
    let pairs = limits(then).into_iter().zip(limits(now)).filter(|((_, then), (_, now))| then.value != now.value);
    let mut differences: Vec<String> =
        pairs.map(|((name, then), (_, now))| format!("{name} was {} and is {}", then.value, now.value)).collect();
    let word = |flag: bool| if flag { "true" } else { "false" };
    if then.subsectors != now.subsectors {
        differences.push(format!("subsectors was {} and is {}", word(then.subsectors), word(now.subsectors)));
    }
    if then.bands != now.bands {
        differences.push("bands are others".to_owned());
    }
    if then.never != now.never {
        differences.push("never names other sectors".to_owned());
    }
    differences
}
