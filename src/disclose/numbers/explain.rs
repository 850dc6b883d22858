//! Why a mean or the quartiles of a number question are withheld: for the desk, in sentences.

use std::fmt::Write as _;

use super::NumberReason;
use super::files::number_name;
use crate::disclose::coverage::is_covered;
use crate::disclose::protect::Protected;
use crate::survey::{Kind, Policy, QuestionIndex, Survey};
use crate::tabulate::Scope;

/// The number question and scope with a name such as `regional/shinkin/staff_count`.
pub fn number(survey: &Survey, name: &str) -> Option<(QuestionIndex, Scope)> {
    let questions = (0..survey.questions.len()).map(QuestionIndex::at);
    let numbers = questions.filter(|question| survey.question(*question).kind == Kind::Number);
    let mut all = numbers.flat_map(|question| Scope::all(survey).map(move |scope| (question, scope)));
    all.find(|(question, scope)| number_name(survey, *question, *scope) == name)
}

/// The explanation of what is printed of a number question in a scope and what is not; `None` where the policy
/// prints nothing of its sector.
pub fn explain_number(
    survey: &Survey,
    policy: &Policy,
    protected: &Protected,
    (question, scope): (QuestionIndex, Scope),
) -> Option<String> {
    let table = protected.release.numbers().iter().find(|table| table.question() == question)?;
    table.cell(scope, None, None).filter(|_| is_covered(survey, policy, scope))?;
    let title = &survey.question(question).title;
    let mut text = format!("{} ({title})\n", number_name(survey, question, scope));
    let mut line = |content: String| {
        writeln!(text, "  {content}").expect("writing to a string cannot fail");
    };
    let Some(withheld) = protected.numbers.withheld.get(&(question, scope)) else {
        line("printed: the mean and the quartiles".to_owned());
        return Some(text);
    };
    for (what, reason) in [("the mean", withheld.mean), ("the quartiles", withheld.quartiles)] {
        let Some(reason) = reason else {
            line(format!("{what}: printed"));
            continue;
        };
        line(format!("{what}: withheld, because {reason}"));
        if let Some(limit) = reason.limit(policy).filter(|_| reason != NumberReason::Secondary) {
            line(format!("  the limit is {}: {}", limit.value, limit.authority));
        }
    }
    if let (Some(_), Some((lowest, highest))) = (withheld.mean, withheld.interval) {
        line(format!("all that an outsider can compute of the total is {lowest} to {highest}"));
    }
    Some(text)
}
