//! Several workbooks of one institution: their order, and which one counts.
//!
//! The order comes from the intake log where there is one, else from what the file names say, else
//! from the times at which the workbooks were saved, else from the list of files. The newest
//! acceptable one counts. The times of the file system are never asked: every copy changes them.

use std::cmp::Ordering;

use super::file_names;
use crate::finding::{Code, Finding, Place, Severity};
use crate::ingest::arrival::moment::Moment;
use crate::ingest::arrival::received::Received;
use crate::ingest::arrival::submission::{Status, Submission, Superseded};
use crate::texts::Language;

/// What decided between two workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Log,
    Names,
    Saved,
    /// Names and times contradict each other; the names are followed, because opening a workbook
    /// and saving it again (to take out a password, say) changes its time and nothing else.
    NamesAgainstSaved,
    /// Nothing tells; the list of files is followed.
    Nothing,
}

impl Ground {
    /// Why the later one counts, after "because".
    fn reason(self) -> &'static str {
        match self {
            Ground::Log => "the intake log has it as the last",
            Ground::Names => "its name says that it is the later one",
            Ground::Saved => "it was saved later",
            Ground::NamesAgainstSaved => {
                "its name says that it is the later one, although the other one was saved after it"
            }
            Ground::Nothing => "it is the last in the list of files, and nothing else tells them apart",
        }
    }

    fn is_certain(self) -> bool {
        matches!(self, Ground::Log | Ground::Names | Ground::Saved)
    }
}

/// Puts the workbooks in order, and decides which one counts where an institution sent several.
pub(in crate::ingest) fn settle(submissions: &mut [Submission], findings: &mut Vec<Finding>, received: &Received) {
    for submission in submissions.iter_mut() {
        submission.received_at = received.time(&submission.file);
    }
    // No two files have the same name, so the order is total and an unstable sort, which needs no
    // second copy of the list, gives the same every time.
    submissions.sort_unstable_by(|a, b| {
        let by_sender = a.sender().is_none().cmp(&b.sender().is_none()).then_with(|| a.sender().cmp(&b.sender()));
        let by_sender = by_sender.then_with(|| a.is_reply().cmp(&b.is_reply()));
        by_sender.then_with(|| file_names::listed(&a.file).cmp(&file_names::listed(&b.file)))
    });
    let is_kin = |a: &Submission, b: &Submission| {
        a.sender().is_some() && a.sender() == b.sender() && a.is_reply() == b.is_reply()
    };
    for group in submissions.chunk_by_mut(is_kin) {
        let Some(institution) = group[0].sender().map(str::to_owned) else { continue };
        put_in_order(group, &institution);
        for (position, submission) in group.iter_mut().enumerate() {
            submission.received = u32::try_from(position + 1).expect("an institution sends few workbooks");
        }
        // Every reply to the follow-up counts, one after the other; where two speak of the same answer,
        // the later one.
        if group[0].is_reply() {
            findings.extend(group.windows(2).filter_map(|pair| unclear_replies(&pair[0], &pair[1], &institution)));
            continue;
        }
        let Some(last) = group.iter().rposition(|submission| submission.status == Status::Accepted) else { continue };
        report_unusable(group, last, &institution, findings);
        supersede(group, last, &institution, findings);
    }
    for group in submissions.chunk_by_mut(|a, b| a.sender().is_some() && a.sender() == b.sender()) {
        order_replies(group, findings);
    }
}

/// Numbers the replies of an institution by the order in which they came, whether they stand in a return or
/// by themselves; where nothing tells, those in returns come first.
fn order_replies(group: &mut [Submission], findings: &mut Vec<Finding>) {
    let Some(institution) = group[0].sender().map(str::to_owned) else { return };
    let mut replies: Vec<usize> = (0..group.len()).filter(|&position| group[position].reply.is_some()).collect();
    let is_after =
        |one: &usize, other: &usize| compare(&group[*one], &group[*other], &institution).order == Ordering::Greater;
    let ranks: Vec<(usize, usize)> =
        replies.iter().map(|one| (replies.iter().filter(|other| is_after(one, other)).count(), *one)).collect();
    let rank = |position: &usize| ranks.iter().find(|(_, one)| one == position).copied();
    replies.sort_by_key(rank);
    for pair in replies.windows(2) {
        let (earlier, later) = (&group[pair[0]], &group[pair[1]]);
        // Replies by themselves have been compared already.
        if earlier.is_reply() != later.is_reply() && speak_of_the_same(earlier, later) {
            findings.extend(unclear_replies(earlier, later, &institution));
        }
    }
    for (order, position) in replies.into_iter().enumerate() {
        group[position].reply_order = u32::try_from(order + 1).expect("an institution sends few workbooks");
    }
}

