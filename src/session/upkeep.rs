//! What happens around the project while it is open: the schema and the guidelines are edited beside the program, the folder goes and
//! comes back. Spans keep what they have in every case.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assign::{self, Assigned, Dealing, Loaded};
use super::command::{Notice, NoticeKind, Outcome};
use super::keymap::Keymap;
use super::session::Session;
use super::watch::{GUIDELINES, SCHEMA, Sight, Watch};
use super::{guide, place};
use crate::schema::{Change, LabelId, Owner, Schema, compare};
use crate::text::{Problem, Severity};

/// The files that people edit beside the program.
#[derive(Debug, Default)]
pub struct Around {
    /// Where they are, if the project is a folder.
    pub folder: Option<PathBuf>,
    /// The guidelines as written; `None` where there are none.
    pub guidelines: Option<Arc<str>>,
    /// Why `schema.ron` as it is now cannot be used. The one that could be read last holds.
    pub schema_problems: Vec<Problem>,
    /// Who marks which documents, where `assignments.ron` says so; as it could be read last.
    pub assigned: Option<Arc<Assigned>>,
    /// Why `assignments.ron` as it is now cannot be used.
    pub assignment_problems: Vec<Problem>,
    /// They are being read again.
    pub(super) assigning: bool,
    /// The folder is not there any more.
    pub(super) gone: bool,
}

pub(super) fn settle_in(session: &mut Session, folder: &Path) {
    let mut watch = Watch::new(folder);
    session.around =
        Around { folder: Some(folder.to_owned()), guidelines: watch.guidelines().map(Arc::from), ..Around::default() };
    let small = watch.size_of_assignments() <= AT_ONCE;
    let loaded = if small && watch.look_at_assignments() { Some(assign::load(folder, &*session.store)) } else { None };
    session.journal.watch(watch);
    match loaded {
        Some(loaded) => {
            take_assignments(session, loaded);
        }
        None if !small => session.look(),
        None => {}
    }
}

/// So many bytes of assignments are read before the project is shown; longer ones come in a moment later.
const AT_ONCE: u64 = 1 << 20;

/// Takes in what `assignments.ron` says now. From the moment that it names me, only what is mine is listed, until I ask for all.
pub(super) fn take_assignments(session: &mut Session, loaded: Loaded) -> Option<Notice> {
    session.around.assigning = false;
    let now = match loaded {
        Ok(now) => now,
        Err(problems) => {
            session.around.assignment_problems = problems;
            return None;
        }
    };
    let mended = !std::mem::take(&mut session.around.assignment_problems).is_empty();
    if now == session.around.assigned {
        return mended.then(|| notice(NoticeKind::Done, "assignments.ron can be read again"));
    }
    let named = session.is_assigned();
    let first = session.around.assigned.is_none();
    session.around.assigned = now;
    if session.is_assigned() != named {
        session.list.mine = !named;
    }
    session.list.stale = true;
    (!first).then(|| notice(NoticeKind::Done, "The assignments changed"))
}

/// Writes `assignments.ron` as it was planned, and takes it in.
pub(super) fn assign(session: &mut Session, dealing: &Dealing) -> Outcome {
    let Some(folder) = session.around.folder.clone() else {
        return Outcome::refused("This project has no folder to keep assignments in");
    };
    if let Err(refused) = dealing.write(&folder) {
        return Outcome::error(refused.to_string());
    }
    match Assigned::of(&dealing.assignments, &*session.store) {
        Ok(assigned) => take_assignments(session, Ok(Some(Arc::new(assigned)))),
        Err(error) => return Outcome::error(error.to_string()),
    };
    place::relist(session).tell(dealing.sentence(), false)
}

/// Takes in what was seen.
pub(super) fn take(session: &mut Session, sight: Sight) -> Option<Notice> {
    match sight {
        Sight::Schema(source) => take_schema(session, &source),
        Sight::Guidelines(text) => {
            session.around.guidelines = text.map(Arc::from);
            None
        }
        // The journal reads them and says what they are.
        Sight::Assignments => None,
        Sight::Gone => {
            session.around.gone = true;
            let folder = session.around.folder.clone().unwrap_or_default();
            let sentence = format!(
                "The project’s folder is not there any more. What you do stays in memory until it is back: {}",
                folder.display()
            );
            session.trouble = Some(sentence);
            None
        }
        Sight::Back => {
            session.around.gone = false;
            session.retry();
            let back = session.trouble().is_none();
            back.then(|| notice(NoticeKind::Done, "The project’s folder is back. All changes saved"))
        }
    }
}

fn notice(kind: NoticeKind, sentence: impl Into<String>) -> Notice {
    Notice { kind, sentence: sentence.into(), undo: false }
}

