//! `cssa status`: how the collection stands.

use cssa::finding::render;
use cssa::pipeline::{self, StatusReport};
use cssa::status;

use crate::ExitStatus;
use crate::args::{Format, StatusArgs};
use crate::console;

pub fn run(arguments: &StatusArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    if arguments.year_files.len() > 1 && arguments.out.is_some() {
        let text = "--out names the folder of one year, but several year files are given\n  run the years one by one, or leave --out out";
        return Err(text.into());
    }
    for year_file in &arguments.year_files {
        let report = pipeline::status(year_file, arguments.store.as_deref(), arguments.out.as_deref())?;
        console::print(&match arguments.format {
            Format::Text => describe(&report),
            Format::Json => serde_json::to_string(&report.status)? + "\n",
        });
    }
    Ok(ExitStatus::Fine)
}

fn describe(report: &StatusReport) -> String {
    let out = report.out.display().to_string().replace('\\', "/");
    let written: Vec<String> = report.written.iter().map(|name| format!("{out}/{name}")).collect();
    let aside: String = report.findings.iter().map(|finding| render::line(finding) + "\n").collect();
    format!("{}all of it in {}\n{aside}", status::text(&report.status), written.join(", "))
}
