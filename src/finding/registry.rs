//! The registry of finding codes: every code, its name, severity and explanation.
//!
//! A code has a letter for where in the flow the thing was noticed and two digits for the
//! telephone; its name is for the eye and says what was found, not the cure. Codes are never
//! reused: a rule that goes away keeps its number.

use serde::{Deserialize, Serialize};

use super::Severity;

/// What a code stands for, as `cssa explain` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `E03`.
    pub code: &'static str,
    /// `item-nonresponse`.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// An example.
    pub example: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// What the institution is asked, in its language; `{observed}` is what it answered. `None`
    /// where the matter is the desk's.
    pub asks: Option<&'static str>,
}

macro_rules! registry {
    (@optional) => { None };
    (@optional $text:literal) => { Some($text) };
    ($($code:ident $variant:ident $name:literal $severity:ident {
        what: $what:literal,
        why: $why:literal,
        example: $example:literal,
        remedy: $remedy:literal,
        $(asks: $asks:literal,)?
    })*) => {
        /// The codes, in the order of the registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[doc = $what] $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The entry of the registry.
            pub fn rule(self) -> &'static Rule {
                match self { $(Code::$variant => &Rule {
                    code: stringify!($code),
                    name: $name,
                    severity: Severity::$severity,
                    what: $what,
                    why: $why,
                    example: $example,
                    remedy: $remedy,
                    asks: registry!(@optional $($asks)?),
                },)* }
            }
        }
    };
}

