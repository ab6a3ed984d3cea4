//! [`AttributePercent`] and [`AttributeKappa`]: given that two annotators marked the same span, do they say the same of it?
//!
//! Counted are attributes of matched spans ([`matched`]) that one of them at least has set; several values at once are equal as sets.
//! Not set is an answer where the other gave one; a flag that is not set is "no", on which both agree only silently.

use super::pairing::matched;
use super::{Corpus, Frame, Measure, Question, Undefined, View};

/// The questions of a frame, with the place of each one's counts among the sums.
///
/// Sums are: answers compared, of these equal, then of each question: compared, equal, and where answers are categories how often
/// each was given by the one, and by the other.
fn questions(corpus: &Corpus, label: Option<usize>) -> impl Iterator<Item = (&Question, usize)> + Clone {
    let asked = corpus.questions().iter().filter(move |question| label.is_none_or(|label| question.label == label));
    asked.scan(2, |next, question| {
        let at = *next;
        *next += 2 + 2 * question.categories().unwrap_or(0);
        Some((question, at))
    })
}

fn tally(view: &View<'_>) -> Vec<f64> {
    let asked = questions(view.corpus, view.label);
    let length = asked.clone().last().map_or(2, |(question, at)| at + 2 + 2 * question.categories().unwrap_or(0));
    let mut sums = vec![0.0; length];
    if length == 2 {
        return sums;
    }
    let (ours, theirs): (Vec<_>, Vec<_>) = (view.units(0).collect(), view.units(1).collect());
    for (a, b) in matched(&ours, &theirs) {
        let (a, b) = (ours[a], theirs[b]);
        for (question, at) in asked.clone().filter(|(question, _)| question.label == a.label) {
            let given = [a, b].map(|unit| question.category(unit.attributes.get(&question.name)));
            if given == [0, 0] {
                continue;
            }
            let equal = f64::from(given[0] == given[1]);
            sums[0] += 1.0;
            sums[1] += equal;
            sums[at] += 1.0;
            sums[at + 1] += equal;
            if let Some(categories) = question.categories() {
                sums[at + 2 + given[0]] += 1.0;
                sums[at + 2 + categories + given[1]] += 1.0;
            }
        }
    }
    sums
}

fn nothing_compared() -> Undefined {
    Undefined::Because("no span that both marked has an attribute".into())
}

/// Observed and expected disagreement of one question, times the answers compared.
fn disagreement(question: &Question, sums: &[f64]) -> Option<(f64, f64)> {
    let categories = question.categories()?;
    let (compared, equal) = (sums[0], sums[1]);
    let (ours, theirs) = sums[2..].split_at(categories);
    let alike: f64 = ours.iter().zip(theirs).map(|(a, b)| a * b).sum();
    (compared > 0.0).then(|| (compared - equal, compared - alike / compared))
}

fn kappa(disagreements: impl Iterator<Item = (f64, f64)>) -> Result<f64, Undefined> {
    let (observed, expected) = disagreements.fold((0.0, 0.0), |sum, add| (sum.0 + add.0, sum.1 + add.1));
    if expected <= 0.0 { Err(Undefined::OneCategory) } else { Ok(1.0 - observed / expected) }
}

/// The share of equal answers.
#[derive(Clone, Copy, Debug)]
pub struct AttributePercent;

impl Measure for AttributePercent {
    fn id(&self) -> &'static str {
        "attribute-percent"
    }

    fn about(&self) -> &'static str {
        "Of the attributes of spans that both annotators marked, the share that has the same value; several values are equal as sets."
    }

    fn joint(&self) -> bool {
        false
    }

    fn basis(&self) -> &'static str {
        "attributes"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        if sums[0] == 0.0 { Err(nothing_compared()) } else { Ok(sums[1] / sums[0]) }
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        sums[0]
    }
}

/// Cohen's kappa (1960) of each attribute, put together: disagreement observed and expected is summed over attributes before the
/// ratio is taken, so that rare attributes weigh little. Free text and numbers with many values are left out.
#[derive(Clone, Copy, Debug)]
pub struct AttributeKappa;

impl Measure for AttributeKappa {
    fn id(&self) -> &'static str {
        "attribute-kappa"
    }

    fn about(&self) -> &'static str {
        "Agreement on the attributes of spans that both annotators marked, beyond chance (Cohen 1960, summed over attributes)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn basis(&self) -> &'static str {
        "attributes"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, frame: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        if sums[0] == 0.0 {
            return Err(nothing_compared());
        }
        let asked = questions(frame.corpus, frame.label);
        if asked.clone().all(|(question, at)| question.categories().is_none() || sums[at] == 0.0) {
            return Err(Undefined::Because("free text has no categories, so chance agreement is not known".into()));
        }
        kappa(asked.filter_map(|(question, at)| disagreement(question, &sums[at..])))
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        sums[0]
    }
}

/// Agreement on one attribute of one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Index into [`Corpus::labels`].
    pub label: usize,
    pub attribute: String,
    /// Matched spans of which one at least has it set.
    pub compared: usize,
    pub percent: f64,
    pub kappa: Result<f64, Undefined>,
}

/// Each attribute that two annotators gave, over the documents that both finished.
pub fn answered(corpus: &Corpus, who: [usize; 2]) -> Vec<Answered> {
    let mut sums: Vec<f64> = Vec::new();
    for item in corpus.items.iter().filter(|item| who.iter().all(|who| item.layers[*who].is_some())) {
        let tally = tally(&View { corpus, item, who: &who, label: None });
        sums.resize(tally.len(), 0.0);
        sums.iter_mut().zip(tally).for_each(|(sum, add)| *sum += add);
    }
    if sums.is_empty() {
        return Vec::new();
    }
    let given = questions(corpus, None).filter(|(_, at)| sums[*at] > 0.0);
    let rows = given.map(|(question, at)| Answered {
        label: question.label,
        attribute: question.name.clone(),
        compared: sums[at] as usize,
        percent: sums[at + 1] / sums[at],
        kappa: match disagreement(question, &sums[at..]) {
            Some(one) => kappa(std::iter::once(one)),
            None => Err(Undefined::Because("free text has no categories, so chance agreement is not known".into())),
        },
    });
    rows.collect()
}
