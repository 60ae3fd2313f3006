//! Where the cluster's files live and who owns them.
//!
//! ```text
//! <place>/               data_dir; or /var/lib/yukimichi/<hash> where root's stand-in can't reach data_dir
//!   start.lock cluster.lock
//!   postgres/            home: 0700, the cluster user's own
//!     data/              PGDATA
//!     socket/            0700; or /tmp/yukimichi-<hash> where that path is too long for a socket or has a comma
//!     postgres.log
//! ```

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::ClusterError;
use super::note;
use super::user::{self, Account};

const ELSEWHERE: &str = "/var/lib/yukimichi";
/// A socket's path may have 107 bytes on Linux, and 103 on others.
const LONGEST_SOCKET_PATH: usize = 100;
const SOCKET: &str = ".s.PGSQL.5432";

/// The folder of one cluster and its owner.
#[derive(Debug, Clone)]
pub(super) struct Home {
    /// Where the locks are.
    pub(super) place: PathBuf,
    pub(super) account: Account,
    data_dir: PathBuf,
    socket_dir: PathBuf,
}

impl Home {
    /// Decides where, and changes nothing but that `data_dir` exists: two processes decide the same.
    pub(super) fn find(data_dir: &Path) -> Result<Self, ClusterError> {
        fs::create_dir_all(data_dir).map_err(ClusterError::io("create", data_dir))?;
        let data_dir = data_dir
            .canonicalize()
            .map_err(ClusterError::io("find", data_dir))?;
        let me = user::myself()?;
        let place = match note::read(&data_dir)? {
            Some(place) => Some(place),
            None if me.uid != 0 || data_dir.join("postgres").exists() => Some(data_dir.clone()),
            None => None,
        };
        let owner = place
            .as_deref()
            .and_then(|place| owner_of(&place.join("postgres")));
        let account = match owner {
            Some(owner) if me.uid == 0 && owner.uid != 0 => Account {
                switch: true,
                ..owner
            },
            _ if me.uid == 0 => user::unprivileged()?,
            Some(owner) if owner.uid != me.uid => {
                let place = place.unwrap_or_default();
                return Err(ClusterError::unusable(
                    &place.join("postgres"),
                    format!(
                        "it belongs to user {} and you are {}; run as that user or root, or give another --data-dir",
                        owner.uid, me.uid
                    ),
                ));
            }
            _ => me,
        };
        let place = match place {
            Some(place) => place,
            None if account.reaches(&data_dir)? => data_dir.clone(),
            None => Path::new(ELSEWHERE).join(short_hash(&data_dir)),
        };
        let socket_dir = socket_dir_of(&place.join("postgres"));
        Ok(Self {
            place,
            account,
            data_dir,
            socket_dir,
        })
    }

    /// Makes the place, so that it can be locked.
    pub(super) fn make_place(&self) -> Result<(), ClusterError> {
        if self.place == self.data_dir {
            return Ok(());
        }
        for folder in self
            .place
            .parent()
            .into_iter()
            .chain([self.place.as_path()])
        {
            match fs::create_dir(folder) {
                // Said outright, whatever the umask: the cluster's user must get through.
                Ok(()) => fs::set_permissions(folder, Permissions::from_mode(0o755))
                    .map_err(ClusterError::io("open to all", folder))?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
                Err(error) => return Err(ClusterError::io("create", folder)(error)),
            }
        }
        Ok(())
    }

    /// Makes the home, the note and the socket's folder. Under `start.lock`.
    pub(super) fn make(&self) -> Result<(), ClusterError> {
        let root = self.root();
        match fs::DirBuilder::new().mode(0o700).create(&root) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(ClusterError::io("create", &root)(error));
            }
            _ => (),
        }
        if self.account.switch && owner_of(&root).is_some_and(|owner| owner.uid == 0) {
            lchown(&root, Some(self.account.uid), Some(self.account.gid))
                .map_err(ClusterError::io("give away", &root))?;
        }
        if self.place != self.data_dir && note::read(&self.data_dir)?.is_none() {
            note::write(&self.data_dir, &self.place)?;
        }
        if !self.account.reaches(&root)? {
            return Err(ClusterError::unusable(
                &root,
                format!(
                    "user {} who owns it can't get into it; let it through the folders above (chmod o+x), \
                     or run yukimichi as that user",
                    self.account.uid
                ),
            ));
        }
        self.make_socket_dir()
    }

    /// Makes the socket's folder as the cluster's user, and trusts one that is there only if it is that user's alone.
    ///
    /// This folder is all that keeps others out of the database (see `pg_hba.conf`: trust), and /tmp is everyone's.
    pub(super) fn make_socket_dir(&self) -> Result<(), ClusterError> {
        let folder = self.socket_dir();
        let mkdir = self
            .account
            .command(Path::new("mkdir"), Path::new("/"))
            .args(["-m", "700", "--"])
            .arg(folder)
            .output()
            .map_err(ClusterError::io("create", folder))?;
        let made = fs::symlink_metadata(folder).map_err(|error| {
            if mkdir.status.success() {
                ClusterError::io("look at", folder)(error)
            } else {
                ClusterError::unusable(folder, String::from_utf8_lossy(&mkdir.stderr).trim())
            }
        })?;
        let why = if !made.is_dir() {
            "it is no folder".to_owned()
        } else if made.uid() != self.account.uid {
            format!(
                "it belongs to user {}, not to {} who runs the database",
                made.uid(),
                self.account.uid
            )
        } else if made.mode() & 0o077 != 0 {
            format!("its mode {:o} lets others in", made.mode() & 0o7777)
        } else {
            return Ok(());
        };
        Err(ClusterError::unusable(
            folder,
            format!(
                "the database's socket must be in a private folder, but {why}; remove it, or give another --data-dir"
            ),
        ))
    }

    pub(super) fn root(&self) -> PathBuf {
        self.place.join("postgres")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root().join("postgres.log")
    }

    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir.join(SOCKET)
    }
}

fn socket_dir_of(root: &Path) -> PathBuf {
    let within = root.join("socket");
    let path = within.join(SOCKET);
    let bytes = path.as_os_str().as_encoded_bytes();
    // libpq takes a comma in its host for the next host.
    if bytes.len() <= LONGEST_SOCKET_PATH && !bytes.contains(&b',') {
        within
    } else {
        // Not $TMPDIR, which differs between those who must meet here.
        PathBuf::from(format!("/tmp/yukimichi-{}", short_hash(root)))
    }
}

fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn owner_of(path: &Path) -> Option<Account> {
    let found = fs::symlink_metadata(path).ok()?;
    Some(Account {
        uid: found.uid(),
        gid: found.gid(),
        switch: false,
    })
}
