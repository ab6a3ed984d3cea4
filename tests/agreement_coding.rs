//! Statistics on positions against published examples, and against what the reference implementations give.

use spanwright::agreement::distance::{both, jaccard, masi};
use spanwright::agreement::{
    Ac1, Alpha, Codes, Coding, F1Token, Fleiss, Kappa, Measure, Metric, Percent, Positions, Undefined, View, ac1,
    alpha, fleiss, kappa, nominal,
};

use crate::agreeing::{corpus, documents, value};

const ALPHA: Alpha = Alpha { metric: Metric::Nominal };
const MASI: Alpha = Alpha { metric: Metric::Masi };
const JACCARD: Alpha = Alpha { metric: Metric::Jaccard };

/// A word for each thing, a letter for each annotator: the category, from `a` or `1` on; `*` is missing.
fn coded(things: &str) -> Codes {
    let mut codes = Codes::new(26, things.split_whitespace().next().unwrap().len());
    for thing in things.split_whitespace() {
        let category = |letter: u8| match letter {
            b'*' => None,
            b'0'..=b'9' => Some(usize::from(letter - b'0')),
            _ => Some(usize::from(letter.to_ascii_lowercase() - b'a')),
        };
        codes.push(&thing.bytes().map(category).collect::<Vec<_>>());
    }
    codes
}

/// How often two annotators gave which categories: rows are the first's, columns the second's.
fn table(counts: &[&[usize]]) -> Codes {
    let mut codes = Codes::new(counts.len(), 2);
    for (a, row) in counts.iter().enumerate() {
        for (b, count) in row.iter().enumerate() {
            (0..*count).for_each(|_| codes.push(&[Some(a), Some(b)]));
        }
    }
    codes
}

/// The squared difference of category numbers, and 0.
fn interval(a: usize, b: usize) -> [f64; 2] {
    [(a as f64 - b as f64).powi(2), 0.0]
}

/// Alpha of a table by a distance of categories.
fn alpha_by(codes: &Codes, distance: impl Fn(usize, usize) -> [f64; 2]) -> f64 {
    let sums = codes.sums(&distance);
    let coding = Coding::new(&sums);
    // The first distance stands where that of sets does.
    alpha(coding.disagreement(Metric::Masi), coding.given(), |a, b| distance(a, b)[0]).unwrap()
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value}, expected {expected}");
}

/// Percent, kappa, Fleiss' kappa (of two: pi) and nominal alpha, to three digits.
fn four(codes: &Codes, expected: [f64; 4]) {
    let sums = codes.sums(interval);
    let coding = Coding::new(&sums);
    let values = [coding.observed(), kappa(coding).unwrap(), fleiss(coding).unwrap(), nominal(coding).unwrap()];
    values.iter().zip(expected).for_each(|(value, expected)| near(*value, expected, 0.0006));
}

/// Artstein and Poesio, Inter-coder agreement for computational linguistics, 2008, p. 558 and 568; weighted alpha of p. 569 with `Chck` half
/// as far. The alpha of the first is by the formula.
#[test]
fn artstein_and_poesio_2008() {
    let first = table(&[&[20, 10], &[20, 50]]);
    four(&first, [0.7, 0.348, 0.341, 0.3444]);
    near(kappa(Coding::new(&first.sums(interval))).unwrap(), 0.347_826_086_956, 1e-12);
    let second = table(&[&[46, 0, 0], &[6, 32, 6], &[0, 0, 10]]);
    four(&second, [0.88, 0.801, 0.799, 0.800]);
    near(
        alpha_by(&second, |a, b| {
            [
                if a == b {
                    0.0
                } else if a == 2 || b == 2 {
                    0.5
                } else {
                    1.0
                },
                0.0,
            ]
        }),
        0.8156,
        5e-5,
    );
}

