//! Full stops that end no sentence: abbreviations, and the words by which a new sentence is known after one that may end it.
//!
//! English first; then what German, French, Spanish, Italian and Russian news have most.

/// What an abbreviation's full stop says about the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// A name or more of the sentence follows: never an end.
    Never,
    /// No end before a number.
    BeforeNumber,
    /// An end only if a word follows that begins sentences.
    Maybe,
}

/// Before a name.
const TITLES: &[&str] = &[
    "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "Sgt", "Capt", "Cmdr", "Cpl",
    "Pvt", "Adm", "Maj", "Brig", "Rev", "Hon", "Pres", "Supt", "Insp", "Det", "Messrs", "St", "Ste", "Mt", "Ft", "Mme",
    "Mlle", "Mgr", "Sra", "Srta", "Dra", "Sig", "Dott", "Ing", "Hr", "Hrsg", "Frl", "Fr", "им", "ул", "акад", "проф",
];

/// In the middle of a sentence, whatever follows.
const INNER: &[&str] = &[
    "e.g", "i.e", "vs", "cf", "viz", "approx", "ca", "bzw", "vgl", "evtl", "ggf", "sog", "bspw", "z.B", "d.h", "u.a",
    "т.е", "см", "напр",
];

/// Before a number.
const NUMBERED: &[&str] = &[
    "No", "Nos", "no", "nos", "Nr", "nr", "Art", "art", "Abs", "Fig", "fig", "Figs", "Vol", "vol", "Ch", "ch", "Sec",
    "sec", "pp", "p", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "núm",
    "стр",
];

/// At the end of a name, an amount, an address.
const AMBIGUOUS: &[&str] = &[
    "Inc", "Ltd", "Co", "Corp", "Bros", "Jr", "Sr", "Esq", "Ave", "Blvd", "Rd", "Dept", "Univ", "Assn", "Ala", "Ariz",
    "Ark", "Calif", "Colo", "Conn", "Fla", "Ga", "Ky", "Md", "Mich", "Minn", "Mo", "Mont", "Neb", "Nev", "Okla", "Pa",
    "Tenn", "Tex", "Va", "Vt", "Wis", "Wyo", "Mio", "Mrd", "usw", "Std", "Tel", "гг", "др", "руб", "тыс", "млн",
    "млрд", "Ud", "Uds",
];

/// Abbreviations that are no words otherwise: their full stop belongs to them even where a word is marked.
const KEEP_DOT: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "Sgt", "Capt", "Inc", "Ltd", "Co",
    "Corp", "Bros", "Jr", "Sr", "St", "vs", "etc",
];

/// Words that begin sentences and no names.
const STARTERS: &[&str] = &[
    "The",
    "This",
    "That",
    "These",
    "Those",
    "There",
    "Then",
    "Their",
    "They",
    "He",
    "She",
    "It",
    "Its",
    "We",
    "I",
    "You",
    "His",
    "Her",
    "Our",
    "My",
    "In",
    "On",
    "At",
    "By",
    "For",
    "From",
    "With",
    "After",
    "Before",
    "When",
    "While",
    "Where",
    "Who",
    "Why",
    "What",
    "How",
    "If",
    "As",
    "But",
    "And",
    "Or",
    "Yet",
    "So",
    "No",
    "Not",
    "Also",
    "Although",
    "Though",
    "However",
    "Meanwhile",
    "Since",
    "Some",
    "Many",
    "Most",
    "Another",
    "Others",
    "Other",
    "Both",
    "Each",
    "All",
    "Asked",
    "According",
    "Earlier",
    "Later",
    "Last",
    "Now",
    "Once",
    "Until",
    "During",
    "Despite",
    "Because",
    "An",
    "Er",
    "Sie",
    "Es",
    "Wir",
    "Ich",
    "Im",
    "Am",
    "Auf",
    "Mit",
    "Nach",
    "Bei",
    "Doch",
    "Aber",
    "Und",
    "Il",
    "Elle",
    "Ils",
    "Nous",
    "Dans",
    "Mais",
    "Cette",
    "En",
    "Pero",
    "Según",
    "Он",
    "Она",
    "Они",
    "Это",
    "Но",
    "Мы",
    "Как",
    "Также",
];

/// Words that begin sentences, and some names too: they count except after an initial (`Ursula K. Le Guin`).
const ARTICLES: &[&str] = &[
    "A", "Der", "Die", "Das", "Ein", "Eine", "Le", "La", "Les", "Un", "Une", "El", "Los", "Las", "В", "На", "По", "И",
];

/// What follows a day's number and its full stop in German.
const AFTER_ORDINAL: &[&str] = &[
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
    "Jahrhundert",
];

/// What `word`, found before a full stop, is; `None` for a word like others.
pub(super) fn classify(word: &str) -> Option<Abbreviation> {
    let shouted = word.chars().nth(1).is_some() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let among =
        |list: &[&str]| list.iter().any(|known| *known == word || (shouted && known.eq_ignore_ascii_case(word)));
    if among(TITLES) || INNER.contains(&word) {
        Some(Abbreviation::Never)
    } else if NUMBERED.contains(&word) {
        Some(Abbreviation::BeforeNumber)
    } else if among(AMBIGUOUS) || is_letter(word) || super::join::is_dotted(word) {
        Some(Abbreviation::Maybe)
    } else {
        None
    }
}

/// The full stop after `word` is a part of it.
pub(super) fn keeps_dot(word: &str) -> bool {
    KEEP_DOT.contains(&word)
}

/// `next`, after the full stop of `abbreviation`, begins a sentence.
pub(super) fn starts_sentence(next: &str, abbreviation: &str) -> bool {
    STARTERS.contains(&next) || (ARTICLES.contains(&next) && !is_letter(abbreviation))
}

/// `3.` before `next` is an ordinal: `3. Oktober`.
pub(super) fn follows_ordinal(next: &str) -> bool {
    AFTER_ORDINAL.contains(&next)
}

fn is_letter(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none()
}
