//! Migrations: a new file, a known one, one from the future.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

fn version(connection: &Connection) -> u32 {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_new_file_gets_every_version_and_a_known_one_is_left_alone() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection).unwrap();
    assert_eq!(version(&connection), MIGRATIONS.len() as u32);
    connection.execute("INSERT INTO logs VALUES ('r', 1, 2, 's', 1, 'stdout', 'text')", []).unwrap();
    migrate(&mut connection).unwrap();
    let lines: i64 = connection.query_row("SELECT count(*) FROM logs", [], |row| row.get(0)).unwrap();
    assert_eq!(lines, 1);
}

#[test]
fn a_file_of_a_newer_program_is_refused_untouched() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let error = migrate(&mut connection).unwrap_err();
    assert!(matches!(&error, LedgerError::Corrupt(why) if why.contains("version 99")), "{error}");
    assert_eq!(version(&connection), 99);
}

#[test]
fn every_table_is_either_history_or_a_view() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection).unwrap();
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut expected: Vec<&str> =
        VIEW_TABLES.iter().copied().chain(["catalogue_changes", "entries", "logs", "uploads"]).collect();
    expected.sort_unstable();
    assert_eq!(tables, expected, "a new table has to be thrown away by a rebuild, or be history");
}
