//! Which field or column holds what: as the user says, else by the names that sources use.

use crate::text::{Place, Problem};

/// What a field can be to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Text,
    Id,
    Title,
    Source,
    Date,
    Author,
    Url,
}

impl Role {
    pub const ALL: [Self; 7] = [Self::Text, Self::Id, Self::Title, Self::Source, Self::Date, Self::Author, Self::Url];

    /// The word in `--map` and the key in a document's metadata.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Id => "id",
            Self::Title => "title",
            Self::Source => "source",
            Self::Date => "date",
            Self::Author => "author",
            Self::Url => "url",
        }
    }

    /// Names that fields of this role go by, in any case, the likeliest first.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Text => &[
                "text",
                "body",
                "content",
                "article",
                "articleBody",
                "article_body",
                "full_text",
                "fulltext",
                "article_text",
                "maintext",
                "raw_text",
                "story",
                "document",
            ],
            Self::Id => {
                &["id", "_id", "doc_id", "docid", "article_id", "document_id", "guid", "uuid", "url", "uri", "path"]
            }
            Self::Title => &["title", "headline", "heading"],
            Self::Source => &["source", "site", "domain", "publisher", "outlet", "site_name"],
            Self::Date => &[
                "date",
                "published",
                "published_at",
                "publish_date",
                "date_publish",
                "date_published",
                "datePublished",
                "pubDate",
                "publication_date",
                "timestamp",
                "created_at",
            ],
            Self::Author => &["author", "authors", "byline", "creator"],
            Self::Url => &["url", "uri", "link", "canonical_url"],
        }
    }
}

/// What the user said about fields: pairs of what it is to the article and the field's name. Any key that is no
/// [`Role`] names a metadata key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    pairs: Vec<(String, String)>,
}

impl FieldMap {
    /// From `text=body,id=url,section=category`.
    pub fn parse(pairs: &str) -> Result<Self, Box<Problem>> {
        let mut map = Self::default();
        for pair in pairs.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some((key, field)) if !key.trim().is_empty() && !field.trim().is_empty() => {
                    map.set(key.trim(), field.trim());
                }
                _ => {
                    let sentence = format!("“{pair}” does not say which field is what");
                    let problem = Problem::error(Place::default(), sentence);
                    return Err(Box::new(problem.fix("Write pairs such as text=body,id=url")));
                }
            }
        }
        Ok(map)
    }

    /// Say that `field` is the article's `key`; replaces what was said about this key before.
    pub fn set(&mut self, key: impl Into<String>, field: impl Into<String>) {
        let (key, field) = (key.into(), field.into());
        self.pairs.retain(|(other, _)| *other != key);
        self.pairs.push((key, field));
    }

    /// The field that was named for `key`.
    pub fn field(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(other, _)| other == key).map(|(_, field)| field.as_str())
    }

    /// All pairs, in the order they were given.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, field)| (key.as_str(), field.as_str()))
    }

    /// The metadata key that was named for `field`, if it is not one of the roles.
    fn renamed(&self, field: &str) -> Option<&str> {
        let role = |key: &str| Role::ALL.iter().any(|role| role.key() == key);
        self.pairs.iter().find(|(key, other)| other == field && !role(key)).map(|(key, _)| key.as_str())
    }
}

/// The fields of one record or table by what they are: for each role the index of its field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles {
    fields: [Option<usize>; Role::ALL.len()],
}

impl Roles {
    /// As the map says; where it says nothing, the first of the role's names that is there and `fits`. An address may be
    /// both the id and the address; otherwise a field has one role.
    pub(super) fn of(map: &FieldMap, names: &[&str], fits: impl Fn(Role, usize) -> bool) -> Self {
        let mut roles = Self::default();
        for role in Role::ALL {
            roles.fields[role as usize] = match map.field(role.key()) {
                Some(field) => names.iter().position(|name| *name == field),
                None => role.names().iter().find_map(|known| {
                    let index = names.iter().position(|name| name.eq_ignore_ascii_case(known))?;
                    let taken = map.pairs().any(|(_, field)| field == names[index]);
                    (!taken && fits(role, index)).then_some(index)
                }),
            };
        }
        roles
    }

    /// The index of a role's field.
    pub(super) fn index(&self, role: Role) -> Option<usize> {
        self.fields[role as usize]
    }

    /// The metadata key of the field `index`, called `name`; `None` for the text and for a field that is only the id.
    pub(super) fn key<'n>(&self, map: &'n FieldMap, index: usize, name: &'n str) -> Option<&'n str> {
        if let Some(key) = map.renamed(name) {
            return Some(key);
        }
        let is = |role: &Role| self.index(*role) == Some(index);
        match Role::ALL[2..].iter().find(|role| is(role)) {
            Some(role) => Some(role.key()),
            None if is(&Role::Text) || is(&Role::Id) => None,
            None => Some(name),
        }
    }

    /// What a field was taken for, in a word.
    pub(super) fn taken_for<'n>(&self, map: &'n FieldMap, index: usize, name: &'n str) -> &'n str {
        match [Role::Text, Role::Id].iter().find(|role| self.index(**role) == Some(index)) {
            Some(role) => role.key(),
            None => self.key(map, index, name).unwrap_or(name),
        }
    }
}
