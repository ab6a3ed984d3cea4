//! What a changed schema means for what was marked under the old one.

use std::fmt;

use super::{Attribute, AttributeKind, Label, LabelId, RelationId, RelationKind, Schema};

/// Whose attribute, or whose rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// By the label's new id.
    Label(LabelId),
    /// By the relation kind's new id.
    Relation(RelationId),
    Document,
}

/// One thing that differs between two schemas, in the words of ids: `Label(…)` and `Relation(…)` are the new ones, save
/// where something is gone.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Added(Owner),
    /// Gone, and no `was` tells what its spans are now.
    Removed(Owner),
    /// Its id changed, told by `was`.
    Renamed {
        from: String,
        now: Owner,
    },
    /// It was taken up by one that was there before, told by `was`.
    Merged {
        from: String,
        into: Owner,
    },
    /// No longer offered.
    Retired(Owner),
    /// Offered again.
    Returned(Owner),
    /// Rules that guide marking differ; the fields, by name.
    Rules {
        of: Owner,
        fields: Vec<&'static str>,
    },
    AttributeAdded {
        of: Owner,
        name: String,
        required: bool,
    },
    AttributeRemoved {
        of: Owner,
        name: String,
    },
    /// Old values of another kind may no longer fit.
    AttributeKind {
        of: Owner,
        name: String,
    },
    ValueAdded {
        of: Owner,
        attribute: String,
        value: String,
    },
    ValueRemoved {
        of: Owner,
        attribute: String,
        value: String,
    },
    /// `required`, `default` or `when` differ.
    AttributeRules {
        of: Owner,
        name: String,
        fields: Vec<&'static str>,
    },
    /// Display only: the fields, by name.
    Looks {
        of: Owner,
        fields: Vec<&'static str>,
    },
}

impl Change {
    /// Layers may hold something the new schema does not know; their owners should see a list first.
    pub fn leaves_behind(&self) -> bool {
        matches!(
            self,
            Self::Removed(_) | Self::AttributeRemoved { .. } | Self::AttributeKind { .. } | Self::ValueRemoved { .. }
        )
    }
}

/// What changed from `old` to `new`: labels, then relations, then document attributes, in the order of `new`, with what
/// is gone before what is there.
pub fn compare(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut changes = Vec::new();
    kinds(&old.labels, &new.labels, &mut changes);
    kinds(&old.relations, &new.relations, &mut changes);
    attributes(&Owner::Document, &old.document, &new.document, &mut changes);
    changes
}

/// What labels and relation kinds have in common.
trait Kind {
    fn id(&self) -> &str;
    fn owner(&self) -> Owner;
    fn was(&self) -> Vec<&str>;
    fn retired(&self) -> bool;
    fn attributes(&self) -> &[Attribute];
    /// Rules and looks that differ from `old`, by the names of their fields.
    fn differing(&self, old: &Self) -> [Vec<&'static str>; 2];
}

impl Kind for Label {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn owner(&self) -> Owner {
        Owner::Label(self.id.clone())
    }

    fn was(&self) -> Vec<&str> {
        self.was.iter().map(LabelId::as_str).collect()
    }

    fn retired(&self) -> bool {
        self.retired
    }

    fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    fn differing(&self, old: &Self) -> [Vec<&'static str>; 2] {
        let rules = [
            ("parent", self.parent != old.parent),
            ("snap", self.snap != old.snap),
            ("overlap", self.overlap != old.overlap),
            ("fragments", self.fragments != old.fragments),
        ];
        let looks = [
            ("name", self.name != old.name),
            ("key", self.key != old.key),
            ("colour", self.colour != old.colour),
            ("line", self.line != old.line),
            ("definition", self.definition != old.definition),
            ("yes", self.yes != old.yes),
            ("no", self.no != old.no),
        ];
        [true_ones(&rules), true_ones(&looks)]
    }
}

impl Kind for RelationKind {
    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn owner(&self) -> Owner {
        Owner::Relation(self.id.clone())
    }

    fn was(&self) -> Vec<&str> {
        self.was.iter().map(RelationId::as_str).collect()
    }

    fn retired(&self) -> bool {
        self.retired
    }

    fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    fn differing(&self, old: &Self) -> [Vec<&'static str>; 2] {
        let rules =
            [("from", self.from != old.from), ("to", self.to != old.to), ("at_most", self.at_most != old.at_most)];
        let looks = [
            ("name", self.name != old.name),
            ("key", self.key != old.key),
            ("definition", self.definition != old.definition),
        ];
        [true_ones(&rules), true_ones(&looks)]
    }
}

fn true_ones(fields: &[(&'static str, bool)]) -> Vec<&'static str> {
    fields.iter().filter(|(_, differs)| *differs).map(|(field, _)| *field).collect()
}

fn kinds<T: Kind>(old: &[T], new: &[T], changes: &mut Vec<Change>) {
    let has = |kinds: &[T], id: &str| kinds.iter().any(|kind| kind.id() == id);
    let heir = |id: &str| new.iter().find(|kind| kind.was().contains(&id));
    let gone = old.iter().filter(|kind| !has(new, kind.id()) && heir(kind.id()).is_none());
    changes.extend(gone.map(|kind| Change::Removed(kind.owner())));
    for kind in new {
        let before = old.iter().find(|old| old.id() == kind.id());
        let mut heritage = old.iter().filter(|old| !has(new, old.id()) && kind.was().contains(&old.id()));
        // A new id that takes over old ones is the first of them renamed; the rest are merged into it.
        let renamed = if before.is_none() { heritage.next() } else { None };
        if let Some(renamed) = renamed {
            changes.push(Change::Renamed { from: renamed.id().into(), now: kind.owner() });
        }
        changes.extend(heritage.map(|old| Change::Merged { from: old.id().into(), into: kind.owner() }));
        match before.or(renamed) {
            None => changes.push(Change::Added(kind.owner())),
            Some(before) => differences(before, kind, changes),
        }
    }
}

fn differences<T: Kind>(old: &T, new: &T, changes: &mut Vec<Change>) {
    match (old.retired(), new.retired()) {
        (false, true) => changes.push(Change::Retired(new.owner())),
        (true, false) => changes.push(Change::Returned(new.owner())),
        _ => {}
    }
    let [rules, looks] = new.differing(old);
    if !rules.is_empty() {
        changes.push(Change::Rules { of: new.owner(), fields: rules });
    }
    attributes(&new.owner(), old.attributes(), new.attributes(), changes);
    if !looks.is_empty() {
        changes.push(Change::Looks { of: new.owner(), fields: looks });
    }
}

fn attributes(of: &Owner, old: &[Attribute], new: &[Attribute], changes: &mut Vec<Change>) {
    let gone = old.iter().filter(|old| !new.iter().any(|new| new.name == old.name));
    changes.extend(gone.map(|old| Change::AttributeRemoved { of: of.clone(), name: old.name.clone() }));
    for attribute in new {
        let name = attribute.name.clone();
        let Some(before) = old.iter().find(|old| old.name == name) else {
            changes.push(Change::AttributeAdded { of: of.clone(), name, required: attribute.required });
            continue;
        };
        kind(of, before, attribute, changes);
        let fields = true_ones(&[
            ("required", before.required != attribute.required),
            ("default", before.default != attribute.default),
            ("when", before.when != attribute.when),
        ]);
        if !fields.is_empty() {
            changes.push(Change::AttributeRules { of: of.clone(), name, fields });
        }
    }
}

fn kind(of: &Owner, old: &Attribute, new: &Attribute, changes: &mut Vec<Change>) {
    let (before, now) = match (&old.kind, &new.kind) {
        (AttributeKind::OneOf(before), AttributeKind::OneOf(now))
        | (AttributeKind::AnyOf(before), AttributeKind::AnyOf(now)) => (before, now),
        (before, now) if before == now => return,
        _ => return changes.push(Change::AttributeKind { of: of.clone(), name: new.name.clone() }),
    };
    let only_in = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter().filter(|value| !others.contains(value)).cloned().collect()
    };
    let at = || (of.clone(), new.name.clone());
    changes.extend(only_in(before, now).into_iter().map(|value| {
        let (of, attribute) = at();
        Change::ValueRemoved { of, attribute, value }
    }));
    changes.extend(only_in(now, before).into_iter().map(|value| {
        let (of, attribute) = at();
        Change::ValueAdded { of, attribute, value }
    }));
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(id) => write!(f, "label “{id}”"),
            Self::Relation(id) => write!(f, "relation “{id}”"),
            Self::Document => f.write_str("document"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(owner) => write!(f, "{owner} is new"),
            Self::Removed(owner) => write!(f, "{owner} is gone"),
            Self::Renamed { from, now } => write!(f, "{now} was “{from}” before"),
            Self::Merged { from, into } => write!(f, "{into} takes over “{from}”"),
            Self::Retired(owner) => write!(f, "{owner} is retired"),
            Self::Returned(owner) => write!(f, "{owner} is in use again"),
            Self::Rules { of, fields } => write!(f, "{of} has other rules: {}", fields.join(", ")),
            Self::AttributeAdded { of, name, required: false } => write!(f, "{of} has a new attribute “{name}”"),
            Self::AttributeAdded { of, name, required: true } => {
                write!(f, "{of} has a new, required attribute “{name}”")
            }
            Self::AttributeRemoved { of, name } => write!(f, "{of} has lost the attribute “{name}”"),
            Self::AttributeKind { of, name } => write!(f, "{of}: the attribute “{name}” takes another kind of value"),
            Self::ValueAdded { of, attribute, value } => write!(f, "{of}: “{attribute}” has a new value “{value}”"),
            Self::ValueRemoved { of, attribute, value } => {
                write!(f, "{of}: “{attribute}” has lost the value “{value}”")
            }
            Self::AttributeRules { of, name, fields } => {
                write!(f, "{of}: the attribute “{name}” has other rules: {}", fields.join(", "))
            }
            Self::Looks { of, fields } => write!(f, "{of} looks different: {}", fields.join(", ")),
        }
    }
}