/// Krippendorff, Content Analysis, 2004, p. 224, 227, 230 (with missing values) and, with numbers for categories, p. 233.
#[test]
fn krippendorff_2004() {
    let dichotomy = coded("10 11 01 00 00 01 00 01 00 00");
    near(nominal(Coding::new(&dichotomy.sums(interval))).unwrap(), 0.095, 5e-4);
    let many = coded("aa ab bb bb bb bb bc cc cc cc cc cc");
    near(nominal(Coding::new(&many.sums(interval))).unwrap(), 0.734, 5e-4);

    let missing = coded("11*1 2232 3333 3333 2222 1234 4444 1121 2222 *555 **11 **3*");
    let sums = missing.sums(interval);
    let coding = Coding::new(&sums);
    assert_eq!((coding.units(), coding.values()), (11.0, 40.0));
    near(coding.disagreement(Metric::Nominal) / coding.values(), 0.200, 5e-4);
    near(nominal(coding).unwrap(), 0.743, 5e-4);
    near(alpha_by(&missing, interval), 0.849, 5e-4);
}

/// Krippendorff, On the reliability of unitizing continuous data, 1995, p. 57: the continua A, B, C and D as 24 coded tokens.
#[test]
fn krippendorff_1995_as_tokens() {
    let tokens = |bounds: &[&str]| corpus(24, bounds);
    let a = tokens(&["a2-10 a14-20", "a4-8 a15-17"]);
    near(value(&Kappa, &a, &[0, 1], None).unwrap(), 0.385, 5e-4);
    near(value(&Fleiss, &a, &[0, 1], None).unwrap(), 0.314, 5e-4);
    near(value(&ALPHA, &a, &[0, 1], None).unwrap(), 0.329, 5e-4);
    let b = tokens(&["a0-18", "a0-2 a2-3 a3-4 a4-5 a5-6 a6-9 a9-10"]);
    near(value(&Kappa, &b, &[0, 1], None).unwrap(), 0.385, 5e-4);
    near(value(&Fleiss, &b, &[0, 1], None).unwrap(), 0.314, 5e-4);
    let c = tokens(&["a2-8 a10-12 a14-18 a20-22", "a0-2 a4-8 a10-14 a16-18 a20-22"]);
    near(value(&Kappa, &c, &[0, 1], None).unwrap(), 0.314, 5e-4);
    near(value(&Fleiss, &c, &[0, 1], None).unwrap(), 0.314, 5e-4);
    near(value(&ALPHA, &c, &[0, 1], None).unwrap(), 0.329, 5e-4);
    let d = tokens(&["a0-2 a2-10 a10-14 a14-20 a20-24", "a0-4 a4-8 a8-15 a15-17 a17-24"]);
    for measure in [&Kappa as &dyn Measure, &Fleiss, &ALPHA, &MASI, &JACCARD] {
        assert_eq!(value(measure, &d, &[0, 1], None), Err(Undefined::OneCategory), "{}", measure.id());
    }
    assert_eq!(value(&Percent, &d, &[0, 1], None), Ok(1.0));
}

/// The example of the encyclopedia's article on Krippendorff's alpha, values of krippendorff 0.9.
#[test]
fn three_coders_fifteen_things_some_missing() {
    let coders = ["*****3412113 3*3", "1*213343********", "**2134 4*2113 3*4"].map(|coder| coder.replace(' ', ""));
    let coder = |which: usize| coders[which].chars().take(15);
    let things: Vec<String> = (0..15).map(|thing| (0..3).filter_map(|who| coder(who).nth(thing)).collect()).collect();
    let codes = coded(&things.join(" "));
    near(nominal(Coding::new(&codes.sums(interval))).unwrap(), 0.691_358_024_691, 1e-12);
    near(alpha_by(&codes, interval), 0.810_844_892_812, 1e-12);
}

/// Fleiss, Measuring nominal scale agreement among many raters, 1971, p. 379: thirty things, six raters.
#[test]
fn fleiss_1971() {
    let codes = coded(
        "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
         333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555",
    );
    let sums = codes.sums(interval);
    let coding = Coding::new(&sums);
    near(coding.observed(), 0.5556, 5e-5);
    near(fleiss(coding).unwrap(), 0.430, 5e-4);
}

/// Gwet, Computing inter-rater reliability, 2008, as `DKPro`'s hand-made example: AC1 is high where pi is not.
#[test]
fn ac1_is_steady_where_one_category_prevails() {
    let sums = table(&[&[8, 1], &[0, 1]]).sums(interval);
    near(ac1(Coding::new(&sums), 2).unwrap(), 0.8658, 5e-5);
    near(fleiss(Coding::new(&sums)).unwrap(), 0.6078, 5e-5);
    // Twice as many possible categories, though nobody gave them: chance is less.
    near(ac1(Coding::new(&sums), 4).unwrap(), (0.9 - 0.085) / (1.0 - 0.085), 1e-12);
    assert_eq!(ac1(Coding::new(&sums), 1), Err(Undefined::OneCategory));
}

