//! `spanwright export`: texts and layers in a data format.

use std::fs;
use std::io;
use std::path::Path;

use super::args::{self, Export};
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome, form_of, write_report};
use super::project::{self, Opened};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Status};
use crate::formats::duplicates::Likeness;
use crate::formats::split::Wish;
use crate::formats::table::{Feature, Format, Shape};
use crate::formats::tokens::{Misaligned, Scheme};
use crate::schema::LabelId;
use crate::session::export::{CardPlan, ExportError, ExportPlan, Target, TokenPlan, Who, export};
use crate::store::Job;

pub(super) fn run(arguments: &Export, given: Option<&str>, manners: &Manners) -> Outcome {
    if let Some(report) = &arguments.report {
        form_of(report)?;
    }
    let opened = project::open(&arguments.project, manners)?;
    let who = who(arguments, given, &opened)?;
    let mut target = target_of(arguments.format, &arguments.out);
    let described = arguments.format.reader.is_some() || arguments.split.is_some() || arguments.card;
    let fresh = fs::read_dir(&arguments.out).map_or(true, |mut entries| entries.next().is_none());
    let in_folder = arguments.split.is_some() || (described && fresh && matches!(target, Target::PerAnnotator(_)));
    let alone = matches!(&who, Who::Annotators(names) if names.len() == 1);
    if in_folder && (alone || arguments.format.has(Feature::SeveralLayers)) && target != Target::Stream {
        target = Target::Path(arguments.out.clone());
    }
    if arguments.card && target == Target::Stream {
        return Err(Failure::Said(
            "Nothing can lie beside a stream. Name a file with --out, or leave --card".to_owned(),
        ));
    }
    if arguments.card && !fresh && matches!(target, Target::PerAnnotator(_)) {
        return Err(Failure::Said(format!("{} is not empty. Name a new folder for --card", arguments.out.display())));
    }
    let plan = ExportPlan {
        split: wish(arguments)?,
        pseudonyms: arguments.pseudonyms.clone(),
        in_folder,
        card: described.then(|| CardPlan {
            beside: arguments.card,
            title: project_name(&arguments.project),
            guidelines: fs::read_to_string(arguments.project.join("guidelines.md")).ok(),
            licence: arguments.licence.clone(),
        }),
        statuses: arguments.status.iter().filter_map(|word| Status::parse(word)).collect(),
        labels: labels(&arguments.label, &opened)?,
        offsets: if arguments.offsets.is_some() { Offsets::Original } else { Offsets::Normalised },
        verify: arguments.verify,
        strict: arguments.strict,
        tokens: tokens(&arguments.shape, labels(&arguments.shape.priority, &opened)?),
        ..ExportPlan::new(arguments.format, target, who)
    };
    let job = Job::default();
    let progress = manners.progress(&job, "Exporting");
    let report = export(&*opened.store, &opened.schema, &plan, &mut io::stdout(), &job);
    drop(progress);
    let report = match report {
        Ok(report) => report,
        Err(ExportError::Io { error, .. })
            if plan.target == Target::Stream && error.kind() == io::ErrorKind::BrokenPipe =>
        {
            return Err(Failure::NobodyListens);
        }
        Err(error) => return Err(error.into()),
    };
    manners.say(report.sentence());
    report.split.iter().flat_map(|split| &split.notes).for_each(|note| manners.say(note));
    if arguments.report.is_none() && !report.losses.is_empty() {
        manners.say("--report FILE names each of what is left out");
    }
    if let Some(path) = &arguments.report {
        write_report(&report.report(), path)?;
    }
    Ok(if report.refused { Done::Short } else { Done::Fully })
}

fn wish(arguments: &Export) -> Result<Option<Wish>, Failure> {
    let Some(shares) = &arguments.split else { return Ok(None) };
    let shares = shares.parse().map_err(Failure::Said)?;
    let (seed, group_by) = (arguments.seed, arguments.group_by.clone());
    Ok(Some(Wish { shares, seed, group_by, likeness: Some(Likeness::default()) }))
}

/// A name that ends as a folder's does is one.
pub(super) fn target_of(format: &Format, out: &Path) -> Target {
    let folder = || out.is_dir() || out.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
    match format.shape {
        _ if out == Path::new("-") => Target::Stream,
        Shape::File if folder() => Target::PerAnnotator(out.to_owned()),
        _ => Target::Path(out.to_owned()),
    }
}

pub(super) fn tokens(shape: &args::Shape, priority: Vec<LabelId>) -> TokenPlan {
    TokenPlan {
        misaligned: Misaligned::ALL.into_iter().find(|way| way.as_str() == shape.misaligned).unwrap_or_default(),
        scheme: Scheme::ALL.into_iter().find(|way| way.as_str() == shape.scheme).unwrap_or_default(),
        priority,
    }
}

fn who(arguments: &Export, given: Option<&str>, opened: &Opened) -> Result<Who, Failure> {
    if arguments.all {
        return Ok(Who::All);
    }
    let known: Vec<String> = opened.store.counts()?.annotators.into_iter().map(|one| one.annotator).collect();
    if arguments.gold {
        if !known.iter().any(|name| name == Annotator::GOLD) {
            return Err(Failure::Said("There is no gold layer yet. Nothing was exported".to_owned()));
        }
        return Ok(Who::Annotators(vec![Annotator::gold()]));
    }
    // A name that is known is one name, commas and all.
    let names: Vec<String> = match given {
        Some(given) if known.iter().any(|name| name == given) => vec![given.to_owned()],
        Some(given) => given.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
        None => vec![Identity::new(None)?.annotator.as_str().to_owned()],
    };
    if let Some(stranger) = names.iter().find(|name| !known.contains(name)) {
        return Err(Failure::Said(if known.is_empty() {
            "There are no layers yet. --all exports the documents alone".to_owned()
        } else {
            let there = known.join(", ");
            format!("{stranger} has no layers here; there are {there}. Name one with --annotator, or take --all")
        }));
    }
    Ok(Who::Annotators(names.into_iter().map(Annotator::from).collect()))
}

fn labels(given: &[String], opened: &Opened) -> Result<Vec<LabelId>, Failure> {
    let mut labels = Vec::new();
    for id in given {
        if opened.broken {
            labels.push(LabelId::from(id.as_str()));
            continue;
        }
        let Some(label) = opened.schema.resolve(id) else {
            let ids = opened.schema.labels.iter().map(|label| label.id.as_str());
            let near = ids.clone().min_by_key(|known| strsim::damerau_levenshtein(known, id));
            let near = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            return Err(Failure::Said(format!("“{id}” is no label of this schema.{near}")));
        };
        labels.push(label.id.clone());
    }
    Ok(labels)
}

/// As its folder is called.
fn project_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map_or_else(|| "Export".to_owned(), |name| name.to_string_lossy().into_owned())
}
