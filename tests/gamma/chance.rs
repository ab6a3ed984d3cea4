//! Chance samples: what they keep, and that only the seed and the text decide them.

use spanwright::agreement::gamma::{Chance, Continuum, Estimate, Parameters, Piece, Sampler};

fn real() -> Continuum {
    let row = |places: &[(u32, u32, u32)]| -> Vec<Piece> {
        places.iter().map(|(start, end, label)| Piece::new(f64::from(*start), f64::from(*end), *label)).collect()
    };
    Continuum::new(
        vec![
            row(&[(0, 4, 0), (10, 14, 1), (20, 26, 0)]),
            row(&[(1, 5, 0), (40, 44, 1)]),
            row(&[]),
            row(&[(90, 100, 2)]),
        ],
        100.0,
    )
}

#[test]
fn a_sample_depends_on_seed_and_number_alone() {
    let real = real();
    for sampler in Sampler::ALL {
        let sample = |seed, number| Chance::new(&real, sampler, seed).sample(number);
        assert_eq!(sample(1, 0), sample(1, 0));
        assert_ne!(sample(1, 0), sample(2, 0));
        assert_ne!(sample(1, 0), sample(1, 1));
    }
}

#[test]
fn shuffled_units_keep_lengths_labels_and_stay_in_the_text() {
    let real = real();
    let habit = |pieces: &[Piece]| {
        let mut habit: Vec<(f64, u32)> = pieces.iter().map(|piece| (piece.length(), piece.label)).collect();
        habit.sort_by(|a, b| a.partial_cmp(b).unwrap());
        habit
    };
    let models: Vec<_> = real.annotators().iter().map(|pieces| habit(pieces)).collect();
    for number in 0..200 {
        let sample = Chance::new(&real, Sampler::Shuffle, 7).sample(number);
        assert!(sample.units() > 0);
        assert_eq!(sample.annotators().len(), 4);
        for pieces in sample.annotators() {
            assert!(models.contains(&habit(pieces)));
            assert!(pieces.iter().all(|piece| piece.start >= 0.0 && piece.start < 100.0));
        }
    }
}

/// Two annotators of one model are moved by at least half a unit's mean length.
#[test]
fn shuffled_copies_do_not_coincide() {
    let row = vec![Piece::new(3.0, 13.0, 0)];
    let real = Continuum::new(vec![row.clone(), row], 100.0);
    for number in 0..200 {
        let sample = Chance::new(&real, Sampler::Shuffle, 3).sample(number);
        let starts: Vec<f64> = sample.annotators().iter().map(|pieces| pieces[0].start).collect();
        assert!((starts[0] - starts[1]).abs() >= 4.0, "{sample:?}");
    }
}

#[test]
fn habits_have_the_means_of_the_real_ones() {
    let real = real();
    let chance = Chance::new(&real, Sampler::Statistical, 11);
    let samples: Vec<Continuum> = (0..4_000).map(|number| chance.sample(number)).collect();
    let lengths: Vec<f64> =
        samples.iter().flat_map(|sample| sample.annotators().iter().flatten().map(Piece::length)).collect();
    let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
    let really = (4.0 + 4.0 + 6.0 + 4.0 + 4.0 + 10.0) / 6.0;
    assert!((mean - really).abs() < 0.1, "{mean} is not {really}");
    assert!(samples.iter().all(|sample| sample.units() > 0));
}

/// Enough units that threads are worth starting.
fn long() -> Continuum {
    let row =
        |who: u32| (0..40).map(move |at| Piece::new(f64::from(at * 9 + who), f64::from(at * 9 + 5 + at % 7), at % 3));
    Continuum::new((0..3).map(|who| row(who).collect()).collect(), 400.0)
}

#[test]
fn threads_change_nothing() {
    let real = long();
    let estimate = |threads| {
        let parameters = Parameters { threads, samples: 5, precision: 0.0, ..Parameters::USUAL };
        Estimate::new(&real, &parameters, 1, &|| false).unwrap()
    };
    assert_eq!(estimate(1), estimate(7));
}

#[test]
fn more_samples_where_they_vary_once() {
    let real = real();
    let samples = |precision| {
        let parameters = Parameters { precision, ..Parameters::USUAL };
        Estimate::new(&real, &parameters, 1, &|| false).unwrap().chance.len()
    };
    assert_eq!(samples(0.0), 30);
    assert_eq!(samples(0.9), 30);
    let (fine, finer) = (samples(0.02), samples(0.01));
    // Four times as many for half the error, but for rounding up.
    assert!(fine > 30 && (4 * fine - 4..=4 * fine).contains(&finer), "{fine} {finer}");
}

#[test]
fn it_stops_when_told() {
    for threads in [1, 4] {
        let parameters = Parameters { threads, ..Parameters::USUAL };
        assert_eq!(Estimate::new(&long(), &parameters, 1, &|| true), None);
    }
}