/// Values of irrCAC, where the reference data are present.
#[test]
fn ac1_as_irrcac_has_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/agreement");
    let names = ["01_paradox_2x2", "02_cohen_ex1", "03_cohen_ex2", "04_likert_4x4", "05_likert_5x5"];
    for name in names {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("fixture_{name}.json"))) else { continue };
        let fixture: serde_json::Value = serde_json::from_str(&text).unwrap();
        let number = |value: &serde_json::Value| value.as_u64().unwrap() as usize;
        let row = |row: &serde_json::Value| row.as_array().unwrap().iter().map(number).collect();
        let rows: Vec<Vec<usize>> = fixture["table"].as_array().unwrap().iter().map(row).collect();
        let rows: Vec<&[usize]> = rows.iter().map(Vec::as_slice).collect();
        let sums = table(&rows).sums(interval);
        let expected = &fixture["cases"][0];
        assert_eq!(expected["measure"], "AC1");
        near(Coding::new(&sums).observed(), expected["pa"].as_f64().unwrap(), 1e-12);
        near(ac1(Coding::new(&sums), rows.len()).unwrap(), expected["coefficient"].as_f64().unwrap(), 5e-6);
    }
}

/// Nine pairs of label sets; values of nltk 3.10.4, for which empty sets hold an explicit `O`.
#[test]
fn sets_of_labels_differ_by_degrees() {
    let layers = ["a1-2 a2-3 a3-4 ab4-6 abc6-7 c7-9", "a2-3 b3-4 a4-5 ac5-6 abc6-7 ac7-9"];
    let layers = layers.map(|layer| {
        let several = |unit: &str| {
            let at = unit.find(|c: char| c.is_ascii_digit()).unwrap();
            unit[..at].chars().map(|label| format!("{label}{} ", &unit[at..])).collect::<String>()
        };
        layer.split_whitespace().map(several).collect::<String>()
    });
    let corpus = corpus(9, &[&layers[0], &layers[1]]);
    near(value(&Percent, &corpus, &[0, 1], None).unwrap(), 0.333, 5e-4);
    near(value(&MASI, &corpus, &[0, 1], None).unwrap(), 0.273_080_660_835_762_9, 1e-12);
    near(value(&JACCARD, &corpus, &[0, 1], None).unwrap(), 0.315_619_967_793_880_8, 1e-12);

    assert_eq!(both::<u8>(&[], &[]), [0.0, 0.0]);
    assert_eq!(both(&[], &[1]), [1.0, 1.0]);
    assert_eq!(both(&[1], &[2]), [1.0, 1.0]);
    assert_eq!(both(&[1, 2], &[1, 2]), [0.0, 0.0]);
    near(jaccard(&[1, 2], &[2]), 0.5, 1e-15);
    near(masi(&[1, 2], &[2]), 1.0 - 1.0 / 3.0, 1e-15);
    near(masi(&[1, 2], &[1, 3]), 1.0 - 1.0 / 9.0, 1e-15);
}

/// One label's number is of that label being there or not, whatever else is.
#[test]
fn of_one_label_the_categories_are_absent_and_present() {
    let corpus = corpus(10, &["a0-6 b2-4", "a0-5 b8-9"]);
    let two = table(&[&[7, 1], &[2, 0]]);
    let sums = two.sums(interval);
    assert_eq!(value(&Kappa, &corpus, &[0, 1], Some(1)), kappa(Coding::new(&sums)));
    for measure in [ALPHA, MASI, JACCARD] {
        assert_eq!(value(&measure, &corpus, &[0, 1], Some(1)), nominal(Coding::new(&sums)));
    }
    assert_eq!(value(&Ac1, &corpus, &[0, 1], Some(1)), ac1(Coding::new(&sums), 2));
}

