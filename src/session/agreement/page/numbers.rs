//! The numbers of the report: the few that count large, then all of them, by pair, label, attribute.

use super::super::Comparison;
use super::Looks;
use super::html::{Table, escape, figure, interval, number, remark};
use crate::agreement::{F1Exact, Frame, Measure, Row, Scope, answered, f1, relation_kinds};
use crate::text::wording::{brief, counted, thousands};

/// What the cards at the top show, if it was computed.
const FIRST: [&str; 3] = ["f1-exact", "f1-overlap", "alpha"];
/// What the table of labels shows, if it was computed.
const OF_LABELS: [&str; 6] = ["f1-exact", "f1-overlap", "f1-token", "kappa", "alpha", "alpha-u"];
const MOST_ANNOTATORS: usize = 24;
const MOST_LABELS: usize = 60;
const MOST_PAIRS: usize = 6;

/// The measure that documents and annotators are compared by.
pub fn leading(comparison: &Comparison) -> Option<&'static str> {
    let computed = &comparison.parameters.measures;
    FIRST
        .into_iter()
        .find(|id| computed.iter().any(|(other, _)| other == id))
        .or_else(|| computed.first().map(|(id, _)| *id))
}

/// Of these measures, those that were computed; the first few of all where none was.
fn chosen(comparison: &Comparison, wanted: &[&str]) -> Vec<&'static str> {
    let computed = || comparison.parameters.measures.iter().map(|(id, _)| *id);
    let chosen: Vec<_> = computed().filter(|id| wanted.contains(id)).collect();
    if chosen.is_empty() { computed().take(wanted.len()).collect() } else { chosen }
}

