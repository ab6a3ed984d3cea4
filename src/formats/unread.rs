//! Files that are data and are not read: what each is, and what to do so that it can be.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::text::{Place, Problem};

/// What comes with an Arrow data set, or with any of Hugging Face, and is no text.
pub(super) const BESIDE: [&str; 4] = ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"];

/// Why a file is not read, where that is known by its first bytes.
pub(super) fn unread(path: &Path) -> Option<Problem> {
    let mut start = Vec::new();
    File::open(path).ok()?.take(64).read_to_end(&mut start).ok()?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let (sentence, fix) = match start.as_slice() {
        start if start.starts_with(b"version https://git-lfs.github.com/spec/") => (
            "it is what Git LFS leaves in the place of a file that was not fetched",
            "Run git lfs pull in the repository and import the file again",
        ),
        start if start.starts_with(b"ARROW1") || (ending == "arrow" && start.starts_with(&[0xff; 4])) => (
            "it is an Arrow file, as datasets saves them to disk, which is not read",
            "Write Parquet in Python, each part by itself: datasets.load_from_disk(\"FOLDER\").to_parquet(\"data.parquet\")",
        ),
        [0x80, 2..=5, ..] if ["pkl", "pickle", "p"].contains(&ending.as_str()) => (
            "it is a pickle of Python, which is a program and not read",
            "Write JSON in Python: json.dump(pickle.load(open(\"FILE\", \"rb\")), open(\"data.json\", \"w\"))",
        ),
        _ => return None,
    };
    Some(Problem::error(Place::file(path.display().to_string()), sentence).fix(fix))
}
