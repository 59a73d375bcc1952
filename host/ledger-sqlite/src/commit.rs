//! One group of jobs, one transaction, one disk sync.
//! Never tells of a position that is not durable.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use host_base::{ArtifactRef, Millis, RunId};
use host_ledger::catalogue;
use host_ledger::derive::{self, ArtifactPosition, ViewRows as _};
use host_ledger::encoding::EncodedEntry;
use host_ledger::{ArtifactRecord, CatalogueChange, Entry, LedgerError, LogLine, NewEntry, Sequence};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::columns::{json, to_json, unsigned};
use crate::connection::{Durability, set_durability};
use crate::error::sqlite;
use crate::queries;
use crate::rows::Rows;
use crate::schema::VIEW_TABLES;
use crate::writer::{Counters, Job, Reply};

/// The writing connection and what it last committed.
pub(crate) struct Committer {
    connection: Connection,
    counters: Arc<Counters>,
    last_entry: Sequence,
    /// What a commit waits for at present.
    durability: Durability,
}

/// A job that a transaction can hold, with the answer it will get.
enum Write {
    Append { entries: Vec<Entry>, encoded: Vec<EncodedEntry>, reply: Reply<Vec<Sequence>> },
    Upload { artifact: ArtifactRef, at_millis: Millis, reply: Reply<()> },
    Catalogue { at_millis: Millis, changes: Vec<CatalogueChange>, encoded: Vec<String>, reply: Reply<()> },
    Logs { run: RunId, lines: Vec<LogLine> },
}

impl Committer {
    pub(crate) fn new(connection: Connection, counters: Arc<Counters>) -> Result<Self, LedgerError> {
        let last_entry = queries::last_entry(&connection)?;
        set_durability(&connection, Durability::Disk)?;
        Ok(Self { connection, counters, last_entry, durability: Durability::Disk })
    }

    /// Carries out a group in order. Gives back whoever asked for the end.
    pub(crate) fn carry_out(&mut self, jobs: Vec<Job>) -> Option<Reply<()>> {
        let mut writes = Vec::with_capacity(jobs.len());
        let mut flushed = Vec::new();
        let mut close = None;
        for job in jobs {
            match job {
                Job::Append { entries, encoded, reply } => {
                    let entries = entries.into_iter().map(without_position).collect();
                    writes.push(Write::Append { entries, encoded, reply });
                }
                Job::Upload { artifact, at_millis, reply } => writes.push(Write::Upload { artifact, at_millis, reply }),
                Job::Catalogue { at_millis, changes, encoded, reply } => {
                    writes.push(Write::Catalogue { at_millis, changes, encoded, reply });
                }
                Job::Logs { run, lines } => writes.push(Write::Logs { run, lines }),
                Job::Flush { reply } => flushed.push(reply),
                Job::Rebuild { reply } => {
                    self.commit(std::mem::take(&mut writes));
                    let _ = reply.send(self.rebuild());
                }
                Job::Close { reply } => close = Some(reply),
            }
            if close.is_some() {
                break;
            }
        }
        self.commit(writes);
        for reply in flushed {
            // Whoever asked may have gone away meanwhile; here and below that is no failure.
            let _ = reply.send(Ok(()));
        }
        close
    }

