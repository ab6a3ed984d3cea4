//! Where a project's database may lie: on a local disk. The database's log needs memory shared between processes, which network file systems
//! do not give, and programs that copy folders into a cloud copy a database in pieces.

use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    pub at: PathBuf,
    /// As the system calls it: `ext4`, `nfs4`, `fuse.sshfs`.
    pub kind: String,
}

/// The file systems that are mounted; nothing where the system has no list we can read.
pub fn mounts() -> Vec<Mount> {
    fs::read_to_string("/proc/mounts").map(|table| Mount::table(&table)).unwrap_or_default()
}

impl Mount {
    /// From the lines of `/proc/mounts`: device, place, kind, options; blanks in names are `\040`.
    pub fn table(table: &str) -> Vec<Self> {
        let mount = |line: &str| {
            let mut fields = line.split(' ');
            let at = fields.nth(1)?;
            Some(Self { at: PathBuf::from(unescaped(at)), kind: fields.next()?.to_owned() })
        };
        table.lines().filter_map(mount).collect()
    }
}

fn unescaped(name: &str) -> String {
    let codes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    codes.iter().fold(name.to_owned(), |name, (code, character)| name.replace(code, character))
}

/// Why a folder is no place for a database: it is on a network, or copied to a cloud. `None`: it is fine.
pub fn why_not_here(folder: &Path, mounts: &[Mount]) -> Option<String> {
    const NETWORK: [&str; 14] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "davfs",
        "lustre",
        "ncpfs",
        "vboxsf",
        "prl_fs",
    ];
    // The longest place that holds the folder; of two on the same place the later one covers the other.
    let holder =
        mounts.iter().filter(|mount| folder.starts_with(&mount.at)).max_by_key(|mount| mount.at.components().count());
    if let Some(mount) = holder
        && (NETWORK.contains(&mount.kind.as_str()) || mount.kind.starts_with("fuse."))
    {
        return Some(format!("it is on a network file system ({})", mount.kind));
    }
    let is_cloud = |name: &str| {
        let name = name.to_lowercase();
        ["dropbox", "onedrive", "google drive", "googledrive", "icloud", "nextcloud", "my drive"].iter().any(|cloud| {
            name == *cloud || name.strip_prefix(cloud).is_some_and(|rest| rest.starts_with([' ', '-', '_', '(']))
        }) || name == "com~apple~clouddocs"
    };
    let names = folder.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names.into_iter().find(|name| is_cloud(name)).map(|name| format!("the folder {name} is copied to a cloud"))
}

/// The user's folder for data that stays on this machine.
pub(super) fn local_data() -> PathBuf {
    let user = directories::ProjectDirs::from("", "", "spanwright");
    user.map_or_else(|| std::env::temp_dir().join("spanwright"), |user| user.data_local_dir().to_owned())
}

/// Where the database of a project lies that cannot hold its own: by its id and its place, so that copies do not share one.
pub(super) fn local_store(local: &Path, id: &str, folder: &Path) -> PathBuf {
    let hash = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let place = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    local.join("stores").join(format!("{id}-{place:08x}"))
}

/// Files can be made in the folder.
pub(super) fn is_writable(folder: &Path) -> bool {
    tempfile::Builder::new().prefix(super::disk::UNFINISHED).tempfile_in(folder).is_ok()
}