registry! {
    // F: the file as it came.
    F01 NotAWorkbook "not-a-workbook" Error {
        what: "The file is neither an xlsx, xlsm, xls nor ods workbook, whatever its name says.",
        why: "Its answers are not in the figures, and the institution counts as not having answered.",
        example: "回答.xlsx is a PDF, a picture, or a web page saved under that name.",
        remedy: "Ask the institution for the workbook itself. If the file is not a return at all, take it out of the folder.",
    }
    F02 EncryptedWorkbook "encrypted-workbook" Error {
        what: "The workbook is protected by a password and cannot be opened.",
        why: "Its answers are not in the figures.",
        example: "A workbook saved with 「パスワードを使用して暗号化」.",
        remedy: "Open it in Excel with the password, save it without one, and run again.",
    }
    F03 DamagedWorkbook "damaged-workbook" Error {
        what: "The file begins as a workbook but cannot be read to its end.",
        why: "Its answers are not in the figures; reading only half of it would be worse.",
        example: "A mail gateway cut the file off, or a copy was interrupted.",
        remedy: "Copy the file again from where it was received; if it is broken there, ask the institution to send it again.",
    }
    F04 EmptyFile "empty-file" Error {
        what: "The file has no content: zero bytes.",
        why: "Its answers are not in the figures.",
        example: "An interrupted copy left a file of 0 bytes.",
        remedy: "Copy the file again, or ask the institution to send it again.",
    }
    F05 UnsafeWorkbook "unsafe-workbook" Error {
        what: "The workbook claims or holds more than any filled questionnaire can, and was not opened further.",
        why: "Such a file can fill the memory of the machine and stop the whole run; it is set aside instead.",
        example: "A 5 KB file that unpacks to gigabytes, or one that declares ten billion strings.",
        remedy: "Open it in Excel on a machine set aside for it, copy the answers into a blank form, and put that in its place.",
    }
    F06 NotAReturn "not-a-return" Information {
        what: "A file that programs leave behind, not a return; it was passed over.",
        why: "Nothing is lost; it is named so that you can see that nothing was overlooked.",
        example: "~$CSSA2023_1001.xlsx (Excel's lock file), Thumbs.db, .DS_Store.",
        remedy: "Nothing. Delete it if you like.",
    }
    F07 UnreadableFile "unreadable-file" Error {
        what: "The file is there but the system would not let it be read.",
        why: "Its answers are not in the figures.",
        example: "The file is open in another program that locks it, or its rights forbid reading.",
        remedy: "Close it elsewhere or mend its rights, and run again.",
    }
    F15 ReaderDied "reader-died" Error {
        what: "Reading the workbook brought down the process that read it, or took more memory than a workbook may take.",
        why: "Its answers are not in the figures; that one process was lost, and all other files were read.",
        example: "A damaged or malicious file that sends its reader in circles until the memory is full.",
        remedy: "Open it in Excel on a machine set aside for it, copy the answers into a blank form, and put that in its place. If it is as large as it has to be, allow more with --worker-memory.",
    }
    F16 TookTooLong "took-too-long" Error {
        what: "Reading the workbook took far longer than any filled questionnaire takes, and was given up.",
        why: "Its answers are not in the figures; waiting on could have held up the whole run for hours.",
        example: "A small file with 250 sheets that all unpack to the same million empty cells.",
        remedy: "Open it in Excel on a machine set aside for it, copy the answers into a blank form, and put that in its place. If it is as large as it has to be, allow more with --worker-seconds.",
    }
    // I: who sent it, for which year.
    I01 NoCoverSheet "no-cover-sheet" Error {
        what: "No sheet carries the cover of a form of this year: its title and the institution code.",
        why: "Without a cover nobody can say whose answers these are; a guess could put them under another name.",
        example: "The cover sheet was deleted, or another workbook altogether was sent.",
        remedy: "Ask the institution to fill the form that it was sent, cover included.",
    }
    I02 UnknownInstitution "unknown-institution" Error {
        what: "The institution code on the cover is empty or not on the roster of this year.",
        why: "The answers cannot be assigned to a sector.",
        example: "The cover says 1O01 (with a letter O) or the code of a branch.",
        remedy: "Correct the code on the cover, or add the institution to the roster, and run again.",
    }
    I03 RepeatedInstitution "repeated-institution" Warning {
        what: "Two or more workbooks carry the code of the same institution.",
        why: "Only one of them may count; the one named last in file order is taken.",
        example: "A corrected workbook arrived and the first one is still in the folder.",
        remedy: "Check that the right one counts; take the other out of the folder if it does not.",
    }
    I04 SameFileTwice "same-file-twice" Information {
        what: "The folder holds byte-for-byte copies of the same workbook.",
        why: "They count once.",
        example: "The workbook was saved both from the mail and from the portal.",
        remedy: "Nothing. Delete one if you like.",
    }
    I05 OtherYear "other-year" Error {
        what: "The cover says another fiscal year than the one being processed.",
        why: "Last year's answers would be counted as this year's.",
        example: "The institution filled last year's form.",
        remedy: "Ask the institution to fill this year's form, or move the file to the folder of its own year.",
    }
    I06 NameDiffers "name-differs" Warning {
        what: "The institution's name on the cover is not the one that the roster has for its code.",
        why: "The code may be another institution's, and its answers would stand under the wrong name.",
        example: "The cover says code 1001 and the name of institution 1002.",
        remedy: "Find out which is right. Correct the cover, or the name in the roster if the institution was renamed.",
    }
    I07 NotReturned "not-returned" Information {
        what: "An institution on the roster has no accepted workbook (unit nonresponse).",
        why: "Its answers are not in the figures; while workbooks still arrive this is as it should be.",
        example: "The institution has not answered yet, or its only workbook was rejected.",
        remedy: "Remind the institution, or look for its workbook among those rejected.",
    }
    I08 TwoInstitutions "two-institutions" Error {
        what: "The workbook has two visible covers with different institution codes.",
        why: "Nobody can say whose answers these are.",
        example: "A colleague's cover sheet was copied into the workbook and left there.",
        remedy: "Ask the institution which cover is right, delete the other one, and run again.",
    }
    // L: the form: what is printed around the answers.
    L01 QuestionNotFound "question-not-found" Warning {
        what: "A question that this institution was asked is nowhere in its workbook.",
        why: "It cannot be told from a blank answer; it stands outside the base.",
        example: "Rows or a sheet were deleted, or both number and wording were overtyped.",
        remedy: "Ask the institution to answer this question on an untouched form.",
        asks: "この設問が点検票に見当たりません。様式は変更せずに、この設問にご回答ください。",
    }
    L02 OptionNotFound "option-not-found" Warning {
        what: "An option of the question is nowhere in the workbook, by wording or number.",
        why: "A mark beside it would be lost, so the answer to the question is not used.",
        example: "The row of an option was deleted or overtyped.",
        remedy: "Ask the institution to answer this question on an untouched form.",
        asks: "この設問の選択肢の一部が点検票から失われているため、ご回答を確認できません。該当する選択肢をご回答ください。",
    }
    L03 LabelChanged "label-changed" Warning {
        what: "The wording printed in the form was changed; the place was found by its number (or the other way round).",
        why: "The institution may have answered something other than what was asked.",
        example: "The respondent rewrote an option to fit its own case.",
        remedy: "Read the changed wording. If the answer still means the same, let it stand; otherwise ask.",
    }
    L04 AnswerColumnNotFound "answer-column-not-found" Warning {
        what: "The heading of the answer column is missing from the sheet.",
        why: "Without it there is no telling which column holds the answers; those of the sheet are not used.",
        example: "The heading 回答欄 was overtyped.",
        remedy: "Put the heading back in the workbook, or ask for an untouched form.",
    }
    L05 QuestionTwice "question-twice" Warning {
        what: "The same question stands in two places of the workbook.",
        why: "The answers may differ; the first visible place is read.",
        example: "A sheet was copied as a draft and left in the workbook.",
        remedy: "Compare the two places; delete the copy if it is a draft.",
    }
    L06 TwoAnswerColumns "two-answer-columns" Warning {
        what: "The heading of the answer column stands over two columns of the sheet.",
        why: "Either may hold the answers; those of the sheet are not used.",
        example: "A second column 回答欄 was added for the answers of a branch.",
        remedy: "Find out which column counts, take the other heading out of the workbook, and run again.",
    }
    // A: what was written as an answer.
    A01 NoSuchOption "no-such-option" Warning {
        what: "The number given is not the number of any option.",
        why: "The answer is not used; it stands outside the base.",
        example: "9 where the options run from 1 to 4.",
        remedy: "Ask the institution which option it meant.",
        asks: "「{observed}」という番号の選択肢はありません。該当する選択肢をご回答ください。",
    }
    A02 UnreadableAnswer "unreadable-answer" Warning {
        what: "What is written in an answer box is neither a mark nor an option number.",
        why: "The answer is not used; guessing could put words into the institution's mouth.",
        example: "「検討中」 in a box meant for ○.",
        remedy: "Ask the institution which option it meant.",
        asks: "「{observed}」とのご記入がありますが、どの選択肢を指すか判断できません。該当する選択肢をご回答ください。",
    }
    A03 NotANumber "not-a-number" Warning {
        what: "The question asks for a number and something else is written.",
        why: "The answer is not used.",
        example: "「約10名」 or −3 where a number of staff is asked.",
        remedy: "Ask the institution for the number.",
        asks: "「{observed}」とのご記入がありますが、数値として確認できません。数値をご回答ください。",
    }
    A04 StrayMark "stray-mark" Warning {
        what: "A mark stands where no option is printed.",
        why: "It belongs to no option, so it was not read; an answer may be missing.",
        example: "A ○ two rows below the last option.",
        remedy: "Look at the cell, and ask the institution which option it meant.",
        asks: "選択肢のない位置に「{observed}」のご記入があります。どの選択肢に対するご回答か、お知らせください。",
    }
    A05 CellError "cell-error" Warning {
        what: "The cell shows an error instead of an answer.",
        why: "The answer is not used.",
        example: "#REF! in an answer box after sheets were moved.",
        remedy: "Ask the institution for the answer.",
        asks: "回答欄が「{observed}」（エラー値）となっています。ご回答をお知らせください。",
    }
    A06 AnswerUnderstood "answer-understood" Information {
        what: "The answer is not written as the form asks, but can mean only one thing, and was read so.",
        why: "Nothing needs to be done; it is named so that every reading can be checked.",
        example: "「②」 for option 2, 「はい」 for ○, 「－」 for an empty box.",
        remedy: "Nothing, unless the reading is wrong: then ask the institution.",
    }
    // E: the answers held against the questionnaire.
    E01 SeveralChosen "several-chosen" Warning {
        what: "Two or more options are chosen where one is asked for.",
        why: "Neither can be counted; the answer stands outside the base.",
        example: "○ beside both 役員 and 部長級職員.",
        remedy: "Ask the institution which one it meant.",
        asks: "一つだけお選びいただく設問に、複数のご回答（{observed}）があります。該当するもの一つをお知らせください。",
    }
    E02 NoneAndOthers "none-and-others" Warning {
        what: "\"None of these\" is chosen together with other options.",
        why: "They exclude each other; the answer stands outside the base.",
        example: "○ beside 実施していない and beside 定期的に実施している.",
        remedy: "Ask the institution which it meant.",
        asks: "「該当なし」に当たる選択肢と他の選択肢が、同時に選ばれています（{observed}）。正しいご回答をお知らせください。",
    }
    E03 ItemNonresponse "item-nonresponse" Warning {
        what: "The question was asked and nothing was answered.",
        why: "It stands outside the base of its percentages, and enough of these make a figure unreliable.",
        example: "All rows of a question were left blank.",
        remedy: "Ask the institution for the answer.",
        asks: "ご回答がありません。ご回答をお知らせください。",
    }
    E04 AnswerBehindGate "answer-behind-gate" Warning {
        what: "The question was answered although an earlier answer says that it does not apply.",
        why: "It is kept, but stands outside the base as not asked; one of the two answers is wrong.",
        example: "No important third party, but how it is managed.",
        remedy: "Ask the institution which of the two answers is right.",
        asks: "前提となる設問のご回答によれば本設問は対象外ですが、ご回答（{observed}）があります。どちらのご回答が正しいか、お知らせください。",
    }
    E05 GateUndecided "gate-undecided" Warning {
        what: "The question was answered, but the earlier answer that decides whether it applies is missing or cannot be used.",
        why: "It is kept, but stands outside the base until the earlier question is answered.",
        example: "No answer about cloud use, but marks under cloud contracts.",
        remedy: "Ask the institution for the earlier answer.",
        asks: "前提となる設問のご回答を確認できないため、本設問のご回答（{observed}）を集計できません。前提となる設問にもご回答ください。",
    }
}

impl Code {
    /// Finds a code by its short form or its name, in any case.
    pub fn find(text: &str) -> Option<Code> {
        let wanted = text.trim();
        Code::ALL.iter().copied().find(|code| {
            let rule = code.rule();
            rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
        })
    }
}
