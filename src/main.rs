//! The program: the command line, and the window where it is built in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use spanwright::cli::{self, Open, Outside, Screen};

fn main() -> ExitCode {
    if let Some(folder) = spanwright::session::crash::folder() {
        spanwright::session::crash::watch(folder);
    }
    cli::run(&Outside { window, screen, pictures })
}

#[cfg(not(feature = "app"))]
fn window(_: Open) -> Result<(), String> {
    Err("This build has no window; the command line works: spanwright --help".to_owned())
}

#[cfg(feature = "app")]
fn window(open: Open) -> Result<(), String> {
    use spanwright::app::{self, Errand, StartUp, Waker};
    use spanwright::session::settings::SettingsFile;
    use spanwright::session::workspace::{self, Opening};
    use spanwright::session::{Clock, Notice, NoticeKind, crash};
    use spanwright::store::Job;

    let settings_file = SettingsFile::user();
    let (settings, problems) = settings_file.read();
    let told =
        |problem| Notice { kind: NoticeKind::Error, sentence: spanwright::session::report::told(problem), undo: false };
    let mut notices: Vec<Notice> = problems.iter().map(told).collect();
    if let Some(report) = crash::folder().and_then(|folder| crash::untold(&folder)) {
        let sentence = format!(
            "Something broke inside the program the last time. What was saved is there. A report without any text of yours is in {}",
            report.display()
        );
        notices.push(Notice { kind: NoticeKind::Error, sentence, undo: false });
    }
    let waker = Waker::default();
    let annotator = open.me.chosen.then(|| open.me.annotator.clone());
    let given = annotator.clone().filter(|name| settings.annotator().as_ref() != Some(name));
    let opening = Opening {
        settings: &settings,
        annotator: annotator.clone(),
        device: open.me.device.clone(),
        clock: Clock::system(),
        wake: waker.wake(),
    };
    let job = Job::default();
    let opened = match (&open.project, open.sample) {
        (_, true) => Some(workspace::open_sample(opening, &job)),
        // Where nobody is known who works, the window asks first.
        (Some(project), _) if annotator.is_some() => Some(workspace::open(project, opening, &job)),
        _ => None,
    };
    let opened = opened.transpose().map_err(|error| error.to_string())?;
    let errand = match (open.project, open.articles) {
        (Some(project), _) if opened.is_none() => Some(Errand::Open(project)),
        (None, articles) if !articles.is_empty() => Some(Errand::Begin(articles)),
        _ => None,
    };
    app::run(StartUp {
        opened,
        errand,
        settings,
        settings_file,
        annotator: given,
        notices,
        waker,
        system_fonts: true,
        ..StartUp::default()
    })
}

/// Draws the frames that `spanwright bench` measures.
#[cfg(feature = "app")]
fn screen() -> Option<Screen> {
    use spanwright::app::bench::Rehearsal;
    use spanwright::cli::Frame;

    let mut rehearsal = Rehearsal::default();
    Some(Box::new(move |frame| {
        match frame {
            Frame::Start => rehearsal.start()?,
            Frame::Rest => return Ok(rehearsal.rest()),
            Frame::Work(session) => rehearsal.work(*session),
            Frame::Open(document) => rehearsal.open(document),
            Frame::Next => rehearsal.next(),
            Frame::Scroll(points) => rehearsal.scroll(points),
            Frame::Jump(place) => rehearsal.jump(place),
            Frame::Cold(place) => rehearsal.jump_cold(place),
            Frame::Drag => rehearsal.drag(),
            Frame::Release => rehearsal.release(),
            Frame::Find(typed) => rehearsal.find(typed),
        }
        Ok(false)
    }))
}

#[cfg(not(feature = "app"))]
fn screen() -> Option<Screen> {
    None
}

#[cfg(feature = "app")]
fn pictures(folder: &Path) -> Result<Vec<PathBuf>, String> {
    spanwright::app::pictures::take(folder)
}

#[cfg(not(feature = "app"))]
fn pictures(_: &Path) -> Result<Vec<PathBuf>, String> {
    Err("This build has no window to draw; build it with the feature `app`".to_owned())
}
