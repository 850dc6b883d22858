//! `cssa explain`: what a finding code means.

use cssa::finding::{Code, render};

use crate::ExitStatus;
use crate::args::ExplainArgs;
use crate::console;

pub fn run(arguments: &ExplainArgs) -> Result<ExitStatus, Box<dyn std::error::Error>> {
    let Some(wanted) = &arguments.code else {
        let lines = Code::ALL.iter().map(|code| {
            let rule = code.rule();
            format!("{:4} {:24} {:12} {}\n", rule.code, rule.name, rule.severity.word(), rule.what)
        });
        console::print(&lines.collect::<String>());
        return Ok(ExitStatus::Fine);
    };
    let code = Code::find(wanted)
        .ok_or_else(|| format!("there is no finding code `{wanted}`\n  `cssa explain` lists all codes"))?;
    console::print(&render::explanation(code.rule()));
    Ok(ExitStatus::Fine)
}