fn take_schema(session: &mut Session, source: &str) -> Option<Notice> {
    let parsed = Schema::parse(source, SCHEMA);
    let Some(schema) = parsed.schema else {
        session.around.schema_problems =
            parsed.problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
        return None;
    };
    let mended = !std::mem::take(&mut session.around.schema_problems).is_empty();
    if schema == *session.schema {
        return mended.then(|| notice(NoticeKind::Done, "schema.ron can be read again"));
    }
    let changes = compare(&session.schema, &schema);
    let mut sentence = summary(&changes);
    let kept = kept(session, &changes);
    if kept > 0 {
        sentence.push_str(&format!(". {kept} {} what is gone", if kept == 1 { "span keeps" } else { "spans keep" }));
    }
    if let Err(error) = session.store.keep_schema(source) {
        session.untold.push(notice(NoticeKind::Error, error.to_string()));
    }
    use_schema(session, Arc::new(schema));
    Some(notice(NoticeKind::Done, sentence))
}

/// From now on this schema holds. What was armed, asked or begun with something that is gone ends.
pub(super) fn use_schema(session: &mut Session, schema: Arc<Schema>) {
    session.stamp = schema.stamp();
    session.keymap = Keymap::new(&schema, session.keymap.own());
    session.schema = schema;
    let schema = &session.schema;
    let offered = |label: &LabelId| schema.label(label).is_some_and(|label| !label.retired);
    session.armed = session.armed.take().filter(&offered);
    session.last_label = session.last_label.take().filter(&offered);
    session.linking =
        session.linking.take().filter(|linking| schema.relation(&linking.kind).is_some_and(|kind| !kind.retired));
    session.asking = None;
    if let Some(open) = &mut session.open {
        open.revision += 1;
    }
}

/// Spans of every annotator whose label is gone.
fn kept(session: &Session, changes: &[Change]) -> u64 {
    let gone = |label: &LabelId| changes.contains(&Change::Removed(Owner::Label(label.clone())));
    let spans = session.counts.annotators.iter().flat_map(|counts| &counts.spans);
    spans.filter(|(label, _)| gone(label)).map(|(_, count)| count).sum()
}

/// `Schema changed: 1 label added, 2 relations gone`
fn summary(changes: &[Change]) -> String {
    let mut counts: Vec<(&'static str, &'static str, usize)> = Vec::new();
    for change in changes {
        let (thing, done) = match change {
            Change::Added(of) => (thing(of), "added"),
            Change::Removed(of) => (thing(of), "gone"),
            Change::Renamed { now, .. } => (thing(now), "renamed"),
            Change::Merged { into, .. } => (thing(into), "merged"),
            Change::Retired(of) => (thing(of), "retired"),
            Change::Returned(of) => (thing(of), "in use again"),
            Change::AttributeAdded { .. } => ("attribute", "added"),
            Change::AttributeRemoved { .. } => ("attribute", "gone"),
            Change::ValueAdded { .. } => ("value", "added"),
            Change::ValueRemoved { .. } => ("value", "gone"),
            Change::AttributeKind { .. } | Change::AttributeRules { .. } => ("attribute", "changed"),
            Change::Rules { of, .. } | Change::Looks { of, .. } => (thing(of), "changed"),
        };
        match counts.iter_mut().find(|(known, how, _)| (*known, *how) == (thing, done)) {
            Some((.., count)) => *count += 1,
            None => counts.push((thing, done, 1)),
        }
    }
    let said = |(thing, done, count): &(&str, &str, usize)| match count {
        1 => format!("1 {thing} {done}"),
        count => format!("{count} {thing}s {done}"),
    };
    match counts.as_slice() {
        [] => "Schema changed".to_owned(),
        counts => format!("Schema changed: {}", counts.iter().map(said).collect::<Vec<_>>().join(", ")),
    }
}

fn thing(of: &Owner) -> &'static str {
    match of {
        Owner::Label(_) => "label",
        Owner::Relation(_) => "relation",
        Owner::Document => "document",
    }
}

/// Makes `guidelines.md`, from the schema. What is there stays.
pub(super) fn write_guidelines(session: &mut Session) -> Outcome {
    let Some(folder) = &session.around.folder else {
        return Outcome::refused("This project has no folder to keep guidelines in");
    };
    let path = folder.join(GUIDELINES);
    let text = guide::beginning(&session.project, &session.schema);
    let made = fs::OpenOptions::new().write(true).create_new(true).open(&path);
    match made.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {
            session.around.guidelines = Some(Arc::from(text));
            Outcome::default().tell("guidelines.md is in the project’s folder", false)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            session.look();
            Outcome::default()
        }
        Err(error) => Outcome::error(format!("Could not write {}: {error}", path.display())),
    }
}
