//! Several workbooks of one institution: which one counts, and what is said about it.

use std::path::Path;

use super::{Case, FILE, cases, institution};
use crate::book::{Book, returned};

/// A file with its time of saving (hour and minute).
type File = (&'static str, (u16, u8));

fn write(folder: &Path, (name, saved): File, change: impl Fn(&mut Book)) {
    let mut book = Book::of(2023, institution(2023));
    book.saved = saved;
    change(&mut book);
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    book.write(&path);
}

/// Another answer to the first question than the key has.
fn other_answer(book: &mut Book) {
    book.sheet("１．経営層の関与").clear("D5").put("D8", "○");
}

/// Two workbooks with different answers, of which only the second has those of the key.
fn pair(superseded: File, counts: File) -> Case {
    Case::folder(move |folder| {
        write(folder, superseded, other_answer);
        write(folder, counts, |_| {});
    })
}

/// The same, with the place of the finding about the one that does not count.
fn settled(superseded: File, counts: File) -> Case {
    pair(superseded, counts).finds("I03", format!("[{}]", superseded.0))
}

/// The same, where the order is not clear.
fn unclear(superseded: File, counts: File) -> Case {
    settled(superseded, counts).finds("I09", format!("[{}]", counts.0))
}

const NOON: (u16, u8) = (12, 0);
const EARLY: (u16, u8) = (9, 0);
const LATE: (u16, u8) = (15, 0);

cases! {
    // Names without their endings are in the order in which people number them.
    a_corrected_workbook_beside_the_first: Case::folder(|folder| {
        let mut book = Book::of(2023, institution(2023));
        book.write(&folder.join("x_再提出.xlsx"));
        book.sheet("１．経営層の関与").clear("D5").put("D8", "○");
        book.write(&folder.join(FILE));
    }).finds("I03", "[x.xlsx]");
    a_tenth_copy_comes_after_the_second: Case::folder(|folder| {
        let mut book = Book::of(2023, institution(2023));
        book.write(&folder.join("x (10).xlsx"));
        book.sheet("１．経営層の関与").clear("D5").put("D8", "○");
        book.write(&folder.join("x (2).xlsx"));
    }).finds("I03", "[x (2).xlsx]");
    mistakes_in_a_workbook_that_does_not_count: Case::folder(|folder| {
        let mut book = Book::of(2023, institution(2023));
        book.write(&folder.join("x_再提出.xlsx"));
        book.sheet("１．経営層の関与").put("D5", "検討中");
        book.write(&folder.join(FILE));
    }).finds("I03", "[x.xlsx]");
    the_same_workbook_twice: Case::folder(|folder| {
        for name in ["portal.xlsx", "受信/mail.xlsx"] {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
            std::fs::copy(returned(2023, institution(2023)), path).expect("a file can be copied");
        }
    }).finds("I04", "[portal.xlsx]");
    // Folders, which the desk makes, before names, which the institution makes.
    a_folder_of_resubmissions: settled(("初回/x.xlsx", NOON), ("再提出/x.xlsx", NOON));
    a_first_return_that_calls_itself_final: settled(("初回/x_最終版.xlsx", NOON), ("再提出/x.xlsx", NOON));
    the_time_of_saving_tells_where_names_do_not: settled(("送付.xlsx", EARLY), ("回答.xlsx", LATE));
    names_and_times_agree: settled(("x_旧.xlsx", EARLY), ("x.xlsx", LATE));

    // Saved again at the desk, perhaps to take a password out: the names are followed.
    names_and_times_contradict_each_other: unclear(("x.xlsx", LATE), ("x_再提出.xlsx", EARLY));
    nothing_tells_the_order: unclear(("回答.xlsx", NOON), ("送付.xlsx", NOON));
    marks_that_may_come_in_either_order: unclear(("x_修正.xlsx", NOON), ("x_再提出.xlsx", NOON));

    a_log_against_names_and_times: settled(("x_再提出.xlsx", LATE), ("x.xlsx", EARLY))
        .received("x_再提出.xlsx,2023/8/1 9:05\r\nx.xlsx,2023-08-01 14:05\r\n").settled();
    a_log_that_names_paths: settled(("再提出/x.xlsx", NOON), ("初回/x.xlsx", NOON))
        .received("再提出\\x.xlsx,2023-08-01T09:05:00+09:00\r\n./初回/x.xlsx,2023-08-01T00:06:00Z\r\n").settled();
    a_log_that_has_the_same_time_for_both: settled(("回答.xlsx", NOON), ("送付.xlsx", NOON))
        .received("回答.xlsx,2023-08-01 9:05\r\n送付.xlsx,2023-08-01 9:05\r\n");
    a_logged_file_that_is_not_there: Case::folder(|folder| write(folder, (FILE, NOON), |_| {}))
        .received("x.xlsx,2023-08-01 14:05\r\nx_再提出.xlsx,2023-08-02 14:05\r\n")
        .finds("I12", "[x_再提出.xlsx]");
    a_file_that_the_log_does_not_name: Case::folder(|folder| write(folder, (FILE, NOON), |_| {}))
        .received("")
        .finds("I12", "[x.xlsx]");
    a_resubmission_that_the_log_does_not_name: settled(("x.xlsx", NOON), ("x_再提出.xlsx", NOON))
        .received("x.xlsx,2023-08-01 14:05\r\n")
        .finds("I12", "[x_再提出.xlsx]");

    // It cannot be opened, so only its name says whose it is.
    a_newest_workbook_that_cannot_be_used: Case::folder(|folder| {
        write(folder, (FILE, NOON), |_| {});
        std::fs::write(folder.join("CSSA_1001_再提出.xlsx"), b"%PDF-1.7").expect("a file can be written");
    }).finds("F01", "[CSSA_1001_再提出.xlsx]").finds("I11", "[CSSA_1001_再提出.xlsx]");
    a_workbook_that_cannot_be_used_and_may_be_the_newest: Case::folder(|folder| {
        write(folder, (FILE, NOON), |_| {});
        std::fs::write(folder.join("模擬地方銀行001.xlsx"), b"").expect("a file can be written");
    }).finds("F04", "[模擬地方銀行001.xlsx]").finds("I11", "[模擬地方銀行001.xlsx]");
    a_first_workbook_that_cannot_be_used: Case::folder(|folder| {
        write(folder, ("1001_再提出.xlsx", NOON), |_| {});
        std::fs::write(folder.join("1001.xlsx"), b"").expect("a file can be written");
    }).says("settled: [1001_再提出.xlsx]").finds("F04", "[1001.xlsx]").settled();
    a_log_has_the_unusable_one_first: Case::folder(|folder| {
        write(folder, (FILE, NOON), |_| {});
        std::fs::write(folder.join("1001_再提出.xlsx"), b"").expect("a file can be written");
    })
    .received("x.xlsx,2023-08-02 14:05\r\n1001_再提出.xlsx,2023-08-01 14:05\r\n")
    .finds("F04", "[1001_再提出.xlsx]").settled();
    an_unusable_one_between_two_that_can_be_used: Case::folder(|folder| {
        write(folder, ("1001.xlsx", NOON), other_answer);
        std::fs::write(folder.join("1001_v2.xlsx"), b"").expect("a file can be written");
        write(folder, ("1001_v3.xlsx", NOON), |_| {});
    }).finds("F04", "[1001_v2.xlsx]").finds("I03", "[1001.xlsx]");
}
