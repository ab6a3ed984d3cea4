//! `spanwright rename`: gives an annotator another name in every layer: to correct it, to merge two names of one person, to put a
//! pseudonym in its place.

use super::args::Rename;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::project;
use crate::annotation::Annotator;
use crate::store::Job;

pub(super) fn run(arguments: &Rename, me: &Identity, manners: &Manners) -> Outcome {
    let mut opened = project::open(&arguments.project, manners)?;
    let (from, to) = (Annotator::from(arguments.from.as_str()), Annotator::from(arguments.to.trim()));
    if to.as_str().is_empty() || from.is_gold() || to.is_gold() {
        let sentence =
            "Only people’s names can be given and taken; “gold” is the name of the layers that adjudication makes";
        return Err(Failure::Said(sentence.to_owned()));
    }
    let known = opened.store.counts()?.annotators.iter().any(|counts| counts.annotator == from.as_str());
    if !known {
        return Err(Failure::Said(format!("Nobody called “{from}” has a layer in this project. Nothing was renamed")));
    }
    let by = me.author(opened.schema.stamp());
    let renamed = opened.store.rename_annotator(&from, &to, &by)?;
    for problem in opened.store.mirror(&Job::default())?.problems {
        manners.error(problem);
    }
    let layers = if renamed.layers == 1 { "layer is" } else { "layers are" };
    manners.say(format!("{} {layers} {to}’s now", renamed.layers));
    if renamed.clashes.is_empty() {
        return Ok(Done::Fully);
    }
    for document in &renamed.clashes {
        manners.error(format!(
            "{document}: {from} and {to} both have a layer, and they differ. Both were left as they are"
        ));
    }
    Ok(Done::Short)
}
