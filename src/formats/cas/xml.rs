//! XMI that is written.

use std::fmt::Write;

use super::build::{Out, OutValue, SOFA_ID};
use super::{LAYER, METADATA, SPAN};

/// One file: the structures, the text, the view that has them all.
pub(super) fn xmi(text: &str, list: &[Out]) -> String {
    let mut xml = String::with_capacity(text.len() * 2 + list.len() * 160 + 1024);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"");
    let spaces = [("custom", SPAN), ("spanwright", LAYER), ("type", METADATA)];
    for (prefix, kind) in spaces {
        let package = kind.rsplit_once('.').map_or("", |(package, _)| package).replace('.', "/");
        let _ = write!(xml, " xmlns:{prefix}=\"http:///{package}.ecore\"");
    }
    xml.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    for out in list {
        let (package, name) = out.kind.rsplit_once('.').unwrap_or(("", out.kind));
        let prefix = package.rsplit('.').next().unwrap_or_default();
        let _ = write!(xml, "<{prefix}:{name} xmi:id=\"{}\"", out.id);
        let mut inner = String::new();
        for (feature, value) in &out.features {
            match value {
                OutValue::Text(text) => {
                    let _ = write!(xml, " {feature}=\"");
                    escape(text, &mut xml);
                    xml.push('"');
                }
                OutValue::Number(number) => {
                    let _ = write!(xml, " {feature}=\"{number}\"");
                }
                OutValue::Flag(flag) => {
                    let _ = write!(xml, " {feature}=\"{flag}\"");
                }
                OutValue::Ref(id) => {
                    let _ = write!(xml, " {feature}=\"{id}\"");
                }
                OutValue::Words(words) => {
                    for word in words {
                        let _ = write!(inner, "<{feature}>");
                        escape(word, &mut inner);
                        let _ = write!(inner, "</{feature}>");
                    }
                }
            }
        }
        if inner.is_empty() {
            xml.push_str("/>\n");
        } else {
            let _ = writeln!(xml, ">{inner}</{prefix}:{name}>");
        }
    }
    let _ = write!(
        xml,
        "<cas:Sofa xmi:id=\"{SOFA_ID}\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\" sofaString=\""
    );
    escape(text, &mut xml);
    let _ = write!(xml, "\"/>\n<cas:View sofa=\"{SOFA_ID}\" members=\"");
    for (count, out) in list.iter().enumerate() {
        let _ = write!(xml, "{}{}", if count == 0 { "" } else { " " }, out.id);
    }
    xml.push_str("\"/>\n</xmi:XMI>\n");
    xml
}

/// XML 1.0 holds the character.
pub(super) const fn is_held(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// As an attribute's value. What XML would change is a reference; what it cannot hold is U+FFFD, which counts the same.
fn escape(text: &str, out: &mut String) {
    let special = |character: char| {
        matches!(character, '<' | '>' | '&' | '"' | '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}') || !is_held(character)
    };
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let mut characters = rest[at..].chars();
        match characters.next() {
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('&') => out.push_str("&amp;"),
            Some('"') => out.push_str("&quot;"),
            Some(character) if is_held(character) => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push('\u{fffd}'),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}
