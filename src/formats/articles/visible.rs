//! The visible text of a web page: everything in reading order, one block per line.

use scraper::node::Element;
use scraper::{Html, Node};

/// The visible text: white space collapsed as CSS does (kept in `pre`), a line for each block, list item and table row,
/// cells parted by a tab, `br` a new line, blank lines dropped.
///
/// Left out: what no browser shows (head, scripts, styles, `noscript`, templates, embedded fallbacks, and elements that are
/// `hidden` or have `display:none` in their own `style`), alternative texts of images, what a style sheet would add. Kept: all
/// else, also what is `aria-hidden`, folded away, or hidden by a style sheet.
pub(super) fn visible_text(html: &Html) -> String {
    let mut lines = Lines::default();
    let mut node = html.tree.root();
    loop {
        let mut opened = match node.value() {
            Node::Text(text) if lines.kept > 0 => {
                lines.exactly(text);
                false
            }
            Node::Text(text) => {
                lines.words(text);
                false
            }
            Node::Element(element) => {
                let shown = Shown::of(element);
                lines.open(shown);
                !matches!(shown, Shown::Not | Shown::Frame)
            }
            Node::Document | Node::Fragment => true,
            Node::Doctype(_) | Node::Comment(_) | Node::ProcessingInstruction(_) => false,
        };
        if opened && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if opened && let Node::Element(element) = node.value() {
                lines.close(Shown::of(element));
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return lines.text };
            (node, opened) = (parent, true);
        }
    }
}

/// How an element takes part in the lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Not at all: words around it stay joined.
    Not,
    /// A box in the line whose content is no text of the page.
    Frame,
    /// Only its words, joined to those around it.
    Inline,
    /// A box in the line: words around it are apart.
    Box,
    Cell,
    Block,
    /// A block that keeps its white space.
    Pre,
}

impl Shown {
    fn of(element: &Element) -> Self {
        match element.name() {
            "head" | "title" | "script" | "style" | "noscript" | "template" | "noembed" | "noframes" | "datalist"
            | "rp" | "desc" | "metadata" => Self::Not,
            _ if is_hidden(element) => Self::Not,
            "iframe" | "audio" | "video" | "canvas" => Self::Frame,
            "pre" | "textarea" | "listing" | "xmp" | "plaintext" => Self::Pre,
            "td" | "th" => Self::Cell,
            "button" | "select" | "input" | "img" | "svg" | "object" | "embed" | "meter" | "progress" => Self::Box,
            "address" | "article" | "aside" | "blockquote" | "body" | "br" | "caption" | "center" | "dd"
            | "details" | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer"
            | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr" | "html" | "legend"
            | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "search" | "section"
            | "summary" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul" => Self::Block,
            _ => Self::Inline,
        }
    }
}

fn is_hidden(element: &Element) -> bool {
    element.attr("hidden").is_some_and(|how| !how.eq_ignore_ascii_case("until-found"))
        || element.attr("style").is_some_and(|style| {
            let style: String = style.chars().filter(|character| !character.is_whitespace()).collect();
            style.to_ascii_lowercase().split(';').any(|rule| rule.starts_with("display:none"))
        })
}

/// What stands between two words; the greater wins.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    Nothing,
    Space,
    Tab,
    Line,
}

#[derive(Default)]
struct Lines {
    text: String,
    /// What is to stand before the next word.
    gap: Gap,
    /// In how many elements that keep white space.
    kept: usize,
}

impl Lines {
    fn part(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn edge(&mut self, shown: Shown) {
        self.part(match shown {
            Shown::Not | Shown::Inline => Gap::Nothing,
            Shown::Box | Shown::Frame => Gap::Space,
            Shown::Cell => Gap::Tab,
            Shown::Block | Shown::Pre => Gap::Line,
        });
    }

    fn open(&mut self, shown: Shown) {
        self.edge(shown);
        self.kept += usize::from(shown == Shown::Pre);
    }

    fn close(&mut self, shown: Shown) {
        self.edge(shown);
        self.kept -= usize::from(shown == Shown::Pre);
    }

    fn fill_gap(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.text.is_empty() || self.text.ends_with('\n') {
            return;
        }
        match gap {
            Gap::Nothing => (),
            Gap::Space => self.text.push(' '),
            Gap::Tab => self.text.push('\t'),
            Gap::Line => self.text.push('\n'),
        }
    }

    /// Text whose white space collapses. No-break spaces are no white space here, as in CSS.
    fn words(&mut self, text: &str) {
        for (index, word) in text.split([' ', '\t', '\n', '\r', '\u{c}']).enumerate() {
            if index > 0 {
                self.part(Gap::Space);
            }
            if !word.is_empty() {
                self.fill_gap();
                self.text.push_str(word);
            }
        }
    }

    fn exactly(&mut self, text: &str) {
        self.fill_gap();
        self.text.push_str(text);
    }
}
