//! From the tree of a RON file to a [`Schema`]: fields, types and words. What fits together is [`super::check`]'s to say.

use super::colour::{self, Colour, SLOTS};
use super::schema::key_of;
use super::source::{Node, Source, Value};
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
        // A file cut short lacks names that it only has further down.
        if source.is_whole() {
            problems.extend(super::check::check(&schema, source));
        }
        problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
        let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
        Parsed { schema: (!broken).then_some(schema), problems }
    }
}

/// `, did you mean …?` material: the candidate nearest to `word`, if it is near.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
    let near = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let limit = 1 + word.chars().count() / 4;
    near.filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A fix for a name that does not exist: the nearest one, else all there are.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, candidates.clone()) {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("There are {}", listed(candidates)),
    }
}

/// `a, b and c`
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => "none".into(),
        Some((last, [])) => (*last).into(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

struct Reader<'a> {
    source: &'a Source,
    problems: Vec<Problem>,
}

/// The fields of one struct, the first of each name.
struct Fields<'a> {
    node: &'a Node,
    of: &'static str,
    fields: Vec<(&'a str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The value of a field; what is absent or `None` has its default.
    fn get(&self, name: &str) -> Option<&'a Node> {
        let node = self.fields.iter().find(|(field, _)| *field == name).map(|(_, node)| node.bare())?;
        let absent = matches!(&node.value, Value::Broken) || matches!(&node.value, Value::Word(word) if word == "None");
        (!absent).then_some(node)
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| *field == name)
    }
}

impl<'a> Reader<'a> {
    fn error(&mut self, at: usize, sentence: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::error(self.source.place(at), sentence).fix(fix));
    }

    /// `“key” is a number, not …`
    fn wrong(&mut self, node: &Node, field: &str, wanted: &str, fix: impl Into<String>) {
        if !matches!(node.value, Value::Broken) {
            self.error(node.range.start, format!("“{field}” is {}, not {wanted}", node.describe()), fix);
        }
    }

    /// The fields of a struct, which may stand under one of `names`.
    fn fields(&mut self, node: &'a Node, of: &'static str, names: &[&str], allowed: &[&'static str]) -> Fields<'a> {
        let node = node.bare();
        let mut read = Fields { node, of, fields: Vec::new() };
        let (name, fields) = match &node.value {
            Value::Struct(name, fields) => (name, fields.as_slice()),
            Value::Tuple(name, items) if items.is_empty() => (name, &[][..]),
            Value::Broken => return read,
            _ => {
                let sentence = format!("{of} is expected here, not {}", node.describe());
                self.error(node.range.start, sentence, format!("Write ( {}: … )", allowed[0]));
                // Nothing more can be said of what is not there.
                read.node = &BROKEN;
                return read;
            }
        };
        if let Some(name) = name.as_deref().filter(|name| !names.contains(name)) {
            self.error(
                node.range.start,
                format!("{of} is expected here, not {name}(…)"),
                format!("Write {}( … )", names[0]),
            );
        }
        for field in fields {
            if !allowed.contains(&field.name.as_str()) {
                let fix = match nearest(&field.name, allowed.iter().copied()) {
                    Some(near) => format!("Did you mean {near}?"),
                    None => format!("Its fields are {}", listed(allowed.iter().copied())),
                };
                self.error(field.at.start, format!("{of} has no field “{}”", field.name), fix);
            } else if read.has(&field.name) {
                self.error(field.at.start, format!("“{}” is given twice", field.name), "Remove one of them");
            } else {
                read.fields.push((&field.name, &field.value));
            }
        }
        read
    }

    /// A field that must be there.
    fn required(&mut self, fields: &Fields<'a>, name: &'static str, example: &str) -> Option<&'a Node> {
        if !fields.has(name) && fields.node.closed && !matches!(fields.node.value, Value::Broken) {
            let sentence = format!("{} has no “{name}”", fields.of);
            self.error(fields.node.range.start, sentence, format!("Write {name}: {example}"));
        }
        let node = fields.get(name);
        if node.is_none()
            && fields.fields.iter().any(|(field, node)| *field == name && !matches!(node.value, Value::Broken))
        {
            let at = fields.fields.iter().find(|(field, _)| *field == name).map_or(0, |(_, node)| node.range.start);
            self.error(at, format!("“{name}” may not be None"), format!("Write {name}: {example}"));
        }
        node
    }

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

    fn word<T: Copy>(&mut self, fields: &Fields<'a>, name: &str, words: &[(&str, T)]) -> Option<T> {
        let node = fields.get(name)?;
        let all = words.iter().map(|(word, _)| *word);
        match &node.value {
            Value::Word(word) => {
                let found = words.iter().find(|(known, _)| known == word).map(|(_, value)| *value);
                if found.is_none() {
                    self.error(node.range.start, format!("there is no {name} “{word}”"), did_you_mean(word, all));
                }
                found
            }
            Value::String(word) if words.iter().any(|(known, _)| known == word) => {
                self.wrong(node, name, "a word", format!("Write {name}: {word}, without quotation marks"));
                None
            }
            _ => {
                self.wrong(node, name, "a word", format!("Write one of {}", listed(all)));
                None
            }
        }
    }

    fn flag(&mut self, fields: &Fields<'a>, name: &str) -> bool {
        match fields.get(name).map(|node| (node, &node.value)) {
            Some((_, Value::Word(word))) if word == "true" || word == "false" => word == "true",
            Some((node, _)) => {
                self.wrong(node, name, "true or false", format!("Write {name}: true or {name}: false"));
                false
            }
            None => false,
        }
    }

    fn optional_string(&mut self, fields: &Fields<'a>, name: &str) -> Option<String> {
        fields.get(name).and_then(|node| self.string(node, name))
    }

    fn string(&mut self, node: &Node, field: &str) -> Option<String> {
        match &node.bare().value {
            Value::String(text) => return Some(text.clone()),
            Value::Word(word) => self.wrong(node, field, "a string", format!("Write \"{word}\"")),
            Value::Number(number) => self.wrong(node, field, "a string", format!("Write \"{number}\"")),
            _ => self.wrong(node, field, "a string", "Write it in quotation marks"),
        }
        None
    }

    fn strings(&mut self, fields: &Fields<'a>, name: &str) -> Vec<String> {
        fields.get(name).map(|node| self.strings_in(node, name)).unwrap_or_default()
    }

    /// Keeps the place of an unreadable element by an empty string, so that positions stay those of the file.
    fn strings_in(&mut self, node: &Node, name: &str) -> Vec<String> {
        match &node.value {
            Value::List(items) => items.iter().map(|item| self.string(item, name).unwrap_or_default()).collect(),
            Value::String(text) => {
                self.wrong(node, name, "a list", format!("Write {name}: [{}]", super::literal::quoted(text)));
                Vec::new()
            }
            _ => {
                self.wrong(node, name, "a list", format!("Write {name}: [\"…\", \"…\"]"));
                Vec::new()
            }
        }
    }

    fn list<T>(&mut self, fields: &Fields<'a>, name: &str, read: impl Fn(&mut Self, &'a Node) -> T) -> Vec<T> {
        let Some(node) = fields.get(name) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.wrong(node, name, "a list", format!("Write {name}: [ ( … ), ( … ) ]"));
            return Vec::new();
        };
        items.iter().map(|item| read(self, item)).collect()
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

static BROKEN: Node = Node { value: Value::Broken, range: 0..0, closed: true };

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
