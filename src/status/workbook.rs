//! The status as a workbook for the desk: 回収状況 by sector, 未回収先 by name, and 指摘 that need a look.

use super::{Line, Noticed, Outstanding, SinceKind, Status};
use crate::workbook_style::{Book, Cell, Column, Row, Sheet, bytes};

/// The status as an xlsx file.
pub fn workbook(status: &Status) -> Vec<u8> {
    let title = format!("{}事務年度　{}　回収状況", status.fiscal_year, status.title);
    let mut sheets = vec![by_sector(status), by_name(status)];
    sheets.extend((!status.findings.listed.is_empty()).then(|| findings(status)));
    sheets.extend((!status.since_release.is_empty()).then(|| since_release(status)));
    bytes(&Book { title, properties: Vec::new(), sheets })
}

fn by_sector(status: &Status) -> Sheet {
    Sheet {
        name: "回収状況".to_owned(),
        title: "回収状況".to_owned(),
        notes: vec![subtitle(status)],
        columns: [
            ("業態", 24.0),
            ("内訳", 20.0),
            ("調査対象先", 12.0),
            ("受領", 10.0),
            ("有効", 10.0),
            ("利用不可のみ", 14.0),
            ("未回収", 10.0),
            ("回収率（％）", 14.0),
            ("確認中の事項", 14.0),
        ]
        .map(|(heading, width)| Column::new(heading, width))
        .to_vec(),
        rows: status.lines.iter().map(line).collect(),
        footnotes: [
            "受領：何らかの回収票が届いた先。有効：回答を集計に用いる先。利用不可のみ：届いた回収票がいずれも利用できない先。",
            "未回収：有効な回収票のない先（利用不可のみの先を含む）。回収率：有効÷調査対象先（四捨五入）。",
            "複数の業態に属する先は、各業態に計上し、全体では1先と数える。",
        ]
        .map(str::to_owned)
        .to_vec(),
        frozen_columns: 2,
        ..Sheet::default()
    }
}

fn subtitle(status: &Status) -> String {
    format!("{}事務年度　{}", status.fiscal_year, status.title)
}

fn line(line: &Line) -> Row {
    let counts = line.counts;
    let (sector, subsector) =
        if line.subsector.is_empty() { (line.name.as_str(), "") } else { ("", line.name.as_str()) };
    let number = |count: u32| Cell::count(usize::try_from(count).expect("32 bits fit"));
    let rate = line.response_rate.map_or_else(|| Cell::text("-"), |rate| Cell::tenths(rate.tenths()));
    let row = Row::new([
        Cell::text(sector),
        Cell::text(subsector),
        number(counts.asked),
        number(counts.received),
        number(counts.accepted),
        number(counts.rejected),
        number(counts.outstanding),
        rate,
        number(counts.open_queries),
    ]);
    if line.subsector.is_empty() { row.strong() } else { row }
}

fn by_name(status: &Status) -> Sheet {
    let unattributed = status.unattributed.iter();
    Sheet {
        name: "未回収先".to_owned(),
        title: "未回収先".to_owned(),
        notes: vec![format!("{}　有効な回収票のない先：{}先", subtitle(status), status.outstanding.len())],
        columns: [
            ("コード", 12.0),
            ("名称", 26.0),
            ("業態", 20.0),
            ("内訳", 16.0),
            ("状況", 12.0),
            ("届いたファイル", 34.0),
            ("利用できない理由", 40.0),
        ]
        .map(|(heading, width)| Column::new(heading, width))
        .to_vec(),
        rows: status.outstanding.iter().map(outstanding).collect(),
        footnotes: unattributed
            .map(|file| format!("送付元の分からない、利用できないファイル：{}（{}）", file.file, file.reason))
            .collect(),
        frozen_columns: 2,
        is_filtered: true,
        ..Sheet::default()
    }
}