/// Whether two replies have entries for the same query.
fn speak_of_the_same(one: &Submission, other: &Submission) -> bool {
    let lines =
        |submission: &Submission| submission.reply.iter().flat_map(|reply| reply.lines.clone()).collect::<Vec<_>>();
    let other = lines(other);
    lines(one).iter().any(|line| other.iter().any(|other| other.query == line.query))
}

/// Sorts by how many acceptable ones each comes after: where all pairs agree that is their order,
/// and where they do not it is the same every time. What cannot be used has no say in the order of
/// what can.
fn put_in_order(group: &mut [Submission], institution: &str) {
    if group.len() < 2 {
        return;
    }
    let is_acceptable = |one: &Submission| one.status == Status::Accepted;
    let rank = |one: &Submission| {
        let earlier = group.iter().filter(|other| compare(one, other, institution).order == Ordering::Greater);
        let (acceptable, others): (Vec<_>, Vec<_>) = earlier.partition(|other| is_acceptable(other));
        (acceptable.len(), is_acceptable(one), others.len())
    };
    let ranks: Vec<_> = group.iter().map(|one| (one.file.clone(), rank(one))).collect();
    // The sort is stable: the order of the list stays among those of equal rank.
    group.sort_by_key(|one| ranks.iter().find(|(file, _)| *file == one.file).map(|(_, rank)| *rank));
}

/// The order of two workbooks, and what it rests on.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    order: Ordering,
    ground: Ground,
    /// Whether the desk need not look: the ground is a good one, or a log has both, and at the same
    /// time, which is all that a log can say.
    is_certain: bool,
}

fn compare(a: &Submission, b: &Submission, institution: &str) -> Verdict {
    let by_list = || file_names::listed(&a.file).cmp(&file_names::listed(&b.file));
    let known = |order: Ordering| (order != Ordering::Equal).then_some(order);
    let times = |a: Option<Moment>, b: Option<Moment>| known(a?.cmp(&b?));
    if let Some(order) = times(a.received_at, b.received_at) {
        return Verdict { order, ground: Ground::Log, is_certain: true };
    }
    let (order, ground) = match (file_names::order(&a.file, &b.file, institution), times(a.saved, b.saved)) {
        (Some(names), Some(saved)) if names != saved => (names, Ground::NamesAgainstSaved),
        (Some(names), _) => (names, Ground::Names),
        (None, Some(saved)) => (saved, Ground::Saved),
        (None, None) => (by_list(), Ground::Nothing),
    };
    let is_logged = a.received_at.is_some() && b.received_at.is_some();
    Verdict { order, ground, is_certain: is_logged || ground.is_certain() }
}

/// Whether a file has the name of a follow-up workbook: one that cannot be read is no return either.
fn is_follow_up(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    Language::ALL.into_iter().any(|language| name.starts_with(language.texts().inquiry.sheet))
}

/// An institution that sent something newer, or perhaps newer, which cannot be used, has to hear of
/// it: what counts is not its last word.
fn report_unusable(group: &[Submission], last: usize, institution: &str, findings: &mut Vec<Finding>) {
    let counts = &group[last];
    for rejected in
        group.iter().filter(|one| one.status == Status::Rejected && one.id != counts.id && !is_follow_up(&one.file))
    {
        let Verdict { order, ground, is_certain } = compare(rejected, counts, institution);
        if order == Ordering::Less && ground != Ground::Nothing {
            if is_certain {
                settle_defects(&rejected.file, &counts.file, findings);
            }
            continue;
        }
        let is_newer = order == Ordering::Greater && is_certain;
        let newer = if is_newer { "a newer workbook" } else { "a workbook that may be newer" };
        let code = Code::NewerUnusable;
        let message = format!("{newer} of {institution} cannot be used: {}; [{}] counts", rejected.reason, counts.file);
        let mut finding =
            Finding::new(code, Place::File(rejected.file.to_string()), message, code.rule().remedy).of(institution);
        finding.related.push(Place::File(counts.file.to_string()));
        findings.push(finding);
    }
}

