//! What a screen reader is told of the page, and what it may ask for.

use accesskit::{
    Action, ActionData, ActionRequest, Node, NodeId, Role, TextPosition, TextSelection, TreeId, TreeUpdate,
};
use egui::Event;
use spanwright::session::Command;

use crate::stage::Stage;

fn told(stage: &mut Stage) -> TreeUpdate {
    let window = &mut stage.window;
    stage.screen.described(|ui| window.frame(ui)).unwrap()
}

fn ask(stage: &mut Stage, target_node: NodeId, action: Action, data: Option<ActionData>) {
    let request = ActionRequest { action, target_tree: TreeId::ROOT, target_node, data };
    stage.send(vec![Event::AccessKitActionRequest(request)]);
    stage.rest();
}

/// Nodes of a role, with what they hold.
fn nodes(update: &TreeUpdate, role: Role) -> Vec<(NodeId, &Node)> {
    update.nodes.iter().filter(|(_, node)| node.role() == role).map(|(id, node)| (*id, node)).collect()
}

fn page(update: &TreeUpdate) -> NodeId {
    nodes(update, Role::Document).iter().find(|(_, node)| node.supports_action(Action::SetTextSelection)).unwrap().0
}

#[test]
fn a_screen_reader_selects_text() {
    let text = "Kern told قال الوزير that.\nSecond line.";
    let mut stage = Stage::new(text);
    let update = told(&mut stage);
    let runs = nodes(&update, Role::TextRun);
    let run = |words: &str| runs.iter().find(|(_, node)| node.value().unwrap().contains(words)).unwrap().0;
    for (from, to, selected) in [
        ((run("Kern"), 5), (run("الوزير"), 3), "told قال"),
        ((run("Second"), 6), (run("Second"), 0), "Second"),
        ((run("that"), 1), (run("Second"), 12), "that.\nSecond line."),
    ] {
        told(&mut stage);
        let place = |(node, character_index)| TextPosition { node, character_index };
        let selection = TextSelection { anchor: place(from), focus: place(to) };
        ask(&mut stage, page(&update), Action::SetTextSelection, Some(ActionData::SetTextSelection(selection)));
        assert_eq!(stage.selected(), selected);
    }
}

#[test]
fn spans_are_told_with_their_labels_and_can_be_chosen() {
    let mut stage = Stage::new("Maria Lind of Nordbank said so.");
    stage.drag("Maria", "Lind", egui::Modifiers::NONE).keys("1 Esc Esc");
    let update = told(&mut stage);
    let marks = nodes(&update, Role::Mark);
    assert_eq!(marks[0].1.label(), Some("Entity: Maria Lind"));
    assert!(marks[0].1.bounds().is_some() && marks[0].1.is_selected().is_none());
    ask(&mut stage, marks[0].0, Action::Click, None);
    assert!(stage.session().selected_span().is_some());
    assert_eq!(nodes(&told(&mut stage), Role::Mark)[0].1.is_selected(), Some(true));
}

#[test]
fn what_lies_beside_the_screen_is_told_and_can_be_shown() {
    let text: String = (0..200).map(|line| format!("Line {line} of the text.\n")).collect();
    let mut stage = Stage::new(&text);
    stage.command(Command::Caret { to: 0, extend: false });
    let shown = |stage: &Stage, line: usize| {
        let at = text.find(&format!("Line {line} ")).unwrap();
        stage.window.place_of(at..at + 5).is_some()
    };
    let first = (0..200).find(|line| !shown(&stage, *line)).unwrap();
    let update = told(&mut stage);
    let below = format!("Line {} of", first + 2);
    let run = nodes(&update, Role::TextRun).into_iter().find(|(_, node)| node.value().unwrap().starts_with(&below));
    let (run, _) = run.unwrap_or_else(|| panic!("{below} is not told"));
    ask(&mut stage, run, Action::ScrollIntoView, None);
    assert!(shown(&stage, first + 2));
    assert!(stage.session().selection().is_none());
}
