//! Schemas: what is read, what is reported and where, what edits leave alone.

mod broken;
mod compare;
mod files;
mod lint;
mod meaning;
mod source;
mod splice;

use spanwright::schema::{Parsed, Schema};
use spanwright::text::{Problem, Severity};

/// A schema around these labels, on one line, so that columns of `labels` count from 1 in line 2.
fn with_labels(labels: &str) -> String {
    format!("(name: \"t\", labels: [\n{labels}\n])")
}

fn parse(source: &str) -> Schema {
    let Parsed { schema, problems } = Schema::parse(source, "t.ron");
    schema.unwrap_or_else(|| panic!("no schema: {problems:#?}"))
}

/// `line:column severity sentence. Fix`
fn shown(problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let (line, column) = (problem.place.line.unwrap(), problem.place.column.unwrap());
    assert!(!problem.fix.is_empty(), "every problem has its fix: {problem}");
    format!("{line}:{column} {severity} {}. {}", problem.sentence, problem.fix)
}

/// Exactly these problems, one per line, come of `source`.
#[track_caller]
fn check(source: &str, expected: &str) {
    let parsed = Schema::parse(source, "t.ron");
    let found: Vec<String> = parsed.problems.iter().map(shown).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found.join("\n"), expected.join("\n"), "\n--- in\n{source}\n--- found\n{}\n", found.join("\n"));
    let errors = parsed.problems.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(parsed.schema.is_none(), errors, "a schema comes of it if, and only if, there is no error");
}

/// [`check`] of a schema that has these labels, in line 2.
#[track_caller]
fn check_labels(labels: &str, expected: &str) {
    check(&with_labels(labels), expected);
}
