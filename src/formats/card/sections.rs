//! The sections of a card, each in Markdown without its heading; empty where there is nothing to say.

use super::Facts;
use super::markdown::{beginning, inline, quoted, row};
use crate::annotation::Annotator;
use crate::schema::{AttributeKind, Label, LabelId};
use crate::text::wording::{counted, thousands};

pub(super) fn what(facts: &Facts<'_>) -> String {
    let manifest = facts.manifest;
    let relations = match manifest.relations {
        0 => String::new(),
        count => format!(" and {}", counted(count, "relation", "relations")),
    };
    let mut words = format!(
        "{} with {} that {} marked{relations}, as {}.",
        counted(manifest.documents, "document", "documents"),
        counted(manifest.spans, "span", "spans"),
        counted(manifest.annotators.len() as u64, "annotator", "annotators"),
        inline(&manifest.format.name),
    );
    let newlines =
        if manifest.offsets.newlines == "lf" { "line ends are LF" } else { "line ends are those of the sources" };
    words.push_str(&format!(" Offsets count {}, half open; {newlines}.", manifest.offsets.unit));
    if let Some(tokens) = &manifest.tokens {
        let cut = match tokens.misaligned.as_str() {
            "cut" => "and are cut at every edge of a span, so that no span is changed by them",
            "expand" => "; a span that ends inside one grew to hold it",
            "contract" => "; a span that ends inside one shrank to leave it out",
            _ => "; spans that end inside one are left out",
        };
        let gap = if cut.starts_with(';') { "" } else { " " };
        words.push_str(&format!(" Tokens follow the Unicode word bounds (UAX #29){gap}{cut}."));
        if let Some(scheme) = &tokens.scheme {
            words.push_str(&format!(" Tags are {}.", scheme.to_uppercase()));
        }
    }
    let made = manifest.created.as_ref().map(|time| format!(" on {}", inline(time))).unwrap_or_default();
    words.push_str(&format!(
        "\n\nMade with {}{made}, under the schema `{}`. `{}` beside this file has every number, and the checksum of each file.\n",
        manifest.program,
        manifest.schema.stamp,
        facts.manifest_name
    ));
    words
}

pub(super) fn labels(facts: &Facts<'_>) -> String {
    let manifest = facts.manifest;
    let parts = manifest.split.iter().flat_map(|split| &split.parts);
    let mut head = vec!["label".to_owned(), "name".to_owned(), "spans".to_owned()];
    head.extend(parts.clone().map(|part| part.name.clone()));
    head.push("what it is".to_owned());
    let mut table = row(&head) + &row(&vec!["---".to_owned(); head.len()]);
    let known = facts.schema.labels.iter().map(|label| &label.id);
    let others = manifest.labels.keys().filter(|id| facts.schema.label(id).is_none());
    let chosen = |id: &&LabelId| {
        manifest.labels.get(*id).is_some_and(|count| *count > 0)
            || (manifest.chosen.labels.is_empty() && facts.schema.label(id).is_some_and(|label| !label.retired))
    };
    let shown: Vec<_> = known.chain(others).filter(chosen).collect();
    if shown.is_empty() {
        return String::new();
    }
    for id in &shown {
        let label = facts.schema.label(id);
        let count = manifest.labels.get(*id).copied().unwrap_or(0);
        let mut cells = vec![
            format!("`{}`", inline(&id.as_str().replace('`', "'"))),
            label.map_or_else(String::new, |label| inline(&label.name)),
            thousands(count),
        ];
        cells.extend(parts.clone().map(|part| thousands(part.labels.get(*id).copied().unwrap_or(0))));
        let unknown = || "not in the schema".to_owned();
        cells.push(label.map_or_else(unknown, |label| inline(&label.definition)));
        table.push_str(&row(&cells));
    }
    let with = |label: &&Label| !label.attributes.is_empty() && shown.contains(&&label.id);
    let mut list = String::new();
    for label in facts.schema.labels.iter().filter(with) {
        let attributes = label.attributes.iter().map(|attribute| {
            let values = match &attribute.kind {
                AttributeKind::OneOf(values) => format!(" (one of {})", values.join(", ")),
                AttributeKind::AnyOf(values) => format!(" (any of {})", values.join(", ")),
                AttributeKind::Flag => " (yes or no)".to_owned(),
                AttributeKind::Number => " (a number)".to_owned(),
                AttributeKind::Text => " (text)".to_owned(),
            };
            inline(&format!("{}{values}", attribute.name))
        });
        list.push_str(&format!("- {}: {}\n", inline(&label.name), attributes.collect::<Vec<_>>().join("; ")));
    }
    if !list.is_empty() {
        table.push_str("\nAttributes:\n\n");
        table.push_str(&list);
    }
    table
}

