//! From the tree of a RON file to a [`Schema`]: fields, types and words. What fits together is [`super::check`]'s to say.

use super::colour::{self, Colour, SLOTS};
use super::fields::{Fields, Reader};
use super::schema::key_of;
use super::source::{Node, Source, Value};
use super::suggest::{did_you_mean, listed};
use super::{Attribute, AttributeKind, Label, LabelId, Line, Overlap, RelationId, RelationKind, Schema, Snap, When};
use crate::text::{Problem, Severity};

/// What came of reading a schema.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// `None` if, and only if, there is an error among the problems.
    pub schema: Option<Schema>,
    /// Every problem at once, in the order of the file.
    pub problems: Vec<Problem>,
}

impl Schema {
    /// Reads and checks a schema written in RON; `file` is the name problems give.
    pub fn parse(source: &str, file: &str) -> Parsed {
        Self::from_source(&Source::parse(source, file))
    }

    /// As [`Schema::parse`], from a tree that is there already.
    pub fn from_source(source: &Source) -> Parsed {
        let mut reader = Reader { source, problems: source.problems().to_vec() };
        let schema = reader.schema(source.root());
        let mut problems = reader.problems;
        // What was not read to its end lacks names that it only has further down.
        if source.is_whole() && !source.is_torn() {
            problems.extend(super::check::check(&schema, source));
        }
        problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
        let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
        Parsed { schema: (!broken).then_some(schema), problems }
    }
}

impl<'a> Reader<'a> {
    fn schema(&mut self, root: &'a Node) -> Schema {
        let fields = self.fields(root, "a schema", &["Schema"], &["name", "labels", "relations", "document"]);
        let name = self.required(&fields, "name", "\"news\"").and_then(|node| self.string(node, "name"));
        let labels = self.list(&fields, "labels", Self::label);
        Schema {
            name: name.unwrap_or_default(),
            labels: with_default_looks(labels),
            relations: self.list(&fields, "relations", Self::relation),
            document: self.list(&fields, "document", Self::attribute),
        }
    }

    fn label(&mut self, node: &'a Node) -> (Label, Option<Colour>, Option<Line>) {
        const FIELDS: [&str; 15] = [
            "id",
            "name",
            "key",
            "colour",
            "line",
            "definition",
            "yes",
            "no",
            "parent",
            "snap",
            "overlap",
            "fragments",
            "was",
            "retired",
            "attributes",
        ];
        let fields = self.fields(node, "a label", &["Label"], &FIELDS);
        let id =
            self.required(&fields, "id", "\"entity\"").and_then(|node| self.string(node, "id")).unwrap_or_default();
        let colour = fields.get("colour").and_then(|node| self.colour(node));
        let line = self.word(
            &fields,
            "line",
            &[("Solid", Line::Solid), ("Double", Line::Double), ("Dotted", Line::Dotted), ("Wavy", Line::Wavy)],
        );
        let snaps = [
            ("Graphemes", Snap::Graphemes),
            ("Words", Snap::Words),
            ("Sentences", Snap::Sentences),
            ("Lines", Snap::Lines),
            ("Quotation", Snap::Quotation),
        ];
        let overlaps = [
            ("Exclude", Overlap::Exclude),
            ("Nest", Overlap::Nest),
            ("Contain", Overlap::Contain),
            ("Any", Overlap::Any),
        ];
        let label = Label {
            name: self.optional_string(&fields, "name").unwrap_or_else(|| id.clone()),
            id: LabelId::from(id),
            key: self.key(&fields),
            colour: colour.unwrap_or(Colour::Slot(1)),
            line: line.unwrap_or(Line::Solid),
            definition: self.optional_string(&fields, "definition").unwrap_or_default(),
            yes: self.strings(&fields, "yes"),
            no: self.strings(&fields, "no"),
            parent: self.optional_string(&fields, "parent").map(LabelId::from),
            snap: self.word(&fields, "snap", &snaps).unwrap_or(Snap::Words),
            overlap: self.word(&fields, "overlap", &overlaps).unwrap_or(Overlap::Nest),
            fragments: self.flag(&fields, "fragments"),
            was: self.strings(&fields, "was").into_iter().map(LabelId::from).collect(),
            retired: self.flag(&fields, "retired"),
            attributes: self.list(&fields, "attributes", Self::attribute),
        };
        (label, colour, line)
    }

