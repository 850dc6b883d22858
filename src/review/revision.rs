//! Revisions of an institution's answers while they were collected: from one workbook to the one that took its place,
//! question by question.

use std::sync::Arc;

use super::institution::{Earlier, Validated};
use super::{ReviewError, rows};
use crate::finding::{Code, Finding, Place, Severity};
use crate::ingest::{Collection, Reading, Status, Submission, Superseded};
use crate::store::{Field, Staging, StoreError, TableWriter, tables};
use crate::survey::{QuestionIndex, Roster, Survey};
use crate::tabulate;
use crate::texts::Texts;
use crate::validate::{self, Difference, Response};

/// How an answer came to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionKind {
    /// The institution sent another workbook.
    Resubmission,
    /// The institution corrected an answer in its reply to the follow-up.
    Correction,
}

impl RevisionKind {
    /// The word in the store.
    pub(super) fn word(self) -> &'static str {
        match self {
            RevisionKind::Resubmission => "resubmission",
            RevisionKind::Correction => "correction",
        }
    }

    /// The word for the desk.
    fn in_print(self, texts: &Texts) -> &'static str {
        match self {
            RevisionKind::Resubmission => texts.answer.resubmission,
            RevisionKind::Correction => texts.answer.correction,
        }
    }
}

/// Where an answer came from.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The hash of the file, as the store has it.
    pub submission: String,
    /// The file.
    pub file: Arc<str>,
}

/// An answer that became another.
#[derive(Debug, Clone)]
pub struct Revision {
    /// How it came.
    pub kind: RevisionKind,
    /// Whose answer it is.
    pub institution: Arc<str>,
    /// The workbook or reply with the answer before.
    pub from: Arc<Sent>,
    /// The workbook or reply with the answer after.
    pub to: Arc<Sent>,
    /// The answer before and after.
    pub difference: Difference,
}

/// Compares the workbooks of every institution that sent several: each with the one after it, for
/// the record, and each with the one that counts, for the desk. Keeps the answers that do not count.
pub(super) fn of_resubmissions(
    survey: &Survey,
    collection: &mut Collection,
    submissions: &[Submission],
    kept: &mut TableWriter,
) -> Result<(Vec<Revision>, Vec<Finding>), ReviewError> {
    let (mut revisions, mut findings) = (Vec::new(), Vec::new());
    for group in submissions.chunk_by(|a, b| a.sender() == b.sender()) {
        let is_copy = |one: &Submission| one.superseded.as_ref().is_some_and(|by| by.copy_of.is_some());
        let read: Vec<&Submission> =
            group.iter().filter(|one| one.status != Status::Rejected && !one.is_reply() && !is_copy(one)).collect();
        let Some((counts, superseded)) = read.split_last() else { continue };
        let Some(institution) = &counts.institution else { continue };
        if superseded.is_empty() {
            continue;
        }
        let readings = collection.readings(&read)?;
        let answers: Vec<Vec<Response>> = read
            .iter()
            .zip(&readings)
            .map(|(submission, reading)| validate::validate(survey, &submission.file, reading).0)
            .collect();
        let origins: Vec<Arc<Sent>> = read.iter().map(|one| Arc::new(sent(one))).collect();
        let last = answers.last().expect("there is one that counts");
        for (position, submission) in superseded.iter().enumerate() {
            let own: (&Reading, &[Response]) = (&readings[position], &answers[position]);
            rows::write_responses(survey, submission, own.0, own.1, kept)?;
            let changed = validate::differences(own.1, &answers[position + 1]);
            revisions.extend(changed.into_iter().map(|difference| Revision {
                kind: RevisionKind::Resubmission,
                institution: Arc::clone(institution),
                from: Arc::clone(&origins[position]),
                to: Arc::clone(&origins[position + 1]),
                difference,
            }));
            findings.push(repeated(survey, submission, counts, institution, &validate::differences(own.1, last)));
        }
    }
    Ok((revisions, findings))
}

