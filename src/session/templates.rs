//! The schemas that come along.

/// A schema to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// As the command line names it.
    pub id: &'static str,
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    pub source: &'static str,
}

pub const TEMPLATES: [Template; 4] = [
    Template {
        id: "news",
        name: "News",
        about: "Entities, quotes with their speakers, events, boilerplate",
        source: include_str!("../../schemas/news.ron"),
    },
    Template {
        id: "entities",
        name: "Entities",
        about: "People, organisations, places and more, a label each",
        source: include_str!("../../schemas/entities.ron"),
    },
    Template {
        id: "events",
        name: "Events",
        about: "What happened, and who or what plays which role in it",
        source: include_str!("../../schemas/events.ron"),
    },
    Template {
        id: "blank",
        name: "Blank",
        about: "One label, and comments that explain how to write your own",
        source: include_str!("../../schemas/blank.ron"),
    },
];
