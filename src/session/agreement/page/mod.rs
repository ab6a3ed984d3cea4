//! The report of an agreement as one HTML file that needs nothing else: numbers, heat map, worst documents, the differences in context.
//!
//! For a colleague without the program. Its size is bounded, and whatever is cut is said. It draws nothing from anywhere, runs
//! nothing, and follows light and dark; the same layers give the same bytes.

mod context;
mod excerpt;
mod heat;
mod html;
mod numbers;

use std::fmt::Write;

use context::Context;
use html::{escape, section};

use super::Comparison;
use crate::schema::{Colour, Line, Schema};
use crate::store::{Job, Store, StoreError};
use crate::text::wording::brief;

/// What stands in the report, of a comparison just made. Reads the texts and layers of the documents compared once more.
pub fn page(comparison: &Comparison, schema: &Schema, store: &dyn Store, job: &Job) -> Result<String, StoreError> {
    let looks = Looks { comparison, schema };
    let context = Context::read(&looks, store, job)?;
    let who = names(&comparison.parameters.annotators);
    let heading = match comparison.parameters.annotators.len() {
        0 => "Agreement of nobody".to_owned(),
        1 => format!("{who} alone"),
        _ => format!("Agreement of {who}"),
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
        <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
        <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <title>{0}</title>\n<style>\n{1}{2}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
        escape(&heading),
        include_str!("style.css"),
        looks.colours(),
    );
    page.push_str(&numbers::summary(comparison));
    page.push_str(&section("left-out", "What was left out", &numbers::left_out(comparison)));
    page.push_str(&section("numbers", "All numbers", &numbers::all(comparison)));
    page.push_str(&section("annotators", "Annotators", &numbers::matrix(comparison)));
    page.push_str(&section("gold", "Against gold", &numbers::against_gold(comparison)));
    page.push_str(&section("labels", "Labels", &numbers::labels(&looks)));
    page.push_str(&section("confusion", "Who called what how", &heat::confusion(&looks)));
    page.push_str(&section("attributes", "Attributes and relations", &numbers::details(&looks)));
    page.push_str(&section("documents", "Documents from the worst", &context.documents(comparison)));
    page.push_str(&section("differences", "Differences", &context.differences(&comparison.parameters.annotators)));
    page.push_str(&section("measures", "What the numbers are", &numbers::measures(comparison)));
    page.push_str("</main>\n</body>\n</html>\n");
    Ok(page)
}

/// The labels as the report shows them.
struct Looks<'a> {
    comparison: &'a Comparison,
    schema: &'a Schema,
}

impl Looks<'_> {
    /// One class a label, with its colour in both themes.
    fn colours(&self) -> String {
        let (mut light, mut dark) = (String::new(), String::new());
        for (place, id) in self.comparison.parameters.labels.iter().enumerate() {
            let colour = self.schema.resolve(id).map_or(Colour::Slot(4), |label| label.colour);
            for (theme, [r, g, b]) in [&mut light, &mut dark].into_iter().zip(colour.rgb()) {
                let _ = writeln!(theme, ".l{place} {{ --c: #{r:02x}{g:02x}{b:02x}; }}");
            }
        }
        format!("{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n")
    }

    /// The class of its colour; none where the label was not compared.
    fn class(&self, id: &str) -> String {
        let id = self.schema.resolve(id).map_or(id, |label| label.id.as_str());
        let place = self.comparison.parameters.labels.iter().position(|label| label == id);
        place.map(|place| format!("l{place}")).unwrap_or_default()
    }

    /// The pattern of its line.
    fn line(&self, id: &str) -> &'static str {
        match self.schema.resolve(id).map_or(Line::Solid, |label| label.line) {
            Line::Solid => "solid",
            Line::Double => "double",
            Line::Dotted => "dotted",
            Line::Wavy => "wavy",
        }
    }

    fn name(&self, id: &str) -> String {
        let name = self.schema.resolve(id).map_or(id, |label| label.name.as_str());
        escape(&brief(name, 60))
    }

    fn chip(&self, id: &str) -> String {
        format!("<span class=\"chip {}\">{}</span>", self.class(id), self.name(id))
    }
}

/// `ana, ben and cleo`; of many, the first.
fn names(names: &[String]) -> String {
    let short = |names: &[String]| names.iter().map(|name| brief(name, 60)).collect::<Vec<_>>().join(", ");
    match names {
        [] => String::new(),
        [one] => brief(one, 60),
        [rest @ .., last] if names.len() <= 6 => format!("{} and {}", short(rest), brief(last, 60)),
        _ => format!("{} and {} more", short(&names[..5]), names.len() - 5),
    }
}