/// Who was compared in how many documents, and the first numbers.
pub fn summary(comparison: &Comparison) -> String {
    let parameters = &comparison.parameters;
    let documents = counted(comparison.corpus.items.len() as u64, "document", "documents");
    let by = if parameters.annotators.len() == 2 { "both" } else { "two annotators or more" };
    let mut html = format!(
        "<p class=second>{documents} finished by {by}, of {}</p>\n<div class=cards>\n",
        thousands(parameters.documents),
    );
    for id in chosen(comparison, &FIRST) {
        let Some(row) = comparison.overall(id) else { continue };
        let about = parameters.measures.iter().find(|(other, _)| *other == id).map_or("", |(_, about)| about);
        let (value, range) = match &row.value {
            Ok(value) => {
                (number(*value), interval(row).map(|range| format!("95 % interval {range}")).unwrap_or_default())
            }
            Err(reason) => ("–".to_owned(), reason.to_string()),
        };
        let n = format!("n {} in {}", thousands(row.n as u64), counted(row.documents as u64, "document", "documents"));
        let notes: Vec<&str> = [range.as_str(), &n, row.note.as_deref().unwrap_or_default()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect();
        html.push_str(&format!(
            "<div><span class=id>{id}</span><b>{value}</b><small>{}</small><small>{}</small></div>\n",
            escape(&notes.join(" · ")),
            escape(about),
        ));
    }
    html.push_str("</div>\n");
    html
}

/// Documents and layers that do not count, by reason, and what else should be known.
pub fn left_out(comparison: &Comparison) -> String {
    let parameters = &comparison.parameters;
    let mut html = String::new();
    let excluded =
        comparison.parameters.measures.first().and_then(|(id, _)| comparison.overall(id)).map(|row| &row.excluded);
    let mut lines: Vec<String> = Vec::new();
    for (reason, documents) in excluded.into_iter().flatten() {
        lines.push(format!("{}: {}", counted(*documents as u64, "document", "documents"), reason_in_words(reason)));
    }
    if parameters.hidden > 0 {
        lines.push(counted(parameters.hidden, "hidden document", "hidden documents"));
    }
    let mut layers: Vec<(&str, &str, u64)> = Vec::new();
    for left in &parameters.left_out {
        match layers.iter_mut().find(|(who, why, _)| *who == left.annotator && *why == left.why.as_str()) {
            Some((.., count)) => *count += 1,
            None => layers.push((&left.annotator, left.why.as_str(), 1)),
        }
    }
    layers.sort_unstable();
    let cut = layers.len().saturating_sub(MOST_LABELS);
    for (who, why, count) in layers.into_iter().take(MOST_LABELS) {
        lines.push(format!("{} of {who}: {}", counted(count, "layer", "layers"), reason_in_words(why)));
    }
    if cut > 0 {
        lines.push(format!("{} more such lines are not shown", thousands(cut as u64)));
    }
    lines.extend(parameters.notes.iter().cloned());
    if lines.is_empty() {
        return remark("Nothing: everybody finished every document that somebody began");
    }
    for line in lines {
        html.push_str(&format!("<p>{}</p>\n", escape(&brief(&line, 400))));
    }
    html
}

fn reason_in_words(reason: &str) -> &str {
    match reason {
        "untouched" => "not begun by one of those compared",
        "in-progress" => "still in progress",
        "skipped" => "skipped",
        "text-differs" => "finished in another version of the text",
        other => other,
    }
}

/// Every measure: the mean over pairs, and all annotators at once.
pub fn all(comparison: &Comparison) -> String {
    let columns = ["measure", "of", "value", "95 % interval", "n", "documents", ""];
    let classes = ["", "", "right", "", "right", "right", "second"];
    let columns: Vec<(String, &'static str)> = columns.map(str::to_owned).into_iter().zip(classes).collect();
    let mut table = Table::new(&columns);
    let pairs = comparison.parameters.annotators.len() > 2;
    for row in comparison.rows.iter().filter(|row| row.label.is_none()) {
        let of = match row.scope {
            Scope::Overall if pairs => "mean over pairs",
            Scope::Overall => "both",
            Scope::Joint => "all at once",
            _ => continue,
        };
        let (value, reason) = match &row.value {
            Ok(value) => (format!("<b>{}</b>", number(*value)), None),
            Err(reason) => ("–".to_owned(), Some(reason.to_string())),
        };
        let notes: Vec<String> = reason.into_iter().chain(row.note.clone()).collect();
        let n = if row.n.fract() == 0.0 { thousands(row.n as u64) } else { number(row.n) };
        let (documents, notes) = (thousands(row.documents as u64), escape(&brief(&notes.join("; "), 300)));
        table.row([
            row.measure.to_owned(),
            of.to_owned(),
            value,
            interval(row).unwrap_or_default(),
            n,
            documents,
            notes,
        ]);
    }
    table.finish()
}

/// Annotators by annotators, by the leading measure.
pub fn matrix(comparison: &Comparison) -> String {
    let Some(id) = leading(comparison) else { return String::new() };
    let who = &comparison.parameters.annotators;
    if who.len() < 2 {
        return remark("There is nobody to compare with");
    }
    let shown = who.len().min(MOST_ANNOTATORS);
    let mut html = format!(
        "<p class=remark>{id} of each pair, with its 95 % interval and the documents both finished</p>\n<div class=\"wide heat\"><table><thead><tr><td></td>"
    );
    for name in &who[..shown] {
        html.push_str(&format!("<th scope=col><bdi>{}</bdi></th>", escape(name)));
    }
    html.push_str("</tr></thead><tbody>\n");
    for (name, row) in who.iter().zip(comparison.matrix(id)).take(shown) {
        html.push_str(&format!("<tr><th scope=row><bdi>{}</bdi></th>", escape(name)));
        for cell in row.into_iter().take(shown) {
            html.push_str(&match cell {
                Some(row) => {
                    let share = row.value.as_ref().map_or(0.0, |value| value.clamp(0.0, 1.0));
                    format!(
                        "<td style=\"--share:{share:.3}\">{}<small>{}</small></td>",
                        figure(row),
                        counted(row.documents as u64, "document", "documents"),
                    )
                }
                None => "<td></td>".to_owned(),
            });
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    if shown < who.len() {
        html.push_str(&remark(&format!("{} annotators more are not shown", who.len() - shown)));
    }
    html
}

/// Precision and recall of each annotator, where gold is among those compared.
pub fn against_gold(comparison: &Comparison) -> String {
    let corpus = &comparison.corpus;
    let Some(gold) = corpus.annotators.iter().position(|name| name == "gold") else { return String::new() };
    let columns = [
        ("annotator", ""),
        ("precision", "right"),
        ("recall", "right"),
        ("F1", "right"),
        ("spans", "right"),
        ("of gold", "right"),
        ("documents", "right"),
    ];
    let mut table = Table::new(&columns.map(|(heading, class)| (heading.to_owned(), class)));
    for (who, name) in corpus.annotators.iter().enumerate().filter(|(who, _)| *who != gold) {
        let pair = [who, gold];
        let frame = Frame { corpus, who: &pair, label: None };
        let (mut sums, mut documents, mut present) = ([0.0; 3], 0, Vec::new());
        for item in 0..corpus.items.len() {
            if let Some(view) = frame.view(&F1Exact, item, &mut present) {
                sums.iter_mut().zip(F1Exact.tally(&view)).for_each(|(sum, add)| *sum += add);
                documents += 1;
            }
        }
        let [both, ours, theirs] = sums;
        let share = |of: f64| if of > 0.0 { number(both / of) } else { "–".to_owned() };
        let score = f1(both, ours, theirs).map_or_else(|_| "–".to_owned(), number);
        let name = format!("<bdi>{}</bdi>", escape(name));
        table.row([
            name,
            share(ours),
            share(theirs),
            score,
            thousands(ours as u64),
            thousands(theirs as u64),
            thousands(documents),
        ]);
    }
    remark("Same label and same edges; a dash where there is nothing to take a share of") + &table.finish()
}

/// Labels by measures.
pub fn labels(looks: &Looks<'_>) -> String {
    let comparison = looks.comparison;
    let measures = chosen(comparison, &OF_LABELS);
    let mut columns = vec![("label".to_owned(), "")];
    columns.extend(measures.iter().map(|id| ((*id).to_owned(), "")));
    let mut table = Table::new(&columns);
    let rows: Vec<Vec<&Row>> = measures.iter().map(|id| comparison.labels(id)).collect();
    let labels = &comparison.parameters.labels;
    let corpus = &comparison.corpus;
    let mut marked = vec![false; corpus.labels.len()];
    for layer in corpus.items.iter().flat_map(|item| item.layers.iter().flatten()) {
        layer.units.iter().for_each(|unit| marked[unit.label] = true);
    }
    let used: Vec<&String> = labels.iter().zip(marked).filter(|(_, marked)| *marked).map(|(label, _)| label).collect();
    if used.is_empty() {
        return String::new();
    }
    for label in used.iter().take(MOST_LABELS) {
        let figures = rows.iter().map(|rows| {
            rows.iter().find(|row| row.label.as_ref() == Some(*label)).map_or_else(String::new, |row| figure(row))
        });
        table.row(std::iter::once(looks.chip(label)).chain(figures));
    }
    let mut html = table.finish();
    let unused = (labels.len() - used.len()) as u64;
    if unused > 0 {
        let what =
            counted(unused, "label of the schema was used by nobody", "labels of the schema were used by nobody");
        html.push_str(&remark(&what));
    }
    if used.len() > MOST_LABELS {
        html.push_str(&remark(&format!(
            "{} more are not shown",
            counted((used.len() - MOST_LABELS) as u64, "label", "labels")
        )));
    }
    html
}

/// Attributes and relations of matched spans, pair by pair.
pub fn details(looks: &Looks<'_>) -> String {
    let corpus = &looks.comparison.corpus;
    let pairs: Vec<[usize; 2]> = pairs(corpus.annotators.len());
    let mut html = String::new();
    for pair in pairs.iter().take(MOST_PAIRS) {
        let (answers, kinds) = (answered(corpus, *pair), relation_kinds(corpus, *pair));
        if answers.is_empty() && kinds.is_empty() {
            continue;
        }
        let [a, b] = pair.map(|who| escape(&corpus.annotators[who]));
        html.push_str(&format!("<h3><bdi>{a}</bdi> and <bdi>{b}</bdi></h3>\n"));
        let columns =
            [("of spans both marked", ""), ("compared", "right"), ("equal", "right"), ("beyond chance (kappa)", "")];
        let mut table = Table::new(&columns.map(|(heading, class)| (heading.to_owned(), class)));
        for row in answers.iter().take(MOST_LABELS) {
            let kappa = match &row.kappa {
                Ok(kappa) => number(*kappa),
                Err(reason) => format!("<span class=second>{}</span>", escape(&reason.to_string())),
            };
            let name = format!("{} {}", looks.chip(&corpus.labels[row.label]), escape(&row.attribute));
            table.row([name, thousands(row.compared as u64), format!("{:.0} %", row.percent * 100.0), kappa]);
        }
        for (kind, [both, ours, theirs]) in kinds.iter().take(MOST_LABELS) {
            let score = f1(*both, *ours, *theirs).map_or_else(|_| "–".to_owned(), number);
            let equal = format!("{} of {}", thousands(*both as u64), thousands((ours + theirs - both) as u64));
            table.row([
                format!("relation {}", escape(kind)),
                thousands((ours + theirs - both) as u64),
                equal,
                format!("<span class=second>F1 {score}</span>"),
            ]);
        }
        html.push_str(&table.finish());
    }
    if pairs.len() > MOST_PAIRS && !html.is_empty() {
        html.push_str(&remark(&format!("The first {MOST_PAIRS} of {} pairs are shown", pairs.len())));
    }
    html
}

/// Every two of so many.
pub fn pairs(annotators: usize) -> Vec<[usize; 2]> {
    (0..annotators).flat_map(|a| (a + 1..annotators).map(move |b| [a, b])).collect()
}

/// What each measure says, and what the numbers depend on.
pub fn measures(comparison: &Comparison) -> String {
    let parameters = &comparison.parameters;
    let mut html = String::from("<dl>\n");
    for (id, about) in &parameters.measures {
        html.push_str(&format!("<dt>{id}</dt><dd>{}</dd>\n", escape(about)));
    }
    html.push_str("</dl>\n");
    html + &remark(&format!(
        "Intervals: 95 %, percentile bootstrap over documents, {} samples, seed {}. Measures of positions count in {}s. Schema {}.",
        thousands(parameters.samples as u64),
        parameters.seed,
        parameters.grain.as_str(),
        parameters.schema,
    ))
}