/// What is wrong with a workbook that cannot be used is settled by a later one that can: nobody has to act.
fn settle_defects(file: &str, counts: &str, findings: &mut [Finding]) {
    let of_file = |finding: &&mut Finding| finding.place.file() == Some(file);
    for finding in findings.iter_mut().filter(of_file).filter(|finding| finding.severity > Severity::Information) {
        finding.severity = Severity::Information;
        finding.message.push_str(&format!("; settled: [{counts}] of the same institution came after it and counts"));
        finding.help = "Nothing: a later workbook of the institution counts.".to_owned();
        finding.related.push(Place::File(counts.to_owned()));
    }
}

/// Sets the workbooks before the one that counts aside.
fn supersede(group: &mut [Submission], last: usize, institution: &str, findings: &mut Vec<Finding>) {
    let counts = group[last].clone();
    for position in (0..group.len()).filter(|&position| position != last) {
        if group[position].status != Status::Accepted {
            continue;
        }
        let file = group[position].file.clone();
        // Its answers do not count, so nobody has to ask about them.
        let is_about_answers = |finding: &Finding| finding.code != Code::LogDiffersFromFolder;
        findings.retain(|finding| finding.place.file() != Some(&file) || !is_about_answers(finding));
        let earlier = group[..position].iter().filter(|one| one.status == Status::Superseded);
        let same = std::iter::once(&counts).chain(earlier).find(|one| one.id == group[position].id);
        let copy_of = same.map(|one| one.file.clone());
        let Verdict { order, ground, is_certain } = compare(&counts, &group[position], institution);
        // Three or more may come in a circle; then nothing tells.
        let is_circle = order == Ordering::Less;
        let ground = if is_circle { Ground::Nothing } else { ground };
        let because = ground.reason();
        if let Some(original) = &copy_of {
            let code = Code::SameFileTwice;
            let counting = if *original == counts.file { ", which counts" } else { "" };
            let message = format!("the workbook is a copy of [{original}]{counting}");
            let place = Place::File(file.to_string());
            findings.push(Finding::new(code, place, message, code.rule().remedy).of(institution));
        } else if is_circle || !is_certain {
            findings.push(unclear(&counts, &file, because, institution));
        }
        let submission = &mut group[position];
        submission.status = Status::Superseded;
        submission.reason = match &copy_of {
            Some(original) => format!("a copy of [{original}]; [{}] counts", counts.file),
            None => format!("[{}] of the same institution counts, because {because}", counts.file),
        }
        .into();
        let is_logged = ground == Ground::Log;
        submission.superseded = Some(Superseded { by: counts.file.clone(), because, is_logged, copy_of });
    }
}

/// Two replies of which nothing tells for certain which one is the later.
fn unclear_replies(earlier: &Submission, later: &Submission, institution: &str) -> Option<Finding> {
    let Verdict { ground, is_certain, .. } = compare(later, earlier, institution);
    (!is_certain && earlier.id != later.id).then(|| {
        let code = Code::OrderUnclear;
        let because = ground.reason();
        let message =
            format!("[{}] is taken for the later reply, because {because}; [{}] came before", later.file, earlier.file);
        let place = Place::File(later.file.to_string());
        let mut finding = Finding::new(code, place, message, code.rule().remedy).of(institution);
        finding.related.push(Place::File(earlier.file.to_string()));
        finding
    })
}

fn unclear(counts: &Submission, other: &str, because: &str, institution: &str) -> Finding {
    let code = Code::OrderUnclear;
    let message = format!("[{}] counts and [{other}] does not, because {because}", counts.file);
    let place = Place::File(counts.file.to_string());
    let mut finding = Finding::new(code, place, message, code.rule().remedy).of(institution);
    finding.related.push(Place::File(other.to_owned()));
    finding
}
