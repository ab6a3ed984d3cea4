//! The heat map of the report: what one annotator called what the other called otherwise.

use super::Looks;
use super::html::{escape, remark};
use super::numbers::{leading, pairs};
use crate::agreement::Confusion;
use crate::text::wording::{counted, thousands};

const MOST_PAIRS: usize = 6;
const MOST_LABELS: usize = 16;

/// One map for each pair, those that agree least first.
pub fn confusion(looks: &Looks<'_>) -> String {
    let comparison = looks.comparison;
    let corpus = &comparison.corpus;
    let value = |pair: &[usize; 2]| {
        let [one, other] = pair.map(|who| &corpus.annotators[who]);
        let row =
            comparison.rows.iter().find(|row| Some(row.measure) == leading(comparison) && row.is_pair(one, other));
        row.and_then(|row| row.value.as_ref().ok().copied()).unwrap_or(f64::INFINITY)
    };
    let mut pairs = pairs(corpus.annotators.len());
    pairs.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut html = String::new();
    for [ours, theirs] in pairs.iter().copied().take(MOST_PAIRS) {
        html.push_str(&map(looks, &Confusion::of(corpus, ours, theirs), ours, theirs));
    }
    if html.is_empty() {
        return html;
    }
    let what = "Spans are matched one to one; those of different labels only if both cover half of what either covers. The last \
        row and column are what only one of them marked.";
    let cut = (pairs.len() > MOST_PAIRS)
        .then(|| remark(&format!("The {MOST_PAIRS} pairs of {} that agree least are shown", pairs.len())));
    remark(what) + &html + &cut.unwrap_or_default()
}

fn map(looks: &Looks<'_>, confusion: &Confusion, ours: usize, theirs: usize) -> String {
    let nothing = confusion.nothing();
    let count = |row: usize, column: usize| confusion.cell(row, column).len();
    let of = |label: usize| (0..=nothing).map(|other| count(label, other) + count(other, label)).sum::<usize>();
    let mut used: Vec<usize> = (0..nothing).filter(|label| of(*label) > 0).collect();
    if used.is_empty() {
        return String::new();
    }
    let left = used.len().saturating_sub(MOST_LABELS);
    if left > 0 {
        used.sort_by_key(|label| std::cmp::Reverse(of(*label)));
        used.truncate(MOST_LABELS);
        used.sort_unstable();
    }
    used.push(nothing);
    let annotators = &looks.comparison.corpus.annotators;
    let name =
        |place: usize| if place == nothing { "nothing".to_owned() } else { looks.name(&confusion.labels[place]) };
    let (one, other) = (escape(&annotators[ours]), escape(&annotators[theirs]));
    let mut html = format!(
        "<h3><bdi>{one}</bdi> in rows, <bdi>{other}</bdi> in columns</h3>\n<div class=\"wide heat\"><table><thead><tr><td></td>"
    );
    for column in &used {
        html.push_str(&format!("<th scope=col>{}</th>", name(*column)));
    }
    html.push_str("</tr></thead><tbody>\n");
    for row in &used {
        html.push_str(&format!("<tr><th scope=row>{}</th>", name(*row)));
        for column in &used {
            let cases = count(*row, *column);
            // What share of the label went where: of the row's, and where only the other marked it, of the column's.
            let of = |other: usize| if *row == nothing { count(other, *column) } else { count(*row, other) };
            let share = cases as f64 / (0..=nothing).map(of).sum::<usize>().max(1) as f64;
            html.push_str(&match (row == column, cases) {
                (true, _) if *row == nothing => "<td></td>".to_owned(),
                (_, 0) => "<td class=zero>0</td>".to_owned(),
                (same, _) => {
                    let class = if same { "" } else { " class=off" };
                    format!("<td{class} style=\"--share:{share:.3}\">{}</td>", thousands(cases as u64))
                }
            });
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    if left > 0 {
        html.push_str(&remark(&format!("{} used less are not shown", counted(left as u64, "label", "labels"))));
    }
    html
}
