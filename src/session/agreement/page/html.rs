//! The few pieces of HTML that the report is put together from. Whatever comes from a project goes through [`escape`].

use std::fmt::Write;

use crate::agreement::Row;

/// Text as HTML holds it, in an element or a quoted attribute. Characters that HTML forbids become U+FFFD.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            _ if character.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// `0.87`, `−0.04`
pub fn number(value: f64) -> String {
    let digits = format!("{:.2}", value.abs());
    if value < 0.0 && digits != "0.00" { format!("−{digits}") } else { digits }
}

/// `0.81 to 0.92`
pub fn interval(row: &Row) -> Option<String> {
    row.interval.map(|(low, high)| format!("{} to {}", number(low), number(high)))
}

/// The number of a row with its interval, or why there is none; as what stands in a cell.
pub fn figure(row: &Row) -> String {
    match &row.value {
        Ok(value) => {
            let range = interval(row).map(|range| format!("<small>{range}</small>")).unwrap_or_default();
            format!("<b>{}</b>{range}", number(*value))
        }
        Err(reason) => format!("<i class=none title=\"{0}\">–</i><small>{0}</small>", escape(&reason.to_string())),
    }
}

/// A table that scrolls in itself where it is too wide. Cells are HTML; those of `classes` get the class of their column.
pub struct Table {
    html: String,
    classes: Vec<&'static str>,
}

impl Table {
    /// Columns as (heading, class); headings are HTML.
    pub fn new(columns: &[(String, &'static str)]) -> Self {
        let mut html = String::from("<div class=wide><table><thead><tr>");
        for (heading, class) in columns {
            let _ = write!(html, "<th scope=col class=\"{class}\">{heading}</th>");
        }
        html.push_str("</tr></thead><tbody>\n");
        Self { html, classes: columns.iter().map(|(_, class)| *class).collect() }
    }

    /// The first cell is the row's heading.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.html.push_str("<tr>");
        for (place, (cell, class)) in cells.into_iter().zip(&self.classes).enumerate() {
            let _ = if place == 0 {
                write!(self.html, "<th scope=row class=\"{class}\">{cell}</th>")
            } else {
                write!(self.html, "<td class=\"{class}\">{cell}</td>")
            };
        }
        self.html.push_str("</tr>\n");
    }

    pub fn finish(mut self) -> String {
        self.html.push_str("</tbody></table></div>\n");
        self.html
    }
}

/// A section with a heading; nothing where there is nothing in it.
pub fn section(id: &str, heading: &str, content: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    format!("<section id=\"{id}\"><h2>{heading}</h2>\n{content}</section>\n")
}

/// A sentence in the margin's grey.
pub fn remark(sentence: &str) -> String {
    format!("<p class=remark>{}</p>\n", escape(sentence))
}
