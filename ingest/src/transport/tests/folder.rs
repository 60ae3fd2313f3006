use crate::transport::{FileOutcome, FolderError, WatchedFolder};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::path::Path;

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-01-15T06:00:00+09:00".parse().unwrap();
    start
        .saturating_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

fn names(folder: &mut WatchedFolder, seconds: i64) -> Vec<String> {
    let look = folder.look(at(seconds)).unwrap();
    look.ready.into_iter().map(|f| f.name).collect()
}

fn listing(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .map(|entries| {
            entries
                .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn a_file_is_ready_only_when_it_stood_still_for_five_seconds() {
    let drop = tempfile::tempdir().unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    fs::write(drop.path().join("a.csv"), "1").unwrap();
    assert_eq!(names(&mut folder, 0), Vec::<String>::new());
    assert_eq!(names(&mut folder, 4), Vec::<String>::new());
    // Still being written: it starts anew.
    fs::write(drop.path().join("a.csv"), "12").unwrap();
    assert_eq!(names(&mut folder, 5), Vec::<String>::new());
    assert_eq!(names(&mut folder, 9), Vec::<String>::new());
    assert_eq!(names(&mut folder, 10), ["a.csv"]);
    let look = folder.look(at(11)).unwrap();
    assert_eq!(folder.read(&look.ready[0], 2).unwrap(), b"12");
}

#[test]
fn unfinished_names_links_and_folders_are_passed_over() {
    let drop = tempfile::tempdir().unwrap();
    let elsewhere = drop.path().join("secret");
    fs::create_dir(drop.path().join("sub")).unwrap();
    for name in [
        ".a.csv",
        "a.csv.part",
        "a.FILEPART",
        "b.tmp",
        "~$c.xlsx",
        "sub/d.csv",
    ] {
        fs::write(drop.path().join(name), "x").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", &elsewhere).unwrap();
    fs::write(drop.path().join("good.csv"), "x").unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    assert_eq!(folder.look(at(0)).unwrap().unsteady, 1);
    assert_eq!(names(&mut folder, 60), ["good.csv"]);
}

#[test]
fn nothing_moves_before_it_is_settled_and_nothing_is_overwritten() {
    let drop = tempfile::tempdir().unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    for (i, outcome) in [
        FileOutcome::Taken,
        FileOutcome::Taken,
        FileOutcome::Failed("line 1: no header".to_owned()),
    ]
    .iter()
    .enumerate()
    {
        fs::write(drop.path().join("a.csv"), format!("{i}")).unwrap();
        let start = 100 * i as i64;
        assert_eq!(names(&mut folder, start), Vec::<String>::new());
        let look = folder.look(at(start + 10)).unwrap();
        assert!(drop.path().join("a.csv").exists());
        folder.settle(&look.ready[0], outcome).unwrap();
        assert!(!drop.path().join("a.csv").exists());
    }
    assert_eq!(listing(&drop.path().join("done")), ["a-2.csv", "a.csv"]);
    assert_eq!(
        listing(&drop.path().join("failed")),
        ["a.csv", "a.csv.reason.txt"]
    );
    assert_eq!(
        fs::read_to_string(drop.path().join("failed/a.csv.reason.txt")).unwrap(),
        "line 1: no header\n"
    );
    assert_eq!(names(&mut folder, 1000), Vec::<String>::new());
}

#[test]
fn a_file_written_to_after_the_look_stays() {
    let drop = tempfile::tempdir().unwrap();
    let path = drop.path().join("a.csv");
    fs::write(&path, "1").unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    folder.look(at(0)).unwrap();
    let look = folder.look(at(10)).unwrap();
    fs::write(&path, "123").unwrap();
    let error = folder.read(&look.ready[0], 100).unwrap_err();
    assert!(matches!(error, FolderError::Changed { .. }), "{error}");
    folder.settle(&look.ready[0], &FileOutcome::Taken).unwrap();
    assert!(path.exists());
    assert_eq!(names(&mut folder, 20), Vec::<String>::new());
    assert_eq!(names(&mut folder, 30), ["a.csv"]);
}

#[test]
fn a_file_that_is_too_large_says_so() {
    let drop = tempfile::tempdir().unwrap();
    fs::write(drop.path().join("a.csv"), "12345").unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    folder.look(at(0)).unwrap();
    let look = folder.look(at(10)).unwrap();
    let error = folder.read(&look.ready[0], 4).unwrap_err();
    assert_eq!(error.to_string(), "a.csv: larger than 4 bytes");
}

#[test]
fn a_file_that_cannot_be_moved_is_not_taken_twice() {
    let drop = tempfile::tempdir().unwrap();
    fs::write(drop.path().join("a.csv"), "1").unwrap();
    // A file where the folder should be.
    fs::write(drop.path().join("done"), "").unwrap();
    let mut folder = WatchedFolder::new(drop.path());
    folder.look(at(0)).unwrap();
    let look = folder.look(at(10)).unwrap();
    let file = look.ready.iter().find(|f| f.name == "a.csv").unwrap();
    folder.settle(file, &FileOutcome::Taken).unwrap_err();
    let look = folder.look(at(20)).unwrap();
    assert_eq!(look.stuck, ["a.csv"]);
    assert!(look.ready.iter().all(|f| f.name != "a.csv"));
}

#[test]
fn a_folder_that_is_not_there_says_which() {
    let error = WatchedFolder::new("/nowhere/drop").look(at(0)).unwrap_err();
    assert!(error.to_string().contains("/nowhere/drop"), "{error}");
}
