//! What becomes of a layer that comes in where one may be: one rule for imports, mirrors and every store.

use std::sync::Arc;

use super::LayerAdded;
use crate::annotation::{Annotator, Layer};
use crate::text::TextHash;

/// A layer and the text it counts in.
pub(super) type Counted = (Layer, TextHash);

/// Where an incoming layer goes: what to report, and the change if there is one.
#[derive(Debug)]
pub(super) struct Settled {
    pub added: LayerAdded,
    /// The layer that is written; its owner may be `ben (2)`.
    pub after: Option<Layer>,
    /// What stood there.
    pub before: Option<Arc<Layer>>,
}

/// Settles `theirs` against what `find` says is there for an annotator.
///
/// - The same content: equal.
/// - Theirs knows every change of ours: it takes ours' place.
/// - Ours knows every change of theirs: equal, ours knows more. (A layer without a clock says nothing about what it knows.)
/// - Both changed: theirs goes beside ours, as `ben (2)`.
pub(super) fn settle<E>(
    theirs: Counted,
    mut find: impl FnMut(&Annotator) -> Result<Option<Counted>, E>,
) -> Result<Settled, E> {
    let (mut theirs, text) = theirs;
    let name = theirs.annotator.clone();
    let equal = Settled { added: LayerAdded::Equal, after: None, before: None };
    let Some((ours, our_text)) = find(&name)? else {
        return Ok(Settled { added: LayerAdded::New, after: Some(theirs), before: None });
    };
    if ours.same_content(&theirs) && our_text == text {
        return Ok(equal);
    }
    if theirs.clock.descends_from(&ours.clock) {
        return Ok(Settled { added: LayerAdded::Replaced, after: Some(theirs), before: Some(Arc::new(ours)) });
    }
    if !theirs.clock.0.is_empty() && ours.clock.descends_from(&theirs.clock) {
        return Ok(equal);
    }
    for number in 2.. {
        theirs.annotator = Annotator::from(format!("{name} ({number})"));
        match find(&theirs.annotator)? {
            Some((there, hash)) if hash == text && there.same_content(&theirs) => return Ok(equal),
            Some(_) => {}
            None => break,
        }
    }
    let added = LayerAdded::Beside(theirs.annotator.clone());
    Ok(Settled { added, after: Some(theirs), before: None })
}
