//! Has the systems embedded anew when a file of theirs is added, which cargo does not see by itself.

fn main() {
    for folder in ["migrations", "schemas"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