/// What replies to the follow-up changed in a workbook. Keeps the answers as they were.
pub(super) fn of_corrections(
    survey: &Survey,
    submission: &Submission,
    validated: &Validated,
    kept: &mut TableWriter,
) -> Result<Vec<Revision>, ReviewError> {
    let mut revisions = Vec::new();
    if validated.earlier.is_empty() {
        return Ok(revisions);
    }
    let last = Earlier { reading: validated.reading.clone(), lines: validated.lines.clone() };
    let steps: Vec<&Earlier> = validated.earlier.iter().chain([&last]).collect();
    for pair in steps.windows(2) {
        let (old, new) = (pair[0], pair[1]);
        // What a corrected gate opens or closes has changed through the same reply, the newest then.
        let Some(reply) = new.reading.replies.last() else { continue };
        let to = Arc::new(Sent { submission: reply.submission.to_string(), file: reply.file.as_str().into() });
        for difference in validate::differences(&old.lines, &new.lines) {
            let before: Vec<Response> =
                old.lines.iter().filter(|line| line.prompt == difference.prompt).cloned().collect();
            rows::write_responses(survey, submission, &old.reading, &before, kept)?;
            let place = before.first().and_then(|line| line.place);
            let from = match place.and_then(|place| old.reading.reply_of(place)) {
                Some(reply) => Sent { submission: reply.submission.to_string(), file: reply.file.as_str().into() },
                None => sent(submission),
            };
            revisions.push(Revision {
                kind: RevisionKind::Correction,
                institution: validated.reading.institution.as_str().into(),
                from: Arc::new(from),
                to: Arc::clone(&to),
                difference,
            });
        }
    }
    Ok(revisions)
}

fn sent(submission: &Submission) -> Sent {
    Sent { submission: rows::submission_id(submission), file: Arc::clone(&submission.file) }
}

/// The finding about a workbook that does not count: what differs in it from the one that does.
fn repeated(
    survey: &Survey,
    submission: &Submission,
    counts: &Submission,
    institution: &str,
    changed: &[Difference],
) -> Finding {
    let code = Code::RepeatedInstitution;
    let because = submission.superseded.as_ref().map_or("", |Superseded { because, .. }| because);
    let mut numbers: Vec<QuestionIndex> = changed.iter().map(|one| one.prompt.question).collect();
    numbers.dedup();
    let numbers: Vec<String> = numbers.iter().map(|&question| survey.question_number(question)).collect();
    let differs = match numbers.as_slice() {
        [] => "the answers are the same".to_owned(),
        [one] => format!("differs in 1 question: {one}"),
        many => format!("differs in {} questions: {}", many.len(), many.join(", ")),
    };
    let message = format!("[{}] of the same institution counts, because {because}; {differs}", counts.file);
    let place = Place::File(submission.file.to_string());
    let mut finding = Finding::new(code, place, message, code.rule().remedy).of(institution);
    finding.related.push(Place::File(counts.file.to_string()));
    if submission.superseded.as_ref().is_some_and(|superseded| superseded.is_logged) {
        finding.severity = Severity::Information;
        finding.help = "Nothing: the intake log tells which one counts.".to_owned();
    }
    finding
}

/// Writes every answer that became another, whatever the reason, in the order given: by institution.
pub(super) fn write(survey: &Survey, revisions: &[Revision], staging: &mut Staging<'_>) -> Result<(), StoreError> {
    let mut writer = staging.table(&tables::REVISIONS)?;
    for revision in revisions {
        let difference = &revision.difference;
        let question = survey.question(difference.prompt.question);
        let (question_id, item) = survey.prompt_ids(difference.prompt);
        writer.row([
            Field::Text(&revision.institution),
            Field::Text(question_id),
            Field::Text(item),
            Field::Text(&revision.from.submission),
            Field::Text(&revision.to.submission),
            Field::Text(&difference.before.in_store(question)),
            Field::Text(&difference.after.in_store(question)),
            Field::Text(revision.kind.word()),
        ])?;
    }
    writer.finish()
}

/// `revisions.csv`: every change, readable without the definition.
pub fn csv(survey: &Survey, roster: &Roster, revisions: &[Revision]) -> Vec<u8> {
    let header = [
        "fiscal_year",
        "institution",
        "name",
        "kind",
        "number",
        "question",
        "item",
        "before",
        "after",
        "from_file",
        "to_file",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    for revision in revisions {
        let Difference { prompt, before, after } = &revision.difference;
        let question = survey.question(prompt.question);
        let item = prompt.item.map_or("", |item| &question.items[usize::from(item)].label);
        rows.push([
            survey.fiscal_year.to_string(),
            revision.institution.to_string(),
            roster.find(&revision.institution).map_or_else(String::new, |one| one.name.to_string()),
            revision.kind.in_print(survey.texts()).to_owned(),
            survey.question_number(prompt.question),
            question.title.clone(),
            item.to_owned(),
            before.in_print(question, survey.texts()),
            after.in_print(question, survey.texts()),
            revision.from.file.to_string(),
            revision.to.file.to_string(),
        ]);
    }
    tabulate::csv_bytes(&rows)
}
