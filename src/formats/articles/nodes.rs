//! The text of a piece of HTML as its tree has it: every text node in order, and one character for each `br`. What annotation
//! programs count that mark rich text in a browser; for reading there is [`super::visible`].

use scraper::{ElementRef, Node};

use super::page;

/// `None` if the HTML has too many nodes.
pub fn node_text(html: &str) -> Option<String> {
    // In a body nothing is dropped that a browser would keep of a piece.
    let tree = page::parse(&format!("<!doctype html><body>{html}"))?;
    let body =
        tree.root_element().children().filter_map(ElementRef::wrap).find(|element| element.value().name() == "body")?;
    let mut text = String::with_capacity(html.len());
    for node in body.descendants() {
        match node.value() {
            Node::Text(piece) => text.push_str(piece),
            Node::Element(element) if element.name() == "br" => text.push('\n'),
            _ => {}
        }
    }
    Some(text)
}