/// Nothing, `a` and `b` alone, and `a` with `b`, which occurs: four, though a corpus without nesting has three.
#[test]
fn the_categories_of_ac1_are_the_schema_and_the_sets_that_occur() {
    let nested = corpus(10, &["a0-6 b2-4", "a0-5"]);
    let frame = table(&[&[4, 0, 0], &[1, 3, 0], &[0, 2, 0]]);
    assert_eq!(value(&Ac1, &nested, &[0, 1], None), ac1(Coding::new(&frame.sums(interval)), 4));
    let mut flat = corpus(10, &["a0-4 b4-6", "a0-4"]);
    let frame = table(&[&[4, 0, 0], &[0, 4, 0], &[2, 0, 0]]);
    assert_eq!(value(&Ac1, &flat, &[0, 1], None), ac1(Coding::new(&frame.sums(interval)), 3));
    // A schema of more labels leaves less to chance; a label that it lacks counts where it occurs.
    flat.known = 6;
    assert_eq!(value(&Ac1, &flat, &[0, 1], None), ac1(Coding::new(&frame.sums(interval)), 7));
    flat.known = 1;
    assert_eq!(value(&Ac1, &flat, &[0, 1], None), ac1(Coding::new(&frame.sums(interval)), 3));
}

/// Alpha counts a document that two of three finished; Fleiss cannot.
#[test]
fn alpha_counts_what_only_some_finished() {
    let corpus = documents(&[(4, &["a0-2", "a0-2", "a0-3"]), (3, &["a0-1", "-", "a0-1"]), (5, &["a0-1", "-", "-"])]);
    let sums = coded("111 111 001 000 1*1 0*0 0*0").sums(interval);
    assert_eq!(value(&ALPHA, &corpus, &[0, 1, 2], None), nominal(Coding::new(&sums)));
    let finished = coded("111 111 001 000").sums(interval);
    assert_eq!(value(&Fleiss, &corpus, &[0, 1, 2], None), fleiss(Coding::new(&finished)));
}

/// Covered twice counts twice; labels are counted apart; gaps are not covered.
#[test]
fn tokens_of_labels_are_counted_with_their_multiplicity() {
    let corpus = corpus(20, &["a0-6 a2-4 b10-12+14-16", "a0-4 a2-4 b11-15"]);
    let parts = |label| F1Token.tally(&View { corpus: &corpus, item: &corpus.items[0], who: &[0, 1], label });
    assert_eq!(parts(Some(0)), [6.0, 8.0, 6.0]);
    assert_eq!(parts(Some(1)), [2.0, 4.0, 4.0]);
    assert_eq!(parts(None), [8.0, 12.0, 10.0]);
    assert_eq!(value(&F1Token, &corpus, &[0, 1], None), Ok(16.0 / 22.0));
    assert_eq!(F1Token.counted(&parts(None)), 14.0);
}

/// Runs hold every position's set, and no two that follow each other are equal.
#[test]
fn positions_are_runs_of_equal_sets() {
    let corpus = documents(&[(12, &["b1-3 a2-6 a6-8 a7-9+10-11", ""]), (0, &["", "-"]), (3, &["-", "a0-3 b0-3"])]);
    let positions = Positions::new(&corpus);
    let shown = |item, annotator| {
        let labels =
            |set: u32| positions.sets()[set as usize].iter().map(|label| &*corpus.labels[*label as usize]).collect();
        let runs = positions.runs(item, annotator).iter();
        runs.map(|run| (run.end, labels(run.set))).collect::<Vec<(u32, String)>>()
    };
    let strings = |runs: &[(u32, &str)]| runs.iter().map(|(end, set)| (*end, (*set).to_owned())).collect::<Vec<_>>();
    assert_eq!(shown(0, 0), strings(&[(1, ""), (2, "b"), (3, "ba"), (9, "a"), (10, ""), (11, "a"), (12, "")]));
    assert_eq!(shown(0, 1), strings(&[(12, "")]));
    assert_eq!((shown(1, 0), shown(1, 1), shown(2, 0)), (vec![], vec![], vec![]));
    assert_eq!(shown(2, 1), strings(&[(3, "ba")]));
    assert_eq!(positions.sets().len(), 4);
    let numbers = positions.runs(0, 0)[2].set;
    assert_eq!(numbers, positions.runs(2, 1)[0].set, "the same set has the same number in every document");
}
