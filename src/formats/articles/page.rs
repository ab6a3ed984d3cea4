//! A web page as browsers read it, and its visible text: everything in reading order, one block per line.
//!
//! Nothing is executed and nothing fetched. The parser is kept from what would cost more than the page is worth: elements
//! nest [`DEPTH`] deep and those deeper stand beside each other, as browsers do it too; pages of more than [`NODES`] nodes are refused.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink, Node};

/// How deep elements nest, several times deeper than in real pages. The parser's time for one tag grows with it.
const DEPTH: usize = 256;
/// How many elements and texts a page may have.
const NODES: usize = 5_000_000;

/// The page's tree; `None` if it has too many nodes.
pub(super) fn parse(page: &str) -> Option<Html> {
    let builder = TreeBuilder::new(
        HtmlTreeSink::new(Html::new_document()),
        TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() },
    );
    let guard = Guard { builder, full: Cell::new(false), last: Cell::new((None, None, 0)) };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let Guard { builder, full, .. } = tokenizer.sink;
    (!full.get()).then(|| builder.sink.0.into_inner())
}

/// Stands between tokenizer and tree builder.
struct Guard<H> {
    builder: TreeBuilder<H, HtmlTreeSink>,
    full: Cell<bool>,
    /// The node whose depth was asked for last, its parent, and its depth.
    last: Cell<(Option<H>, Option<H>, usize)>,
}

/// The handle of a node in scraper's tree.
type Handle = <HtmlTreeSink as html5ever::tree_builder::TreeSink>::Handle;

impl Guard<Handle> {
    /// How deep the node lies that was made last, which is at least as deep as the element that is open. Mostly it is a
    /// child or a neighbour of the one before, and nothing needs to be counted.
    fn depth(&self) -> usize {
        let html = self.builder.sink.0.borrow();
        let Some(node) = html.tree.nodes().next_back() else { return 0 };
        let parent = node.parent().map(|parent| parent.id());
        let (last, last_parent, last_depth) = self.last.get();
        let depth = match parent {
            _ if Some(node.id()) == last => last_depth,
            Some(parent) if Some(parent) == last => last_depth + 1,
            Some(parent) if Some(parent) == last_parent => last_depth,
            _ => node.ancestors().take(DEPTH + 1).count(),
        };
        self.last.set((Some(node.id()), parent, depth));
        depth
    }
}

impl TokenSink for Guard<Handle> {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if self.full.get() {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
        {
            if self.builder.sink.0.borrow().tree.values().len() > NODES {
                self.full.set(true);
                return TokenSinkResult::Continue;
            }
            if !holds_raw_text(&tag.name) && self.depth() > DEPTH {
                let end = Tag { kind: TagKind::EndTag, attrs: Vec::new(), self_closing: false, ..tag.clone() };
                let result = self.builder.process_token(token, line);
                return match self.builder.process_token(Token::TagToken(end), line) {
                    TokenSinkResult::Continue => result,
                    other => other,
                };
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// What follows such a tag is no markup, so it cannot be closed before its time; nor does it nest.
fn holds_raw_text(name: &LocalName) -> bool {
    let raw = ["title", "textarea", "style", "script", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"];
    raw.contains(&&**name)
}

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
            Node::Element(element) => match Shown::of(element) {
                Shown::Not => {
                    lines.part(Gap::Space);
                    false
                }
                shown => {
                    lines.open(shown);
                    true
                }
            },
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
    Not,
    /// Invisible and no box either: words around it stay joined.
    Inline,
    /// A box in the line: words around it are apart.
    Box,
    Cell,
    Block,
    /// A block that keeps its white space.
    Pre,
}

impl Shown {
    fn of(element: &scraper::node::Element) -> Self {
        match element.name() {
            "head" | "title" | "script" | "style" | "noscript" | "template" | "iframe" | "noembed" | "noframes"
            | "audio" | "video" | "canvas" | "datalist" | "rp" | "desc" | "metadata" => Self::Not,
            _ if is_hidden(element) => Self::Not,
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

fn is_hidden(element: &scraper::node::Element) -> bool {
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
            Shown::Box => Gap::Space,
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
