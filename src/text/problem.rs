//! What a check finds: a place, a sentence, a fix. Checks return every problem and never fail.

use std::fmt;

/// How much a [`Problem`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Allowed, and probably not meant.
    Warning,
    /// A promise is broken.
    Error,
}

/// One finding, in words an annotator can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// Where: a file with line and column, a document, a span, a field.
    pub place: Place,
    /// What is wrong, one sentence in the words of the work, no full stop.
    pub sentence: String,
    /// What to do about it; empty where there is nothing to add.
    pub fix: String,
}

/// Where a [`Problem`] stands. Whatever is unknown stays `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// A file, as the user named it.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in code points, from 1.
    pub column: Option<usize>,
    /// A document's id.
    pub document: Option<String>,
    /// A layer's owner.
    pub annotator: Option<String>,
    /// A span's or relation's id.
    pub item: Option<String>,
    /// A field, as in `labels[2].key`.
    pub field: Option<String>,
}

impl Place {
    /// A line of a file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// A document of the project.
    pub fn document(document: impl Into<String>) -> Self {
        Self { document: Some(document.into()), ..Self::default() }
    }

    #[must_use]
    pub fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    #[must_use]
    pub fn at_column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    #[must_use]
    pub fn in_document(mut self, document: impl Into<String>) -> Self {
        self.document = Some(document.into());
        self
    }

    #[must_use]
    pub fn of_annotator(mut self, annotator: impl Into<String>) -> Self {
        self.annotator = Some(annotator.into());
        self
    }

    #[must_use]
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = Some(item.into());
        self
    }

    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = "";
        if let Some(file) = &self.file {
            write!(f, "{file}")?;
            gap = " · ";
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
                if let Some(column) = self.column {
                    write!(f, ":{column}")?;
                }
            }
        }
        for (word, value) in
            [("document", &self.document), ("annotator", &self.annotator), ("span", &self.item), ("field", &self.field)]
        {
            if let Some(value) = value {
                write!(f, "{gap}{word} {value}")?;
                gap = " · ";
            }
        }
        Ok(())
    }
}

impl Problem {
    pub fn error(place: Place, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Error, place, sentence)
    }

    pub fn warning(place: Place, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Warning, place, sentence)
    }

    pub fn note(place: Place, sentence: impl Into<String>) -> Self {
        Self::new(Severity::Note, place, sentence)
    }

    fn new(severity: Severity, place: Place, sentence: impl Into<String>) -> Self {
        Self { severity, place, sentence: sentence.into(), fix: String::new() }
    }

    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }
}

impl fmt::Display for Problem {
    /// `schemas/news.ron:14:9 · error: "colour" is given twice. Remove one of them`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = self.place.to_string();
        if !place.is_empty() {
            write!(f, "{place} · ")?;
        }
        write!(f, "{word}: {}", self.sentence)?;
        if !self.fix.is_empty() {
            write!(f, ". {}", self.fix)?;
        }
        Ok(())
    }
}