    fn relation(&mut self, node: &'a Node) -> RelationKind {
        const FIELDS: [&str; 10] =
            ["id", "name", "key", "from", "to", "at_most", "attributes", "definition", "was", "retired"];
        let fields = self.fields(node, "a relation", &["RelationKind", "Relation"], &FIELDS);
        let id =
            self.required(&fields, "id", "\"speaker\"").and_then(|node| self.string(node, "id")).unwrap_or_default();
        let ends = |strings: Vec<String>| strings.into_iter().map(LabelId::from).collect();
        RelationKind {
            name: self.optional_string(&fields, "name").unwrap_or_else(|| id.clone()),
            id: RelationId::from(id),
            key: self.key(&fields),
            from: ends(self.strings(&fields, "from")),
            to: ends(self.strings(&fields, "to")),
            at_most: fields.get("at_most").and_then(|node| self.count(node)),
            attributes: self.list(&fields, "attributes", Self::attribute),
            definition: self.optional_string(&fields, "definition").unwrap_or_default(),
            was: self.strings(&fields, "was").into_iter().map(RelationId::from).collect(),
            retired: self.flag(&fields, "retired"),
        }
    }

    fn attribute(&mut self, node: &'a Node) -> Attribute {
        let allowed = ["name", "kind", "required", "default", "when", "definition"];
        let fields = self.fields(node, "an attribute", &["Attribute"], &allowed);
        let name = self.required(&fields, "name", "\"type\"").and_then(|node| self.string(node, "name"));
        let kind = self.required(&fields, "kind", "OneOf([\"person\", \"place\"])").and_then(|node| self.kind(node));
        Attribute {
            name: name.unwrap_or_default(),
            kind: kind.unwrap_or(AttributeKind::Text),
            required: self.flag(&fields, "required"),
            default: fields.get("default").and_then(|node| self.json(node)),
            when: fields.get("when").and_then(|node| self.when(node)),
            definition: self.optional_string(&fields, "definition").unwrap_or_default(),
        }
    }

    fn kind(&mut self, node: &'a Node) -> Option<AttributeKind> {
        const KINDS: [&str; 5] = ["OneOf", "AnyOf", "Flag", "Number", "Text"];
        let at = node.range.start;
        let (word, items) = match &node.value {
            Value::Word(word) => (word.as_str(), None),
            Value::Tuple(Some(word), items) => (word.as_str(), Some(items.as_slice())),
            _ => {
                self.wrong(node, "kind", "a kind of attribute", format!("Write one of {}", listed(KINDS)));
                return None;
            }
        };
        match (word, items) {
            ("Flag", None) => Some(AttributeKind::Flag),
            ("Number", None) => Some(AttributeKind::Number),
            ("Text", None) => Some(AttributeKind::Text),
            ("OneOf" | "AnyOf", Some([list])) if matches!(list.value, Value::List(_)) => {
                let values = self.strings_in(list, "kind");
                Some(if word == "OneOf" { AttributeKind::OneOf(values) } else { AttributeKind::AnyOf(values) })
            }
            ("OneOf" | "AnyOf", _) => {
                self.error(
                    at,
                    format!("{word} lacks its list of values"),
                    format!("Write {word}([\"first\", \"second\"])"),
                );
                None
            }
            ("Flag" | "Number" | "Text", Some(_)) => {
                self.error(at, format!("{word} takes nothing in brackets"), format!("Write {word}"));
                None
            }
            _ => {
                self.error(at, format!("there is no attribute kind “{word}”"), did_you_mean(word, KINDS));
                None
            }
        }
    }

    fn when(&mut self, node: &'a Node) -> Option<When> {
        let fields = self.fields(node, "a condition", &["When"], &["attribute", "is"]);
        let attribute = self.required(&fields, "attribute", "\"type\"").and_then(|node| self.string(node, "attribute"));
        let is = self.required(&fields, "is", "[\"person\"]")?;
        let values = match &is.value {
            Value::List(items) => items.iter().filter_map(|item| self.condition(item)).collect(),
            _ => vec![self.condition(is)?],
        };
        Some(When { attribute: attribute?, values })
    }

