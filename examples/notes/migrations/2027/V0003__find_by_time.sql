create index notes_written_at on notes (written_at);