pub(super) fn relations(facts: &Facts<'_>) -> String {
    let shown: Vec<_> = facts.schema.relations.iter().filter(|relation| !relation.retired).collect();
    if shown.is_empty() || facts.manifest.relations == 0 {
        return String::new();
    }
    let mut table =
        row(&["relation", "from", "to", "what it is"].map(str::to_owned)) + &row(&["---"; 4].map(str::to_owned));
    for relation in shown {
        let ends = |ends: &[LabelId]| match ends {
            [] => "any".to_owned(),
            ends => inline(&ends.iter().map(LabelId::as_str).collect::<Vec<_>>().join(", ")),
        };
        let id = format!("`{}`", inline(&relation.id.as_str().replace('`', "'")));
        table.push_str(&row(&[id, ends(&relation.from), ends(&relation.to), inline(&relation.definition)]));
    }
    table
}

pub(super) fn parts(facts: &Facts<'_>) -> String {
    let Some(split) = &facts.manifest.split else { return String::new() };
    let head = ["part", "wished for", "documents", "share", "groups", "spans"].map(str::to_owned);
    let mut table = row(&head) + &row(&["---"; 6].map(str::to_owned));
    let all: u64 = split.parts.iter().map(|part| part.documents).sum();
    for part in &split.parts {
        let share = if all == 0 { 0.0 } else { part.documents as f64 * 100.0 / all as f64 };
        table.push_str(&row(&[
            part.name.clone(),
            format!("{} %", (part.share * 10.0).round() / 10.0),
            thousands(part.documents),
            format!("{share:.1} %"),
            thousands(part.groups),
            thousands(part.spans),
        ]));
    }
    let mut together: Vec<String> = Vec::new();
    together.extend(split.group_by.as_ref().map(|field| format!("documents with the same {}", inline(field))));
    if let Some(likeness) = split.likeness {
        let pairs = counted(split.identical + split.near, "pair", "pairs");
        together
            .push(format!("near-duplicates ({pairs} with at least {likeness} of their runs of five words in common)"));
    }
    table.push('\n');
    if !together.is_empty() {
        table.push_str(&format!("Never in two parts: {}. ", together.join(", ")));
    }
    table.push_str(&format!(
        "Parts are stratified by label as far as that allows. Shares {}, seed {}.\n",
        split.shares, split.seed
    ));
    if !split.notes.is_empty() {
        table.push('\n');
        table.extend(split.notes.iter().map(|note| format!("- {}\n", inline(note))));
    }
    table
}

pub(super) fn annotators(facts: &Facts<'_>) -> String {
    let manifest = facts.manifest;
    if manifest.annotators.is_empty() {
        return String::new();
    }
    let mut words = row(&["annotator".to_owned(), "layers".to_owned()]) + &row(&["---"; 2].map(str::to_owned));
    for (name, layers) in &manifest.annotators {
        words.push_str(&row(&[inline(name), thousands(*layers)]));
    }
    let statuses = manifest.statuses.iter().map(|(status, layers)| format!("{} {status}", thousands(*layers)));
    words.push_str(&format!(
        "\nA layer is everything one annotator marked in one document: {}.",
        statuses.collect::<Vec<_>>().join(", ")
    ));
    if manifest.annotators.contains_key(Annotator::GOLD) {
        words.push_str(" `gold` is what adjudication settled on.");
    }
    if manifest.pseudonyms {
        words.push_str(" Names are pseudonyms.");
    }
    words
}

