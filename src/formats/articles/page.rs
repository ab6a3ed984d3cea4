//! A web page's tree, as browsers read it. Its text is read off by [`super::visible`].
//!
//! Nothing is executed and nothing fetched. The parser is kept from what would cost more than the page is worth: elements
//! nest [`DEPTH`] deep and those deeper stand beside each other, as browsers do it too; pages of more than [`NODES`] nodes are refused.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

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
