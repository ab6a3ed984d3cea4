//! [`System`]: where Linux, Windows and macOS differ in what keys can be had: those a system keeps for itself, and the defaults that
//! are others there because of it.

use super::Action;
use super::keymap::{Chord, Key};

/// The systems the program runs on, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    Linux,
    Windows,
    MacOs,
}

impl System {
    pub const ALL: [Self; 3] = [Self::Linux, Self::Windows, Self::MacOs];

    /// The one this program was built for; whatever is neither Windows nor macOS is counted as Linux.
    pub const HERE: Self = if cfg!(target_os = "macos") {
        Self::MacOs
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Linux
    };

    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
        }
    }

    /// The default keys of an action here, the first one shown.
    pub fn defaults(self, action: &Action) -> Vec<Chord> {
        let info = action.info();
        let own = MACOS.iter().find(|(id, _)| self == Self::MacOs && *id == info.id).map(|(_, keys)| *keys);
        own.unwrap_or(info.keys).iter().filter_map(|key| Chord::parse(key)).collect()
    }

    /// The chord that arms a label with this digit: ⇧⌘ and a digit takes pictures of the screen on macOS.
    pub(super) fn arms(self, digit: char) -> Chord {
        let mac = self == Self::MacOs;
        Chord { ctrl: true, alt: mac, shift: !mac, key: Key::Char(digit) }
    }

    /// Why no action can have this chord; `None`: it can be had. What the kept chord does anyway, an action may well stand for.
    pub fn keeps(self, chord: Chord, action: &Action) -> Option<&'static str> {
        let same = matches!(
            (action.info().id, chord.to_string().as_str()),
            ("copy", "Ctrl+C") | ("quit", "Ctrl+Q") | ("escape", "Esc") | ("full-screen", "F11")
        );
        if same {
            return None;
        }
        let here = |systems: &[Self]| systems.contains(&self);
        let listed = KEPT.iter().find(|(systems, keys, _)| {
            here(systems) && keys.split_whitespace().any(|key| Chord::parse(key) == Some(chord))
        });
        if let Some((_, _, why)) = listed {
            return Some(why);
        }
        let character = matches!(chord.key, Key::Char(_));
        match self {
            Self::Windows if chord.ctrl && chord.alt && character => Some("AltGr types with it on many keyboards"),
            Self::Linux if chord.ctrl && chord.alt && matches!(chord.key, Key::F(_)) => {
                Some("The system goes to another terminal with it")
            }
            _ => None,
        }
    }
}

const ALL: &[System] = &System::ALL;
const PCS: &[System] = &[System::Linux, System::Windows];
const LINUX: &[System] = &[System::Linux];
const WINDOWS: &[System] = &[System::Windows];
const MAC: &[System] = &[System::MacOs];

/// What the systems and the window keep for themselves, and what it does there. `Ctrl` is ⌘ on macOS.
const KEPT: &[(&[System], &str, &str)] = &[
    (ALL, "Ctrl+C Ctrl+X Ctrl+V", "Copies, cuts and pastes everywhere"),
    (ALL, "Ctrl++ Ctrl+= Ctrl+- Ctrl+0", "Zooms the window"),
    (ALL, "Ctrl+Q", "Quits"),
    (ALL, "Esc", "Closes and leaves, always"),
    (PCS, "Alt+F4", "Closes the window"),
    (PCS, "Alt+Tab Alt+Shift+Tab Alt+Esc", "Goes to another window"),
    (PCS, "Alt+Space", "Opens the menu of the window"),
    (PCS, "Ctrl+Alt+Delete", "Belongs to the system"),
    (LINUX, "Alt+F1 Alt+F2 Alt+F7 Alt+F8 Alt+F10", "Belongs to the desktop"),
    (LINUX, "Ctrl+Alt+Left Ctrl+Alt+Right Ctrl+Alt+Up Ctrl+Alt+Down", "Goes to another workspace"),
    (LINUX, "Ctrl+Alt+T Ctrl+Alt+L", "Belongs to the desktop"),
    (LINUX, "Ctrl+Shift+U", "Begins a character by its code"),
    (WINDOWS, "Ctrl+Esc Ctrl+Shift+Esc", "Belongs to the system"),
    (WINDOWS, "Shift+Delete", "Cuts"),
    (MAC, "Ctrl+Shift+Q", "Logs out"),
    (MAC, "Ctrl+H Ctrl+Alt+H Ctrl+M Ctrl+Alt+M", "Hides the window"),
    (MAC, "Ctrl+Tab Ctrl+Shift+Tab Ctrl+`", "Goes to another window"),
    (MAC, "Ctrl+Space Ctrl+Alt+Space Ctrl+Alt+Esc Ctrl+Alt+D F11", "Belongs to the system"),
    (MAC, "Ctrl+Shift+3 Ctrl+Shift+4 Ctrl+Shift+5 Ctrl+Shift+6", "Takes a picture of the screen"),
    (MAC, "Ctrl+Shift+/ Ctrl+?", "Opens the help menu"),
];

/// Defaults that are others on macOS: ⌥ goes by words there, ⌘ to the ends of the line, and ⌘M, F11 are the system's.
const MACOS: &[(&str, &[&str])] = &[
    ("word-left", &["Alt+Left"]),
    ("word-right", &["Alt+Right"]),
    ("extend-word-left", &["Alt+Shift+Left"]),
    ("extend-word-right", &["Alt+Shift+Right"]),
    ("line-start", &["Home", "Ctrl+Left"]),
    ("line-end", &["End", "Ctrl+Right"]),
    ("extend-line-start", &["Shift+Home", "Ctrl+Shift+Left"]),
    ("extend-line-end", &["Shift+End", "Ctrl+Shift+Right"]),
    ("back", &["Ctrl+Alt+Left"]),
    ("forward", &["Ctrl+Alt+Right"]),
    ("note", &["Ctrl+Shift+M"]),
    ("full-screen", &["Ctrl+Alt+F"]),
];
