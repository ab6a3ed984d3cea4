//! The head of a file: its layers, and which columns they have.

/// How the first line begins.
pub(super) const FORMAT: &str = "#FORMAT=WebAnno TSV 3";

/// A line that stands before the rows of versions 1 and 2, and in no other file: the types, a sentence's number, its text.
pub(super) fn is_old(line: &str) -> bool {
    let types = line.trim_start().strip_prefix("# ").is_some_and(|types| {
        let first = types.split([' ', '|']).next().unwrap_or_default();
        types.contains(" | ") && first.split('.').count() > 2 && !first.contains('/')
    });
    let version = |version: &str| line.starts_with("#FORMAT=WebAnno TSV") && line.trim_end().ends_with(version);
    types || line.strip_prefix("#id=").is_some_and(is_number) || [" 1", " 2"].into_iter().any(version)
}

fn is_number(text: &str) -> bool {
    let text = text.trim_end();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a layer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Spans,
    /// Between the spans of the layer named.
    Relations(String),
    Chains,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Feature(String),
    /// Names of slots; where they point is in the next column, into the layer named.
    Slots(String),
    /// Where a relation comes from, or what the slots of the column before hold.
    Target,
}

/// One layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub kind: Kind,
    /// As the file names it, with its package.
    pub name: String,
    /// The last part of the name, and different for each layer.
    pub short: String,
    pub columns: Vec<Column>,
    /// Its first column in a row.
    pub at: usize,
}

/// Features that name what an annotation is, in the order in which they are believed.
const LABELS: [&str; 6] = ["value", "PosValue", "label", "entity", "type", "category"];

/// Layers whose value is a word and not one of a few labels.
const WORDS: [&str; 3] = ["Lemma", "Stem", "SurfaceForm"];

impl Head {
    /// A line such as `#T_SP=webanno.custom.Referent|entity|infstat`. `before` are the layers already met.
    pub fn read(line: &str, before: &[Self]) -> Option<Self> {
        let (kind, rest) = line.strip_prefix("#T_")?.split_once('=')?;
        let mut parts = rest.trim_end().split('|');
        let name = parts.next().unwrap_or_default().to_owned();
        let names: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let kind = match kind {
            "SP" => Kind::Spans,
            "CH" => Kind::Chains,
            "RL" => {
                let base = names.iter().find_map(|name| name.strip_prefix("BT_")).unwrap_or_default();
                Kind::Relations(base.to_owned())
            }
            _ => return None,
        };
        let mut columns = Vec::with_capacity(names.len());
        let mut slots = false;
        for (index, part) in names.iter().enumerate() {
            columns.push(match part {
                _ if slots => Column::Target,
                _ if part.starts_with("BT_") && matches!(kind, Kind::Relations(_)) => Column::Target,
                _ if part.starts_with("ROLE_") => Column::Slots((*names.get(index + 1).unwrap_or(&"")).to_owned()),
                _ => Column::Feature((*part).to_owned()),
            });
            slots = matches!(columns.last(), Some(Column::Slots(_)));
        }
        if columns.is_empty() {
            // A layer without features still has a column, which says where it is.
            columns.push(Column::Feature(String::new()));
        }
        let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
        let twice = before.iter().any(|other| other.short == last);
        let short = if twice { format!("{last}{}", before.len() + 1) } else { last };
        // Behind the word's number, its offsets and itself.
        let at = before.last().map_or(3, |last| last.at + last.columns.len());
        Some(Self { kind, name, short, columns, at })
    }

    /// The feature that is the label; `None` where the layer's name is.
    pub fn label(&self) -> Option<usize> {
        if WORDS.contains(&self.short.as_str()) {
            return None;
        }
        let named = |wanted: &str| {
            self.columns.iter().position(|column| matches!(column, Column::Feature(name) if name == wanted))
        };
        let first =
            || self.columns.iter().position(|column| matches!(column, Column::Feature(name) if !name.is_empty()));
        LABELS.into_iter().find_map(named).or_else(first)
    }
}
