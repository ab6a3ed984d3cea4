//! What stands in the middle where there is no difference to look at: why, and what to do.

use egui::{Align2, Sense, Ui, vec2};

use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use crate::session::reviewing::{Filter, Review};
use crate::session::{Action, Command, Reviewing};
use crate::text::wording;

/// One sentence, why it is so, and what can be done.
struct Empty {
    sentence: String,
    why: String,
    action: Option<(String, Command, Option<Action>)>,
    act: Option<Action>,
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let rect = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(rect, Sense::hover());
    let said = said(reviewing);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Status, true, format!("{}. {}", said.sentence, said.why))
    });
    let middle = rect.center() - vec2(0.0, 32.0);
    ui.painter().text(middle, Align2::CENTER_CENTER, &said.sentence, fonts::serif(20.0), draw.theme.text);
    let width = (rect.width() - 48.0).min(460.0);
    let why = ui.fonts_mut(|all| all.layout(said.why.clone(), fonts::regular(13.0), draw.theme.secondary, width));
    let size = why.size();
    ui.painter().galley(middle + vec2(-size.x / 2.0, 20.0), why, draw.theme.secondary);
    let place = egui::Rect::from_center_size(middle + vec2(0.0, 48.0 + size.y), vec2(260.0, 32.0));
    if let Some((words, command, action)) = said.action {
        let key = action.and_then(|action| draw.session.keymap.key_of(&action)).map(parts::spelled);
        let button = egui::Button::new(words).shortcut_text(key.unwrap_or_default()).min_size(vec2(0.0, 32.0));
        if ui.put(place, button).clicked() {
            draw.run(command);
        }
    } else if let Some(action) = said.act {
        let key = draw.session.keymap.key_of(&action).map(parts::spelled).unwrap_or_default();
        let button = egui::Button::new(action.info().title).shortcut_text(key).min_size(vec2(0.0, 32.0));
        if ui.put(place, button).clicked() {
            draw.act(action);
        }
    }
}

fn said(reviewing: &Reviewing) -> Empty {
    let say = |sentence: &str, why: &str, act: Option<Action>| Empty {
        sentence: sentence.to_owned(),
        why: why.to_owned(),
        action: None,
        act,
    };
    if let Some((done, total)) = reviewing.progress() {
        let far = format!("{} of {} documents", wording::thousands(done), wording::thousands(total));
        let why = if reviewing.queue.is_empty() { far } else { format!("{far}. Enter begins with what was found") };
        return say("Comparing…", &why, None);
    }
    let summary = reviewing.summary.clone().unwrap_or_default();
    let trouble = summary.troubles.first().map(|first| format!(" {first}.")).unwrap_or_default();
    let left = match summary.left_out {
        0 => String::new(),
        some => format!(
            " In {} a layer counts in an older text and was left out.",
            wording::counted(some, "document", "documents")
        ),
    };
    match (reviewing.annotators.len(), summary.compared, reviewing.queue.is_empty()) {
        (0, ..) => say(
            "Nobody has finished a document yet",
            "Differences are looked for in finished documents only. Ctrl+Enter on a document finishes it.",
            Some(Action::LeaveReview),
        ),
        (1, ..) => say(
            &format!("Only {} has finished documents", reviewing.annotators[0]),
            "A review needs the same documents finished by two. Bring in the layers of a second person.",
            Some(Action::Import),
        ),
        (_, 0, _) if reviewing.feedback => say(
            "There is no gold for what you finished yet",
            &format!("It shows here as soon as someone has settled one of your documents.{left}{trouble}"),
            Some(Action::LeaveReview),
        ),
        (_, 0, true) => {
            let alone = wording::counted(summary.alone, "document was", "documents were");
            let why =
                format!("{alone} finished by one only. Let a second person label some of the same.{left}{trouble}");
            say("No document was finished by two", &why, Some(Action::Import))
        }
        (_, _, true) if reviewing.feedback => {
            say("Yours and gold are the same", &format!("Nothing differs.{left}{trouble}"), Some(Action::LeaveReview))
        }
        (_, compared, true) => {
            let compared = wording::counted(compared, "document", "documents");
            let why = format!("In {compared} everybody says the same. A rule takes it over into gold.{left}{trouble}");
            say("Nothing differs", &why, Some(Action::SettleMany))
        }
        _ if reviewing.queue.lines().is_empty() => Empty {
            sentence: "Nothing is shown".to_owned(),
            why: "No difference is of the kind you asked for.".to_owned(),
            action: Some(("Show all".to_owned(), Command::Review(Review::Narrow(Filter::default())), None)),
            act: None,
        },
        _ => Empty {
            sentence: wording::counted(reviewing.queue.len() as u64, "difference", "differences"),
            why: "Enter goes to the next one.".to_owned(),
            action: Some(("Begin".to_owned(), Command::Review(Review::Next), Some(Action::NextDifference))),
            act: None,
        },
    }
}
