//! Which of the installed PostgreSQLs is used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::ClusterError;

/// Older ones lack what our SQL uses.
const OLDEST: u32 = 15;
/// What a fresh machine is told to install: Debian 12's.
const SUGGESTED: u32 = 15;
const DEBIAN: &str = "/usr/lib/postgresql";

/// One installation's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) major: u32,
    folder: PathBuf,
    has_postgis: bool,
}

impl Binaries {
    /// The ones of the version that made `data`, or for data still to be made the newest.
    pub(super) fn find(data: &Path) -> Result<Self, ClusterError> {
        choose(installed(), major_of(data)?, data)
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The error that names the package which brings PostGIS for this PostgreSQL.
pub(super) fn no_postgis(major: u32) -> ClusterError {
    ClusterError::NotInstalled {
        why: format!("PostgreSQL {major} is installed, but not PostGIS for it"),
        packages: format!("postgresql-{major}-postgis-3"),
    }
}

fn choose(
    mut found: Vec<Binaries>,
    needed: Option<u32>,
    data: &Path,
) -> Result<Binaries, ClusterError> {
    if let Some(major) = needed {
        return found
            .into_iter()
            .find(|one| one.major == major)
            .ok_or_else(|| ClusterError::NotInstalled {
                why: format!(
                    "the database in {} was made by PostgreSQL {major}, which is not installed",
                    data.display()
                ),
                packages: format!("postgresql-{major} postgresql-{major}-postgis-3"),
            });
    }
    found.retain(|one| one.major >= OLDEST);
    found.sort_by_key(|one| (one.has_postgis, one.major));
    let Some(best) = found.pop() else {
        return Err(ClusterError::NotInstalled {
            why: format!("no PostgreSQL {OLDEST} or newer found in {DEBIAN} or by pg_config"),
            packages: format!("postgresql postgresql-{SUGGESTED}-postgis-3"),
        });
    };
    if best.has_postgis {
        Ok(best)
    } else {
        Err(no_postgis(best.major))
    }
}

fn major_of(data: &Path) -> Result<Option<u32>, ClusterError> {
    let path = data.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => match text.trim().parse() {
            Ok(major) => Ok(Some(major)),
            Err(_) => Err(ClusterError::unusable(
                &path,
                format!(
                    "it holds {:?} and no version; bring the folder back from a copy",
                    text.trim()
                ),
            )),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("read", &path)(error)),
    }
}

fn installed() -> Vec<Binaries> {
    let mut found: Vec<_> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            let share = PathBuf::from(format!("/usr/share/postgresql/{major}"));
            complete(major, entry.path().join("bin"), &share)
        })
        .collect();
    if let Some(one) = by_pg_config()
        && !found.iter().any(|other| other.major == one.major)
    {
        found.push(one);
    }
    found
}

fn by_pg_config() -> Option<Binaries> {
    let ask = |what: &str| {
        let output = Command::new("pg_config")
            .arg(what)
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let version = ask("--version")?; // "PostgreSQL 15.14 (Debian 15.14-0+deb12u1)", "PostgreSQL 18beta1"
    let number = version.split_whitespace().nth(1)?;
    let major = number
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()?;
    complete(
        major,
        PathBuf::from(ask("--bindir")?),
        Path::new(&ask("--sharedir")?),
    )
}

fn complete(major: u32, folder: PathBuf, share: &Path) -> Option<Binaries> {
    let all = ["postgres", "initdb", "pg_ctl", "pg_isready"]
        .iter()
        .all(|name| folder.join(name).is_file());
    let has_postgis = share.join("extension/postgis.control").is_file();
    all.then_some(Binaries {
        major,
        folder,
        has_postgis,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn one(major: u32, has_postgis: bool) -> Binaries {
        Binaries {
            major,
            folder: PathBuf::from(format!("/pg/{major}")),
            has_postgis,
        }
    }

    fn chosen(found: Vec<Binaries>, needed: Option<u32>) -> Result<u32, String> {
        choose(found, needed, Path::new("/d"))
            .map(|one| one.major)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_newest_that_has_postgis_is_taken() {
        assert_eq!(
            chosen(vec![one(15, true), one(17, true), one(16, true)], None),
            Ok(17)
        );
        assert_eq!(chosen(vec![one(15, true), one(17, false)], None), Ok(15));
        assert_eq!(chosen(vec![one(14, true), one(15, true)], None), Ok(15));
    }

    #[test]
    fn existing_data_decide_the_version() {
        assert_eq!(chosen(vec![one(15, true), one(17, true)], Some(15)), Ok(15));
        let refusal = chosen(vec![one(17, true)], Some(15)).unwrap_err();
        assert!(
            refusal.contains("/d was made by PostgreSQL 15"),
            "{refusal}"
        );
        assert!(
            refusal.contains("apt install postgresql-15 postgresql-15-postgis-3"),
            "{refusal}"
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let nothing = chosen(vec![one(14, true)], None).unwrap_err();
        assert!(
            nothing.ends_with("apt install postgresql postgresql-15-postgis-3"),
            "{nothing}"
        );
        let no_postgis = chosen(vec![one(16, false)], None).unwrap_err();
        assert!(
            no_postgis.ends_with("apt install postgresql-16-postgis-3"),
            "{no_postgis}"
        );
    }
}
