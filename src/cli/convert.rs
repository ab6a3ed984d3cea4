//! `spanwright convert`: from one data format to another, without a project.

use std::io;

use super::args::Convert;
use super::export::{target_of, tokens};
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome, form_of, write_report};
use super::schema;
use crate::schema::{LabelId, Schema};
use crate::session::convert::{ConvertPlan, convert};
use crate::session::export::{ExportError, ExportPlan, Target, Who};
use crate::store::Job;

pub(super) fn run(arguments: &Convert, me: &Identity, manners: &Manners) -> Outcome {
    if let Some(report) = &arguments.report {
        form_of(report)?;
    }
    if let Some(missing) = arguments.inputs.iter().find(|path| !path.exists()) {
        let input = missing.display();
        return Err(Failure::Said(format!("There is no file or folder {input}. Nothing was converted")));
    }
    let target = target_of(arguments.format, &arguments.out);
    let labels: Vec<LabelId> = arguments.shape.priority.iter().map(|id| LabelId::from(id.as_str())).collect();
    let plan = ConvertPlan {
        inputs: arguments.inputs.clone(),
        from: arguments.from,
        annotator: me.annotator.clone(),
        schema: arguments.schema.as_deref().map(read).transpose()?,
        export: ExportPlan {
            verify: arguments.verify,
            strict: arguments.strict,
            tokens: tokens(&arguments.shape, labels),
            ..ExportPlan::new(arguments.format, target.clone(), Who::All)
        },
    };
    let job = Job::default();
    let progress = manners.progress(&job, "Converting");
    let report = convert(&plan, &mut io::stdout(), &job);
    drop(progress);
    let report = match report {
        Ok(report) => report,
        Err(ExportError::Io { error, .. }) if target == Target::Stream && error.kind() == io::ErrorKind::BrokenPipe => {
            return Err(Failure::NobodyListens);
        }
        Err(error) => return Err(error.into()),
    };
    manners.say(report.sentence());
    if arguments.report.is_none() && !report.findings.is_empty() {
        manners.say("--report FILE names each of what was changed, left out or not read");
    }
    if let Some(path) = &arguments.report {
        write_report(&report.report(), path)?;
    }
    Ok(if report.refused || report.unread > 0 { Done::Short } else { Done::Fully })
}

fn read(which: &str) -> Result<Schema, Failure> {
    let broken = || Failure::Said(format!("{which} has errors; `spanwright check` lists them"));
    Schema::parse(&schema::source(which)?, which).schema.ok_or_else(broken)
}
