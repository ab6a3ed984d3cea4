//! The guidelines of a project: `guidelines.md`, in Markdown, which people write. Here is what a new one begins with.

use std::fmt::Write as _;

use crate::schema::{Label, Schema};

/// A beginning, with a part for each label and relation: what the schema says of it, and room for the cases.
pub fn beginning(name: &str, schema: &Schema) -> String {
    let mut text = format!(
        "# Guidelines for {name}\n\n\
         What to mark, and what not. Whoever labels sees this beside the page; F1 on a span opens its part.\n\
         In the examples, square brackets show the span. Replace what stands here with your own decisions, and add one whenever\n\
         you had to think twice.\n\n\
         ## In general\n\n\
         - Read the document once before you mark anything.\n\
         - Mark what the text says, not what you know.\n\
         - When a case is not here: decide, leave a note on the span, and go on. Flag the document if someone else should look.\n\
         - Finished means: read to the last line.\n"
    );
    for label in schema.labels.iter().filter(|label| !label.retired) {
        part(&mut text, label);
    }
    let relations: Vec<_> = schema.relations.iter().filter(|relation| !relation.retired).collect();
    if !relations.is_empty() {
        text.push_str("\n## Relations\n\n| relation | from | to | rule |\n|---|---|---|---|\n");
        let ends = |ids: &[crate::schema::LabelId]| match ids {
            [] => "any".to_owned(),
            ids => ids
                .iter()
                .map(|id| schema.label(id).map_or(id.as_str(), |label| &label.name))
                .collect::<Vec<_>>()
                .join(", "),
        };
        for relation in relations {
            let rule = relation.definition.replace('\n', " ").replace('|', "\\|");
            let _ =
                writeln!(text, "| {} | {} | {} | {rule} |", relation.name, ends(&relation.from), ends(&relation.to));
        }
    }
    if !schema.document.is_empty() {
        text.push_str("\n## The document\n\n");
        for attribute in &schema.document {
            let _ = writeln!(text, "- **{}**: {}", attribute.name, said(&attribute.definition));
        }
    }
    text
}

fn part(text: &mut String, label: &Label) {
    let _ = write!(text, "\n## {}\n\n{}\n", label.name, said(&label.definition));
    for (title, examples) in [("Mark", &label.yes), ("Do not mark", &label.no)] {
        if !examples.is_empty() {
            let _ = write!(text, "\n**{title}**\n\n");
        }
        for example in examples {
            let _ = writeln!(text, "- {}", example.replace('\n', " "));
        }
    }
    if !label.attributes.is_empty() {
        text.push('\n');
    }
    for attribute in &label.attributes {
        let _ = writeln!(text, "- `{}`: {}", attribute.name, said(&attribute.definition));
    }
}

fn said(definition: &str) -> &str {
    if definition.is_empty() { "Say here what it is." } else { definition }
}