    /// One value of a condition: a string, or `true` and `false` of a flag.
    fn condition(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Word(word) if word == "true" || word == "false" => Some(word.clone()),
            _ => self.string(node, "is"),
        }
    }

    fn colour(&mut self, node: &Node) -> Option<Colour> {
        const FIX: &str = "Write Slot(1) to Slot(8), or Rgb(\"#2b50b8\", \"#5b9bf0\") for light and dark";
        match &node.value {
            Value::Tuple(Some(word), items) => match (word.as_str(), items.as_slice()) {
                ("Slot", [Node { value: Value::Number(slot), .. }]) => {
                    if let Some(slot) = slot.as_u64().filter(|slot| (1..=SLOTS.len() as u64).contains(slot)) {
                        return Some(Colour::Slot(slot as u8));
                    }
                    self.error(
                        items[0].range.start,
                        format!("there is no colour slot {slot}"),
                        "Write Slot(1) to Slot(8)",
                    );
                }
                ("Rgb", [light, dark]) => {
                    let (light, dark) = (self.hex(light), self.hex(dark));
                    return Some(Colour::Rgb { light: light?, dark: dark? });
                }
                _ => self.wrong(node, "colour", "a colour", FIX),
            },
            _ => self.wrong(node, "colour", "a colour", FIX),
        }
        None
    }

    fn hex(&mut self, node: &Node) -> Option<[u8; 3]> {
        let written = self.string(node, "colour")?;
        let rgb = colour::parse_hex(&written);
        if rgb.is_none() {
            let sentence = format!("“{written}” is no colour");
            self.error(node.range.start, sentence, "Write # and six hexadecimal digits, as in \"#2b50b8\"");
        }
        rgb
    }

    fn key(&mut self, fields: &Fields<'a>) -> Option<char> {
        let node = fields.get("key")?;
        let key = match &node.value {
            Value::Char(key) => Some(*key),
            Value::String(key) => {
                let mut chars = key.chars();
                let first = chars.next().filter(|_| chars.next().is_none());
                if first.is_none() {
                    let sentence = format!("“key” is \"{key}\", not one letter or digit");
                    self.error(node.range.start, sentence, "Write one, as in key: \"1\"");
                }
                first
            }
            Value::Number(digit) => {
                self.wrong(node, "key", "a letter or digit in quotation marks", format!("Write key: \"{digit}\""));
                None
            }
            _ => {
                self.wrong(node, "key", "a letter or digit in quotation marks", "Write it as in key: \"1\"");
                None
            }
        };
        key.map(key_of)
    }

    fn count(&mut self, node: &Node) -> Option<u32> {
        let count = match &node.value {
            Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            _ => None,
        };
        if count.is_none() {
            let sentence = "“at_most” is not a whole number from 1 up";
            self.error(node.range.start, sentence, "Write at_most: 1, or leave it out for no limit");
        }
        count
    }

    fn json(&mut self, node: &Node) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        match &node.bare().value {
            Value::String(text) => Some(Json::String(text.clone())),
            Value::Number(number) => Some(Json::Number(number.clone())),
            Value::Word(word) if word == "true" || word == "false" => Some(Json::Bool(word == "true")),
            Value::List(items) => items.iter().map(|item| self.json(item)).collect::<Option<_>>().map(Json::Array),
            _ => {
                let fix = match &node.value {
                    Value::Word(word) => format!("Write \"{word}\""),
                    _ => "Write a string, a number, true, false or a list of strings".into(),
                };
                self.wrong(node, "default", "a value", fix);
                None
            }
        }
    }
}

/// Labels that name no colour get the slots that none names, in order; those that name no line get the four in turn,
/// shifted each round so that colour and line together repeat only after 32 labels.
fn with_default_looks(labels: Vec<(Label, Option<Colour>, Option<Line>)>) -> Vec<Label> {
    const LINES: [Line; 4] = [Line::Solid, Line::Double, Line::Wavy, Line::Dotted];
    let named: Vec<Colour> = labels.iter().filter_map(|(_, colour, _)| *colour).collect();
    let all = (1..=SLOTS.len() as u8).map(Colour::Slot);
    let free: Vec<Colour> = all.clone().filter(|slot| !named.contains(slot)).collect();
    let mut slots = free.into_iter().chain(all.cycle());
    let looks = |(at, (mut label, colour, line)): (usize, (Label, Option<Colour>, Option<Line>))| {
        label.colour = colour.or_else(|| slots.next()).unwrap_or(label.colour);
        label.line = line.unwrap_or(LINES[(at + at / SLOTS.len()) % LINES.len()]);
        label
    };
    labels.into_iter().enumerate().map(looks).collect()
}
