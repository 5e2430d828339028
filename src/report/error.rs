//! An error of a command, as a person or a program reads it.

use std::error::Error;

use serde::Serialize;

use super::Format;

/// What went wrong.
#[derive(Serialize)]
struct Told {
    error: Parts,
}

/// The message says what is wrong and what to do; the causes say why, the nearest first.
#[derive(Serialize)]
struct Parts {
    message: String,
    causes: Vec<String>,
}

/// Writes an error in a form: some lines of text, or one line with a JSON object.
pub fn error(error: &dyn Error, format: Format) -> String {
    told(error.to_string(), causes(error), format)
}

/// Writes a message that has no causes.
pub fn failure(message: &str, format: Format) -> String {
    told(message.to_owned(), Vec::new(), format)
}

fn told(message: String, causes: Vec<String>, format: Format) -> String {
    match format {
        Format::Text => {
            let causes: String = causes.iter().map(|cause| format!("\n  because: {cause}")).collect();
            format!("error: {message}{causes}")
        }
        Format::Json => serde_json::json!(Told { error: Parts { message, causes } }).to_string(),
    }
}

/// The causes that say something more.
fn causes(error: &dyn Error) -> Vec<String> {
    let (mut text, mut causes) = (error.to_string(), Vec::new());
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push('\n');
            text.push_str(&said);
            causes.push(said);
        }
        cause = next.source();
    }
    causes
}
