//! Tells the program which sources it was built from: a build does not trust another build's reading of a workbook.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

fn main() {
    let mut hasher = DefaultHasher::new();
    let mut waiting = vec![PathBuf::from("src"), PathBuf::from("Cargo.lock")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("the sources are readable");
            let mut inner: Vec<PathBuf> = entries.map(|entry| entry.expect("a source").path()).collect();
            inner.sort();
            waiting.extend(inner);
        } else {
            fs::read(&path).expect("a source is readable").hash(&mut hasher);
        }
    }
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rustc-env=CSSA_BUILD={:016x}", hasher.finish());
}
