//! The project's definition, changed for a measurement: a sub-sector in parts, questions asked several times.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Value;

use crate::project;
use crate::synthetic::Shape;

/// Copies the definition into a folder, in another shape. Returns the file of FY2023.
pub fn write(folder: &Path, shape: Shape) -> PathBuf {
    copy(&project().join("pipelines/cssa"), folder);
    edit(&folder.join("survey.toml"), |survey| divide(survey, shape));
    edit(&folder.join("questions.toml"), |bank| repeat(bank, shape.times));
    edit(&folder.join("nets.toml"), |nets| {
        let nets = nets["net"].as_array_mut().expect("nets");
        *nets = repeated(nets, shape.times, |net, time| {
            let mut net = net.clone();
            net["question"] = id_at(&net["question"], time);
            net
        });
    });
    // Nobody looks at a form or a chart of it, nor at last year.
    edit(&folder.join("fy2023.toml"), |year| {
        let table = year.as_table_mut().expect("a table");
        ["figure", "previous", "concordance", "ledger"].into_iter().for_each(|key| drop(table.remove(key)));
        let asked = table["asked"].as_array_mut().expect("a list of questions");
        *asked = repeated(asked, shape.times, id_at);
    });
    folder.join("fy2023.toml")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("a copy");
        }
    }
}

fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = toml::from_str(&fs::read_to_string(path).expect("a file")).expect("TOML");
    change(&mut value);
    fs::write(path, toml::to_string(&value).expect("plain data")).expect("a file can be written");
}

fn divide(survey: &mut Value, shape: Shape) {
    let Some((divided, parts)) = shape.divided else { return };
    for sector in survey["sector"].as_array_mut().expect("sectors") {
        let Some(subsectors) = sector.get_mut("subsectors").and_then(Value::as_array_mut) else { continue };
        let Some(at) = subsectors.iter().position(|one| one["id"].as_str() == Some(divided)) else { continue };
        let whole = subsectors.remove(at);
        for part in (0..parts).rev() {
            let mut one = whole.clone();
            one["id"] = Value::String(format!("{divided}_{part:02}"));
            one["name"] = Value::String(format!("{}{part:02}", whole["name"].as_str().expect("a name")));
            subsectors.insert(at, one);
        }
    }
}

/// Each question several times, each time behind the gate of the same time.
fn repeat(bank: &mut Value, times: usize) {
    let questions = bank["question"].as_array_mut().expect("questions");
    *questions = repeated(questions, times, |question, time| {
        let mut question = question.clone();
        question["id"] = id_at(&question["id"], time);
        if let Some(gate) = question.get_mut("asked_if") {
            gate["question"] = id_at(&gate["question"], time);
        }
        question
    });
}

fn id_at(question: &Value, time: usize) -> Value {
    Value::String(Shape::question(time, question.as_str().expect("an id")))
}

fn repeated(all: &[Value], times: usize, one: impl Fn(&Value, usize) -> Value) -> Vec<Value> {
    (0..times).flat_map(|time| all.iter().map(|value| one(value, time)).collect::<Vec<_>>()).collect()
}