/// The findings that need a look, and those that are new.
fn findings(status: &Status) -> Sheet {
    let counts = &status.findings;
    let row = |one: &Noticed| {
        let severity = match one.severity.as_str() {
            "error" => "エラー",
            "warning" => "警告",
            _ => "情報",
        };
        Row::new([
            Cell::text(&one.finding),
            Cell::text(if one.new { "新規" } else { "" }),
            Cell::text(severity),
            Cell::text(&one.institution),
            Cell::text(&one.place),
            Cell::text(&one.message),
        ])
    };
    Sheet {
        name: "指摘".to_owned(),
        title: "指摘".to_owned(),
        notes: vec![format!(
            "{}　エラー：{}件、警告：{}件、情報：{}件（うち前回の実行以降の新規：{}件）",
            subtitle(status),
            counts.error,
            counts.warning,
            counts.information,
            counts.new
        )],
        columns: [("番号", 18.0), ("新規", 8.0), ("重要度", 10.0), ("金融機関コード", 18.0), ("箇所", 46.0), ("内容", 80.0)]
            .map(|(heading, width)| Column::new(heading, width))
            .to_vec(),
        rows: counts.listed.iter().map(row).collect(),
        footnotes: [
            "エラー、警告及び新規の情報を掲げる。番号は、原因が同じである限り変わらない。",
            "対応を要しないものは、番号と理由を「finding,reason」の表に記入し、--acknowledged で指定すれば、情報として扱う。照会となる指摘は、先の回答によって済む。",
        ]
        .map(str::to_owned)
        .to_vec(),
        frozen_columns: 1,
        is_filtered: true,
        ..Sheet::default()
    }
}

fn outstanding(one: &Outstanding) -> Row {
    let lines = |texts: &mut dyn Iterator<Item = &String>| {
        let texts: Vec<&str> = texts.map(String::as_str).collect();
        Cell::text(texts.join("\n").trim_end())
    };
    Row::new([
        Cell::text(&one.institution),
        Cell::text(&one.name),
        lines(&mut one.sectors.iter().map(|name| &name.sector)),
        lines(&mut one.sectors.iter().map(|name| &name.subsector)),
        Cell::text(if one.came.is_empty() { "未着" } else { "利用不可" }),
        lines(&mut one.came.iter().map(|file| &file.file)),
        lines(&mut one.came.iter().map(|file| &file.reason)),
    ])
}

/// The returns that are others since the releases that readers have.
fn since_release(status: &Status) -> Sheet {
    let notes = status.since_release.iter().map(|since| {
        let counts = SinceKind::ALL.map(|kind| format!("{}{}先", kind.in_print(), since.count(kind)));
        format!("{}　第{}版（{}）以降：{}", circle(since.circle), since.edition, since.released_at, counts.join("、"))
    });
    let rows = status.since_release.iter().flat_map(|since| {
        since.returns.iter().map(move |one| {
            let number = |count: usize| if count == 0 { Cell::text("") } else { Cell::count(count) };
            Row::new([
                Cell::text(circle(since.circle)),
                Cell::text(format!("第{}版", since.edition)),
                Cell::text(&one.institution),
                Cell::text(&one.name),
                Cell::text(one.kind.in_print()),
                number(one.questions.len()),
                Cell::text(one.questions.join(" ")),
                Cell::text(&one.places[0]),
                Cell::text(&one.places[1]),
            ])
        })
    });
    Sheet {
        name: "公表後の変更".to_owned(),
        title: "公表・還元の後の変更".to_owned(),
        notes: notes.collect(),
        columns: [
            ("区分", 8.0),
            ("版", 8.0),
            ("コード", 12.0),
            ("名称", 26.0),
            ("変更", 14.0),
            ("回答の数", 10.0),
            ("設問", 34.0),
            ("公表時の業態", 24.0),
            ("現在の業態", 24.0),
        ]
        .map(|(heading, width)| Column::new(heading, width))
        .to_vec(),
        rows: rows.collect(),
        frozen_columns: 2,
        is_filtered: true,
        ..Sheet::default()
    }
}

fn circle(word: &str) -> &'static str {
    if word == "public" { "公表" } else { "還元" }
}