pub(super) fn agreement(facts: &Facts<'_>) -> String {
    let people = facts.manifest.annotators.keys().filter(|name| *name != Annotator::GOLD).count();
    let Some(agreement) = facts.agreement else {
        return if people > 1 { "How far the annotators agree is not known.".to_owned() } else { String::new() };
    };
    let value = match &agreement.value {
        Ok(value) => value,
        Err(reason) => return format!("How far the annotators agree is not known: {}.", inline(reason)),
    };
    let head = ["measure", "value", "95 % interval", "documents compared"].map(str::to_owned);
    let interval = |(low, high): (f64, f64)| format!("{low:.3} to {high:.3}");
    let cells = [
        format!("`{}`", agreement.measure),
        format!("{value:.3}"),
        agreement.between.map_or_else(|| "none: too few documents".to_owned(), interval),
        thousands(agreement.documents),
    ];
    format!("{}{}{}\n{}", row(&head), row(&["---"; 4].map(str::to_owned)), row(&cells), inline(&agreement.about))
}

pub(super) fn guidelines(facts: &Facts<'_>) -> String {
    let Some(text) = facts.guidelines.map(str::trim).filter(|text| !text.is_empty()) else { return String::new() };
    let (beginning, whole) = beginning(text, 1_500);
    let words = if whole { "The annotators had these:" } else { "The annotators had these; this is how they begin:" };
    format!("{words}\n\n{}", quoted(beginning))
}

pub(super) fn sources(facts: &Facts<'_>) -> String {
    const SHOWN: usize = 20;
    let mut sources: Vec<(&String, u64)> = facts.manifest.sources.iter().map(|(name, count)| (name, *count)).collect();
    if sources.iter().all(|(name, _)| name.is_empty()) {
        return String::new();
    }
    sources.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    let mut table = row(&["source".to_owned(), "documents".to_owned()]) + &row(&["---"; 2].map(str::to_owned));
    for (name, count) in sources.iter().take(SHOWN) {
        let name = if name.is_empty() { "not known".to_owned() } else { inline(name) };
        table.push_str(&row(&[name, thousands(*count)]));
    }
    if let Some(rest) = sources.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let documents = rest.iter().map(|(_, count)| count).sum();
        table.push_str(&row(&[counted(rest.len() as u64, "other", "others"), thousands(documents)]));
    }
    table
}

pub(super) fn losses(facts: &Facts<'_>) -> String {
    let manifest = facts.manifest;
    let mut words = String::new();
    let only = |what: &str, chosen: Vec<&str>| match chosen.as_slice() {
        [] => String::new(),
        chosen => format!("Of {what}, only these were chosen: {}.\n\n", inline(&chosen.join(", "))),
    };
    let chosen = &manifest.chosen;
    words.push_str(&only("the annotators", chosen.annotators.iter().map(String::as_str).collect()));
    words.push_str(&only("the statuses of layers", chosen.statuses.iter().map(String::as_str).collect()));
    words.push_str(&only("the labels", chosen.labels.iter().map(LabelId::as_str).collect()));
    if manifest.losses.is_empty() {
        let all = if words.is_empty() { "Nothing" } else { "Nothing else" };
        return format!("{words}{all} that an annotator made.");
    }
    let name = inline(&manifest.format.name);
    let losses = manifest.losses.iter().map(|(what, count)| format!("- {}: {}\n", inline(what), thousands(*count)));
    format!(
        "{name} cannot hold everything that the annotators made. Left out or changed:\n\n{}",
        losses.collect::<String>()
    )
}
