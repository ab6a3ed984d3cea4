//! What becomes of a layer that comes in where one may be: one rule for imports, mirrors and every store.

use super::LayerAdded;
use crate::annotation::Annotator;
use crate::edit::record::LayerRecord;
use crate::text::TextHash;

/// A layer and the text it counts in.
pub(super) type Counted = (LayerRecord, TextHash);

/// Settles `theirs` against what `find` says is there for an annotator: what to report, and what to write, if anything.
///
/// - The same content: equal.
/// - Theirs knows every change of ours: it takes ours' place.
/// - Ours knows every change of theirs: equal, ours knows more. (A layer without a clock says nothing about what it knows.)
/// - Both changed: theirs goes beside ours, as `ben (2)`.
pub(super) fn settle<E>(
    theirs: Counted,
    mut find: impl FnMut(&Annotator) -> Result<Option<Counted>, E>,
) -> Result<(LayerAdded, Option<LayerRecord>), E> {
    let (mut theirs, text) = theirs;
    let name = theirs.annotator.clone();
    let Some((ours, our_text)) = find(&name)? else {
        return Ok((LayerAdded::New, Some(theirs)));
    };
    if ours.same_content(&theirs) && our_text == text {
        return Ok((LayerAdded::Equal, None));
    }
    if theirs.clock.descends_from(&ours.clock) {
        return Ok((LayerAdded::Replaced, Some(theirs)));
    }
    if !theirs.clock.0.is_empty() && ours.clock.descends_from(&theirs.clock) {
        return Ok((LayerAdded::Equal, None));
    }
    for number in 2.. {
        theirs.annotator = Annotator::from(format!("{name} ({number})"));
        match find(&theirs.annotator)? {
            Some((there, hash)) if hash == text && there.same_content(&theirs) => return Ok((LayerAdded::Equal, None)),
            Some(_) => {}
            None => break,
        }
    }
    Ok((LayerAdded::Beside(theirs.annotator.clone()), Some(theirs)))
}
