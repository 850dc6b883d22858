//! Whether the percentages of two questions rest on the same respondents: those who were asked.

use super::{Comparability, Concordance, Counterpart, Likeness, Pairing};
use crate::survey::question::{Gate, Prompt, Question, Shown};

/// The mistake in a comparison of two questions whose bases do not mean the same; `None` if they do. The
/// correspondence of the deciding questions must have been read before.
pub(super) fn difference(
    concordance: &Concordance,
    now: &Question,
    before: &Question,
    pairing: &Pairing,
    questions: (&[Question], &[Question]),
) -> Option<String> {
    let items = pairing.items.as_slice();
    if now.kind.is_single() != before.kind.is_single() || now.kind.has_options() != before.kind.has_options() {
        return Some(format!(
            "`{}` and `{}` are not answered alike: where one means a single answer and the other does not, their percentages do not mean the same",
            now.id, before.id
        ));
    }
    if now.voluntary != before.voluntary {
        return Some(format!("a blank counts as an answer to only one of `{}` and `{}`", now.id, before.id));
    }
    let (gate_now, gate_before) = match (&now.gate, &before.gate) {
        (None, None) => return None,
        (Some(gate), None) => {
            let deciding = &questions.0[gate.question.position()].id;
            return Some(format!(
                "`{}` is asked only behind `{deciding}`, but last year `{}` of everyone",
                now.id, before.id
            ));
        }
        (None, Some(gate)) => {
            let deciding = &questions.1[gate.question.position()].id;
            return Some(format!(
                "`{}` is asked of everyone, but last year `{}` only behind `{deciding}`",
                now.id, before.id
            ));
        }
        (Some(now), Some(before)) => (now, before),
    };
    let (deciding_now, deciding_before) =
        (&questions.0[gate_now.question.position()], &questions.1[gate_before.question.position()]);
    let refused = |why: &str| {
        Some(format!(
            "`{}` is asked behind `{}`, last year `{}` behind `{}`, and {why}",
            now.id, deciding_now.id, before.id, deciding_before.id
        ))
    };
    let Counterpart::Compared { with: pairing, .. } = concordance.question(gate_now.question) else {
        return refused("these are not compared");
    };
    if pairing.before != gate_before.question {
        return refused("these are not compared");
    }
    let pairs: Vec<(Option<u16>, Option<u16>)> = if items.is_empty() {
        vec![(None, None)]
    } else {
        let compared = items.iter().enumerate().filter_map(|(at, item)| match item {
            Counterpart::Compared { with, .. } => Some((u16::try_from(at).ok(), Some(*with))),
            Counterpart::Absent { .. } => None,
        });
        compared.collect()
    };
    let is_same = pairs.into_iter().all(|(item_now, item_before)| {
        opens_alike(pairing, (gate_now, item_now, deciding_now), (gate_before, item_before, deciding_before))
    });
    if is_same { None } else { refused("the answers that open them do not mean the same") }
}

/// How those compare who are asked a question, where an earlier answer decides it: as loosely as the
/// answers that open the gate, and as those who were asked what decides.
pub(super) fn gate(concordance: &Concordance, now: &Question) -> Option<Likeness> {
    let gate = now.gate.as_ref()?;
    let Counterpart::Compared { with: pairing, .. } = concordance.question(gate.question) else { return None };
    let deciding = Prompt { question: gate.question, item: None };
    let mut whole = Likeness { comparability: Comparability::Same, note: String::new() };
    for option in gate.all_accepted() {
        // Where the option itself is not compared, a net of it is.
        let shown = match pairing.category(Shown::Option(option)) {
            Counterpart::Compared { .. } => Shown::Option(option),
            Counterpart::Absent { .. } => {
                whole = whole.and(Comparability::Net, "");
                continue;
            }
        };
        if let Counterpart::Compared { comparability, note, .. } = concordance.figure(deciding, shown) {
            whole = whole.and(comparability, &note);
        }
    }
    let is_same = whole.comparability == Comparability::Same && whole.note.is_empty();
    (!is_same).then_some(whole)
}

/// Whether the answers that open one gate are, taken together, those that open the other.
fn opens_alike(
    pairing: &Pairing,
    (gate_now, item_now, deciding_now): (&Gate, Option<u16>, &Question),
    (gate_before, item_before, deciding_before): (&Gate, Option<u16>, &Question),
) -> bool {
    let (opening_now, opening_before) = (gate_now.accepted(item_now), gate_before.accepted(item_before));
    let (mut reached_now, mut reached_before): (Vec<u16>, Vec<u16>) = (Vec::new(), Vec::new());
    for (one, other) in pairing.compared() {
        let (options_now, options_before) = (deciding_now.options_of(one), deciding_before.options_of(other));
        let is_within = options_now.iter().all(|option| opening_now.contains(option))
            && options_before.iter().all(|option| opening_before.contains(option));
        if is_within {
            reached_now.extend(options_now);
            reached_before.extend(options_before);
        }
    }
    opening_now.iter().all(|option| reached_now.contains(option))
        && opening_before.iter().all(|option| reached_before.contains(option))
}
