//! Agreement: every statistic against worked examples, and what all of them have in common.

use crate::agreeing::corpus;

#[test]
fn what_two_extents_share_is_counted_by_fragment() {
    let corpus = corpus(20, &["a0-5 b2-4+8-12", "a3-9"]);
    let [Some(ours), Some(theirs)] = &corpus.items[0].layers[..] else { panic!("both have a layer") };
    let (plain, broken, other) = (&ours.units[0].chars, &ours.units[1].chars, &theirs.units[0].chars);
    assert_eq!((plain.shared(other), broken.shared(other), broken.covered()), (2, 2, 6));
    assert_eq!((plain.iou(other), broken.iou(broken)), (2.0 / 9.0, 1.0));
}
