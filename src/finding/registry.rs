//! The registry of finding codes: every code, its name, severity and explanation.
//!
//! A code has a letter for the stage of the flow that reports the finding and two digits for the telephone; its name
//! is for the eye and names the finding, not the cure. Codes are never reused: a rule that goes away keeps its
//! number.

use serde::{Deserialize, Serialize};

use super::Severity;
use super::rule::{Rule, registry};

registry! {
    // F: the file as it came.
    F01 NotAWorkbook "not-a-workbook" Error {
        what: "The file is neither an xlsx, xlsm, xlsb, xls nor ods workbook, whatever its name says.",
        why: "Its answers are not in the figures, and the institution counts as not having answered.",
        example: "回答.xlsx is a PDF or a web page saved under that name; 回答.numbers was made with Numbers.",
        remedy: "Ask the institution for the workbook itself. If the file is not a return at all, take it out of the folder.",
    }
    F02 EncryptedWorkbook "encrypted-workbook" Error {
        what: "The workbook is protected by a password and cannot be opened.",
        why: "Its answers are not in the figures.",
        example: "A workbook saved with 「パスワードを使用して暗号化」.",
        remedy: "Write its password into a table (columns institution or file, and password) and run again with --passwords FILE; or open it in Excel, save it without a password, and run again.",
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
        remedy: "If the institution is sure that it sent the file, open it on a machine set aside for it, copy the answers into a blank form, and put that in its place. Otherwise ask it for the workbook again.",
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
    F08 ActiveContent "active-content" Information {
        what: "The workbook carries macros, links to other workbooks, or something else that acts when somebody opens it.",
        why: "Nothing of it was run or followed here; whoever opens the workbook in Excel should know.",
        example: "A workbook saved as xlsm, or one whose answers were linked from another workbook.",
        remedy: "Nothing here. In Excel, open it with macros and links switched off.",
    }
    F09 NoWorkbookInArchive "no-workbook-in-archive" Error {
        what: "The file is a zip archive and holds no workbook.",
        why: "No answers came with it, and the institution counts as not having answered.",
        example: "回答.zip with nothing but a covering letter in it.",
        remedy: "Ask the institution for the workbook. If the file is not a return at all, take it out of the folder.",
    }
    F10 BesideWorkbooks "beside-workbooks" Information {
        what: "A document that is no workbook lies beside workbooks, in the folder or in a zip archive; it was passed over.",
        why: "It is named so that you can see that nothing was overlooked.",
        example: "送付状.pdf beside the filled questionnaire.",
        remedy: "Nothing, unless it should have been a workbook: then ask the institution.",
    }
    F11 UnusedPassword "unused-password" Information {
        what: "Passwords were given that opened no file.",
        why: "A password with a slip in it, or a file that is missing, shows here; while workbooks still arrive this is as it should be.",
        example: "The row of institution 1001 has a password, and its workbook came without one.",
        remedy: "Nothing, unless a file that could not be opened is among the findings: then compare its password with the mail.",
    }
    F12 SheetNotRead "sheet-not-read" Warning {
        what: "A sheet of the workbook cannot be read; the others were.",
        why: "Whatever stands on it is not in the figures. If it holds questions, they are named as not found.",
        example: "A sheet whose part is missing from the file, or one of a kind that only old programs know.",
        remedy: "Open the workbook in Excel and look. If the sheet holds answers, save it anew, or ask the institution to send it again; otherwise nothing.",
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
    // I: the sender and the year.
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
        what: "Two or more workbooks carry the code of the same institution, and this one does not count.",
        why: "Only the newest one that can be used counts: by the intake log where there is one, else by what the file names say, else by when the workbooks were saved.",
        example: "A corrected workbook arrived and the first one is still in the folder.",
        remedy: "Check that the right one counts; take the other out of the folder if it does not. What differs is in internal/revisions.csv.",
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
        what: "The workbook has two visible covers with different institution codes, or a cover with the code of one institution and the name of another.",
        why: "Nobody can say whose answers these are.",
        example: "A colleague's cover sheet was copied into the workbook and left there.",
        remedy: "Ask the institution which cover is right, delete the other one, and run again.",
    }
    I09 OrderUnclear "order-unclear" Warning {
        what: "An institution sent several workbooks, and which one is the last cannot be told for certain.",
        why: "Names and times of saving contradict each other or say nothing, so an old workbook may count in place of the new one.",
        example: "x_再提出.xlsx was saved before x.xlsx; or 回答.xlsx and 送付.xlsx were saved in the same minute.",
        remedy: "Write the times of receipt into an intake log (a table with the columns file and time) and name it with --received, or take the workbook that must not count out of the folder.",
    }
    I10 BlankWorkbook "blank-workbook" Error {
        what: "The workbook has a cover and no answer to any question.",
        why: "A form that was sent back by mistake before it was filled is no answer; it must not take the place of one that is.",
        example: "The blank form came as 再提出 after the filled one.",
        remedy: "Ask the institution for the filled workbook, unless an earlier one of it counts.",
    }
    I11 NewerUnusable "newer-unusable" Warning {
        what: "An institution sent a workbook that is, or may be, newer than the one that counts, and it cannot be used.",
        why: "The older answers count, which the institution may have meant to correct.",
        example: "x_再提出.xlsx is cut off in the middle, so x.xlsx counts.",
        remedy: "Ask the institution to send its last workbook again, or take the file out of the folder if it is of no use.",
    }
    I12 LogDiffersFromFolder "log-differs-from-folder" Information {
        what: "The intake log names a file that the folder does not have, or the folder has a file that the log does not name.",
        why: "A workbook may have been lost on the way; where an institution sent several, the log cannot settle the order of one that it does not name.",
        example: "The log names x_再提出.xlsx, which was never saved into the folder.",
        remedy: "Look for the file, or complete the log. Where ten files or more differ they are one finding: a log of resubmissions alone need not name the others.",
    }
    I13 TooLittleRead "too-little-read" Error {
        what: "Hardly any of the questions that the institution was asked can be found in the workbook, or hardly any answer read.",
        why: "It is another form, or one that was changed beyond recognition; it must not take the place of one that can be read.",
        example: "Last year's form with this year on its cover; a return whose answer column is headed 回答 instead of 回答欄.",
        remedy: "Ask the institution to answer on an untouched form of this year. The share that is wanted is `least_read` in survey.toml.",
    }
    // L: the form: the printed words around the answers.
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
        what: "The same question stands in two places of one sheet.",
        why: "The first is read, unless both are answered and the answers differ: then neither is used.",
        example: "The rows of a question were copied as a draft and left below it.",
        remedy: "Compare the two places; delete the copy if it is a draft.",
        asks: "同じ設問がシート内に二か所あります（{observed}）。正しいご回答をお知らせください。",
    }
    L06 TwoAnswerColumns "two-answer-columns" Warning {
        what: "The heading of the answer column stands over two columns of the sheet.",
        why: "Either may hold the answers; those of the sheet are not used.",
        example: "A second column 回答欄 was added for the answers of a branch.",
        remedy: "Find out which column counts, take the other heading out of the workbook, and run again.",
    }
    L07 CopyNotRead "copy-not-read" Information {
        what: "A sheet repeats the questions of another one and was not read: it is hidden or blank, named as last year's, or none of its answers says otherwise.",
        why: "Nothing is lost; it is named so that you can see which of the two was read.",
        example: "「点検票 (2)」, which Excel made when the sheet was copied.",
        remedy: "Nothing, unless the copy is the one that counts: then delete the other one and run again.",
    }
    L08 CopiesDiffer "copies-differ" Warning {
        what: "Two sheets answer the same questions in different ways.",
        why: "Nobody can tell which answer counts, so those questions stand outside the base as contradictory.",
        example: "「点検票」 and 「点検票 (2)」 are both filled, with another answer to 問17.",
        remedy: "Ask the institution which sheet counts, delete the other one, and run again.",
        asks: "同じ設問が複数のシートにあり、ご回答が異なっています（{observed}）。正しいご回答をお知らせください。",
    }
    L09 ExampleNotRead "example-not-read" Information {
        what: "A sheet is named or titled as an example of how to fill the form, and was not read.",
        why: "Nothing is lost; it is named so that you can see that its marks are nobody's answers.",
        example: "A sheet 「記入例」 before the one that the institution filled.",
        remedy: "Nothing, unless the answers were written on that sheet: then give it another name and run again.",
    }
    L10 UnlikelySheetRead "unlikely-sheet-read" Information {
        what: "Answers were read from a sheet that is hidden or called an example, because nothing else has its questions.",
        why: "They are most likely what was meant; it is named so that you can look.",
        example: "The second section of the form is hidden.",
        remedy: "Look at the sheet. If it is not meant, delete it and run again.",
    }
    L11 OtherForm "other-form" Warning {
        what: "Many of the questions that the institution was asked are nowhere in its workbook: it is another form.",
        why: "What is missing stands outside the base. It is said once, not for each question.",
        example: "A bank filled the form that was meant for securities companies.",
        remedy: "Send the institution the form of its own sector, and ask for the missing answers.",
        asks: "ご提出いただいた点検票には、貴先にお尋ねしている設問の一部（{observed}）がありません。貴先向けの様式にてご回答ください。",
    }
    L12 NotAskedOfIt "not-asked-of-it" Information {
        what: "The workbook answers questions that the institution was not asked.",
        why: "They were not read: a question counts only in the sectors that are asked it.",
        example: "A securities company answered 問8, which is asked of banks.",
        remedy: "Nothing, if the form was meant for others. Otherwise check the sectors of the institution in the roster.",
    }
    L13 AnswersOffRow "answers-off-row" Warning {
        what: "Answers stand a row above or below their boxes: numbers beside empty boxes show it.",
        why: "Every answer around them may belong to another option or question, so none of them is used.",
        example: "The column of answers was copied from elsewhere and pasted a row too high.",
        remedy: "Ask the institution to answer on an untouched form, or move the answers back in the workbook and run again.",
        asks: "回答欄（{observed}）の前後で、ご回答が設問と異なる行に記入されているようです。お手数ですが、各設問のご回答をお知らせください。",
    }
    // A: the written answers.
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
        what: "The question asks for a number and something else is written, or one that cannot be meant.",
        why: "The answer is not used.",
        example: "「約10名」, −3 or 8.5 where a number of staff is asked.",
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
    A07 AnswerByFormula "answer-by-formula" Information {
        what: "The answer is not typed but given by a formula; the result that is stored in the file was read.",
        why: "Nothing needs to be done; the result is the one that the cell showed when the workbook was last saved.",
        example: "=前回!D5 beside an option, whose stored result is ○.",
        remedy: "Nothing, unless the result looks wrong: then open the workbook in Excel and look.",
    }
    A08 FormulaWithoutResult "formula-without-result" Warning {
        what: "An answer box holds a formula whose result is not stored in the file.",
        why: "What the cell would show is not known, so the answer is not used; it is not a blank answer either.",
        example: "=前回!D5 in a workbook that a program wrote and nobody opened in Excel.",
        remedy: "Open the workbook in Excel, save it, and run again; if that is of no use, ask the institution for the answer.",
        asks: "回答欄に数式（{observed}）が入力されていますが、計算結果が保存されていません。ご回答を値でお知らせください。",
    }
    A09 RemarkBesideAnswer "remark-beside-answer" Information {
        what: "Something is written beside the boxes of an answer; it was kept out of the answer.",
        why: "A remark can change what an answer means. Nothing that was written shall be lost.",
        example: "「該当なし」 or 「→訂正」 in the column after a marked box.",
        remedy: "Read the remark. If it contradicts the answer, ask the institution.",
    }
    A10 MergedAnswer "merged-answer" Warning {
        what: "An answer stands in a cell that is merged over the boxes of several answers.",
        why: "It could mean any of them, so it is used for none.",
        example: "One ○ in the merged boxes of options 2 and 3.",
        remedy: "Ask the institution which option it meant.",
        asks: "複数の回答欄が結合されたセルに「{observed}」のご記入があり、どの選択肢を指すか判断できません。該当する選択肢をご回答ください。",
    }
    A11 CorrectionBesideAnswer "correction-beside-answer" Warning {
        what: "What is written beside the boxes of an answer speaks of a correction or a mistake.",
        why: "The answer in the box counts as it stands, and may not be the one that was meant.",
        example: "「誤り。正しくは2です」 in the column after a marked box.",
        remedy: "Ask the institution which answer it meant.",
        asks: "回答欄の横に「{observed}」とのご記入があります。回答欄のご回答のとおりでよいか、ご確認ください。",
    }
    A12 AnswerNotSeen "answer-not-seen" Warning {
        what: "Something in an answer box is struck out, hidden, covered by a merged cell, or shown in the colour of its ground.",
        why: "Whoever looks at the workbook does not take it for an answer, so it was not read as one.",
        example: "A ○ that is struck out, or one in a row that was hidden and forgotten.",
        remedy: "Look at the workbook in Excel, and ask the institution what it meant.",
        asks: "回答欄に、取り消し線が引かれた、または画面に表示されないご記入（{observed}）がありましたので、ご回答に含めておりません。この扱いでよいか、ご確認ください。",
    }
    A13 ShownOtherwise "shown-otherwise" Warning {
        what: "The number in an answer box is shown otherwise than it is stored, by the format of its cell.",
        why: "What is shown was read, because it is what the institution saw; the other number may be the one that it meant.",
        example: "12000 in a cell that shows thousands, and so 12.",
        remedy: "Ask the institution which number it meant.",
        asks: "回答欄の表示は「{observed}」ですが、セルに保存されている値と異なります。正しいご回答をお知らせください。",
    }
    A14 DrawnOver "drawn-over" Warning {
        what: "Something is drawn or set over the boxes of an answer, and which of them it means cannot be told.",
        why: "Whoever looks at the workbook sees it; it was not read.",
        example: "A circle drawn around two options, or a text box with a remark.",
        remedy: "Look at the workbook in Excel, and ask the institution what it meant.",
        asks: "回答欄の上に図形等（{observed}）が置かれており、どの選択肢を指すか判断できません。該当する選択肢を、回答欄にご記入ください。",
    }
    A15 ShareOfPercent "share-of-percent" Information {
        what: "A number of at most 1 answers a question that asks for a percentage.",
        why: "It may be meant as a share: 0.85 for 85 %. It was read as it stands.",
        example: "0.85 where the unit is %.",
        remedy: "Send the follow-up; nothing changes unless the institution corrects the answer.",
        asks: "百分率（％）をお尋ねする設問に「{observed}」とのご記入があります。割合（例：85％を0.85と記入）ではないか、ご確認ください。",
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
    E06 FatalEditFailed "fatal-edit-failed" Warning {
        what: "Answers that cannot all be right: an edit of kind fatal in edits.toml fails.",
        why: "At least one of them is wrong, and all of them are in the figures until it is corrected.",
        example: "A monitoring organisation is set up, and it monitors none of the things listed.",
        remedy: "Send the follow-up; the institution corrects one of the answers or explains them.",
    }
    E07 QueryEditFailed "query-edit-failed" Information {
        what: "Answers that are unusual together or against last year: an edit of kind query in edits.toml fails.",
        why: "They may be right; the institution is asked, and its explanation is kept.",
        example: "An answer two levels below last year's.",
        remedy: "Send the follow-up; nothing changes unless the institution corrects an answer.",
    }
    // C: the collection as a whole.
    C01 SameInMany "same-in-many" Error {
        what: "Many workbooks have the same defect, in the same words and at the same place: ten at least, and one in ten of all.",
        why: "It is one matter, most likely of the form that was sent out, of its definition, or of the way on which the files came; the help says whether the institutions have to be asked.",
        example: "The form of last year was sent out, or the heading of the answer column was printed wrong.",
        remedy: "Compare the form that was sent out with its definition. Mend the definition if the form is right; send the right form if it is not.",
    }
    // R: the returned follow-up.
    R01 ReplyUnreadable "reply-unreadable" Warning {
        what: "An entry in a returned follow-up workbook cannot be used.",
        why: "The query stays open; nothing was changed by the entry.",
        example: "「訂正する」 with no corrected answer beside it.",
        remedy: "Ask the institution what it meant, or enter it in the workbook yourself and run again.",
    }
    R02 ReplyWithoutQuery "reply-without-query" Information {
        what: "A returned follow-up workbook answers a query that is not open.",
        why: "The answer it speaks of has changed since, or the edit has been retired; the entry was not applied.",
        example: "A corrected return arrived after the follow-up was sent, and then the follow-up came back.",
        remedy: "Nothing, unless the institution still means it: then send the new follow-up.",
    }
    R03 NothingToAcknowledge "nothing-to-acknowledge" Information {
        what: "A line of the table of what the desk has acknowledged acknowledges nothing: no finding has its id, or the finding is a question to the institution.",
        why: "A line holds as long as the cause of its finding is the same; where the cause has changed, the finding stands again. A question is settled by the reply to the follow-up, or by a corrected return.",
        example: "The broken file F03 was acknowledged, and a good one has come since; or the id was mistyped, and the message names the one that was meant.",
        remedy: "Take the line out of the table, or correct its id. If its finding stands again under another id, look at it again; if the institution is asked, send the follow-up.",
    }
    // P: the panel, from one year to the next.
    P01 UnexplainedLeaver "unexplained-leaver" Warning {
        what: "An institution was asked last year and is not on the roster, and the institution ledger does not say why.",
        why: "If it merged or got another code, its answers of last year belong to another institution; as it stands it counts as having left, and the other as new.",
        example: "3001 was asked in 2022 and is not on the roster of 2023.",
        remedy: "Add what happened to the institution ledger: merger, recode or exit. If it was only forgotten, add it to the roster.",
    }
    P02 UnexplainedEntrant "unexplained-entrant" Information {
        what: "An institution is on the roster and was not asked last year, and the institution ledger does not say why.",
        why: "If it came out of others or had another code, it has a past to be compared with; as it stands it counts as new.",
        example: "7010 is on the roster of 2023 and was not asked in 2022.",
        remedy: "Add what happened to the institution ledger: entry, or the merger or recode that it came out of.",
    }
    P03 UnexplainedName "unexplained-name" Warning {
        what: "An institution has another name than last year, and the institution ledger does not say so.",
        why: "A code with another name may have been given to another institution, whose answers must not be compared with the former's.",
        example: "3001 was called 模擬甲信用金庫 in 2022 and is called 模擬乙信用金庫 in 2023.",
        remedy: "Add the rename to the institution ledger. If the code was given to another institution, add the exit of the former and the entry of the new one.",
    }
    P04 UnexplainedMove "unexplained-move" Warning {
        what: "An institution stands in other sectors or sub-sectors than last year, and the institution ledger does not say so.",
        why: "It leaves one figure and enters another; a slip in the roster would do the same.",
        example: "3001 stood in regional/shinkin in 2022 and stands in regional/regional_bank in 2023.",
        remedy: "Add the move to the institution ledger, or correct the roster.",
    }
    // D: disclosure control.
    D02 ErratumReveals "erratum-reveals" Error {
        what: "Comparing a correction with an edition before it reveals an adverse answer of a named institution.",
        why: "Readers have both editions: what differs between them is due to the returns that came or changed in between.",
        example: "One securities company returned late: the base grows by one, and so does the count of those without a SOC.",
        remedy: "Decide whether the institution has to bear it. If so, release the correction with `--accept-revealed` and its code: that is kept in the ledger and the certificate. If not, leave the figures as they were released, or wait until more returns have come.",
    }
    D03 WithheldCellOpen "withheld-cell-open" Error {
        what: "A withheld cell can be computed from what would be printed more closely than the policy allows.",
        why: "The answer of an institution could be worked out. Nothing is released.",
        example: "A sub-sector is what is left of the sector, all of whose other sub-sectors have been published.",
        remedy: "Change the policy so that less is printed: a higher `minimum_base`, or `subsectors = false`. `cssa disclose --explain` says why a cell is withheld.",
    }
    D04 ReleasedAgainstPolicy "released-against-policy" Information {
        what: "An edition that readers have was made by another policy than the present one.",
        why: "What was released stays as it was released. The present policy holds for the next edition.",
        example: "The first edition was made with a minimum base of 5, and the policy has 10 now.",
        remedy: "Nothing, where the policy was changed on purpose.",
    }
    D05 YearBeforeNotReleased "year-before-not-released" Information {
        what: "The changes of a draft rest on figures of the year before that were not released.",
        why: "Readers cannot compare what they do not have: that year is to be released first. Where its figures cannot be released as they are, the changes are left out.",
        example: "Fiscal year 2023 is drafted, and fiscal year 2022 is in the store and was never released.",
        remedy: "Release the year before: `cssa disclose` with its year file and `--release TIME`.",
    }
    D06 ReturnsSinceRelease "returns-since-release" Information {
        what: "Returns have come, changed, gone or moved since the edition that readers have.",
        why: "What readers have stays as it was released; `internal/` shows the present. A corrected edition would take them in.",
        example: "The return of 1001 arrived after the release.",
        remedy: "Nothing, or prepare a corrected edition with `cssa disclose --correct \"reason\"`; internal/disclosure/since_release.csv lists the returns.",
    }
    D08 SectorsHangTogether "sectors-hang-together" Error {
        what: "More than two sectors of a release have members in common one with another.",
        why: "What their figures reveal together is not computed. Nothing is released.",
        example: "Three institutions are both trust banks and new-form banks, and one of them is a securities company as well.",
        remedy: "Leave one of the sectors out of the release: name it as `never` in the disclosure policy.",
    }
    D09 EditionNotRemade "edition-not-remade" Warning {
        what: "The tables of an edition that readers have cannot be made again as they were released.",
        why: "The definition of the year has changed since, so that the frozen answers read otherwise. The files that readers have stay as they are.",
        example: "An option of a question was renamed after the release.",
        remedy: "Put the definition back as it was, or keep a copy of the released files: this program does not make them again.",
    }
    // O: the outputs.
    O01 OutputSetAside "output-set-aside" Warning {
        what: "A file stood where this program writes, which it did not write or which was changed since it wrote it; it was set aside.",
        why: "What a person wrote is nobody's to delete, and what this program writes there has to be its own.",
        example: "A column was added by hand to internal/distributions.csv; a memo lay in public/, which is for readers.",
        remedy: "Look at the file where it is kept. Take it out of the folder of outputs if you need it, delete it otherwise; nothing reads it.",
    }
}