    /// Folds the write-ahead log into the database.
    pub(crate) fn close(&mut self) -> Result<(), LedgerError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sqlite)
    }

    /// Commits all together; should that fail, each half for itself, down to the one that is at fault.
    fn commit(&mut self, mut writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        match self.try_commit(&mut writes) {
            Ok(()) => self.answer(writes, &Ok(())),
            Err(error) if writes.len() == 1 => self.answer(writes, &Err(error)),
            Err(_) => {
                let second_half = writes.split_off(writes.len() / 2);
                self.commit(writes);
                self.commit(second_half);
            }
        }
    }

    fn try_commit(&mut self, writes: &mut [Write]) -> Result<(), LedgerError> {
        // Lines may be lost by a power cut, so that a commit of lines alone waits for no disk.
        let lines_only = writes.iter().all(|write| matches!(write, Write::Logs { .. }));
        self.commit_with(if lines_only { Durability::System } else { Durability::Disk })?;
        self.last_entry = self.try_transaction(writes)?;
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Sets what the next commit waits for.
    fn commit_with(&mut self, durability: Durability) -> Result<(), LedgerError> {
        if self.durability != durability {
            set_durability(&self.connection, durability)?;
            self.durability = durability;
        }
        Ok(())
    }

    fn try_transaction(&mut self, writes: &mut [Write]) -> Result<Sequence, LedgerError> {
        let mut last_entry = self.last_entry;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        for write in writes {
            match write {
                Write::Append { entries, encoded, .. } => {
                    last_entry = append(&transaction, last_entry, entries, encoded)?;
                }
                Write::Upload { artifact, at_millis, .. } => upload(&transaction, last_entry, artifact, *at_millis)?,
                Write::Catalogue { at_millis, changes, encoded, .. } => {
                    change_catalogue(&transaction, *at_millis, changes, encoded)?;
                }
                Write::Logs { run, lines } => append_logs(&transaction, run, lines)?,
            }
        }
        transaction.commit().map_err(sqlite)?;
        Ok(last_entry)
    }

    fn answer(&self, writes: Vec<Write>, result: &Result<(), LedgerError>) {
        for write in writes {
            match write {
                Write::Append { entries, reply, .. } => {
                    let sequences = || entries.iter().map(|entry| entry.sequence).collect();
                    let _ = reply.send(result.clone().map(|()| sequences()));
                }
                Write::Upload { reply, .. } | Write::Catalogue { reply, .. } => {
                    let _ = reply.send(result.clone());
                }
                Write::Logs { run, lines } => {
                    self.counters.waiting_logs.fetch_sub(1, Ordering::AcqRel);
                    if let Err(error) = result {
                        tracing::error!(%run, %error, lines = lines.len(), "log lines were lost");
                    }
                }
            }
        }
    }

    fn rebuild(&mut self) -> Result<(), LedgerError> {
        self.commit_with(Durability::Disk)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        for table in VIEW_TABLES {
            transaction.execute(&format!("DELETE FROM {table}"), []).map_err(sqlite)?;
        }
        derive_all(&transaction)?;
        transaction.commit().map_err(sqlite)?;
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn without_position(entry: NewEntry) -> Entry {
    let NewEntry { run, at_millis, event, facts } = entry;
    Entry { sequence: 0, run, at_millis, event, facts }
}

fn append(
    connection: &Connection,
    mut last_entry: Sequence,
    entries: &mut [Entry],
    encoded: &[EncodedEntry],
) -> Result<Sequence, LedgerError> {
    let told = entries.iter().map(|entry| (&entry.run, entry.facts.as_slice()));
    derive::check(told, |run| queries::is_known_run(connection, run))?;
    let mut insert = connection
        .prepare_cached("INSERT INTO entries (sequence, run, at_millis, event, facts) VALUES (?1, ?2, ?3, ?4, ?5)")
        .map_err(sqlite)?;
    for (entry, text) in entries.iter_mut().zip(encoded) {
        last_entry += 1;
        entry.sequence = last_entry;
        let (sequence, at_millis) = (entry.sequence.cast_signed(), entry.at_millis.cast_signed());
        insert.execute(params![sequence, entry.run.as_str(), at_millis, text.event, text.facts]).map_err(sqlite)?;
        derive::apply(&mut Rows(connection), entry)?;
    }
    Ok(last_entry)
}

fn upload(
    connection: &Connection,
    last_entry: Sequence,
    artifact: &ArtifactRef,
    at_millis: Millis,
) -> Result<(), LedgerError> {
    if queries::artifact(connection, &artifact.digest.to_string())?.is_some() {
        return Ok(());
    }
    let (after_entry, at, json) = (last_entry.cast_signed(), at_millis.cast_signed(), to_json(artifact)?);
    connection
        .prepare_cached("INSERT INTO uploads (after_entry, at_millis, artifact) VALUES (?1, ?2, ?3)")
        .and_then(|mut insert| insert.execute(params![after_entry, at, json]))
        .map_err(sqlite)?;
    let number = connection.last_insert_rowid().cast_unsigned();
    let record = ArtifactRecord::uploaded(artifact.clone(), at_millis);
    Rows(connection).put_artifact(ArtifactPosition::of_upload(last_entry, number), record)
}

fn change_catalogue(
    connection: &Connection,
    at_millis: Millis,
    changes: &[CatalogueChange],
    encoded: &[String],
) -> Result<(), LedgerError> {
    let mut insert = connection
        .prepare_cached("INSERT INTO catalogue_changes (at_millis, change) VALUES (?1, ?2)")
        .map_err(sqlite)?;
    for (change, text) in changes.iter().zip(encoded) {
        insert.execute(params![at_millis.cast_signed(), text]).map_err(sqlite)?;
        let position = connection.last_insert_rowid().cast_unsigned();
        catalogue::apply(&mut Rows(connection), position, at_millis, change)?;
    }
    Ok(())
}

fn append_logs(connection: &Connection, run: &RunId, lines: &[LogLine]) -> Result<(), LedgerError> {
    let mut last = connection
        .prepare_cached("SELECT coalesce(max(sequence), 0) FROM logs WHERE run = ?1")
        .and_then(|mut newest| newest.query_row([run.as_str()], |row| row.get::<_, i64>(0)))
        .map_err(sqlite)?;
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO logs (run, sequence, at_millis, step, attempt, stream, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map_err(sqlite)?;
    for line in lines {
        last += 1;
        let at = line.at_millis.cast_signed();
        insert
            .execute(params![run.as_str(), last, at, line.step, line.attempt, line.stream, line.text])
            .map_err(sqlite)?;
    }
    Ok(())
}

fn derive_all(connection: &Connection) -> Result<(), LedgerError> {
    let mut history = connection
        .prepare("SELECT sequence, run, at_millis, event, facts FROM entries ORDER BY sequence")
        .map_err(sqlite)?;
    let mut rows = history.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        derive::apply(&mut Rows(connection), &queries::read_entry(row)?)?;
    }
    let mut uploads = connection.prepare("SELECT * FROM uploads ORDER BY number").map_err(sqlite)?;
    let mut rows = uploads.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        let position = ArtifactPosition::of_upload(unsigned(row, "after_entry")?, unsigned(row, "number")?);
        let record = ArtifactRecord::uploaded(json(row, "artifact")?, unsigned(row, "at_millis")?);
        Rows(connection).put_artifact(position, record)?;
    }
    let mut changes = connection.prepare("SELECT * FROM catalogue_changes ORDER BY position").map_err(sqlite)?;
    let mut rows = changes.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        let (position, at_millis) = (unsigned(row, "position")?, unsigned(row, "at_millis")?);
        catalogue::apply(&mut Rows(connection), position, at_millis, &json(row, "change")?)?;
    }
    Ok(())
}
