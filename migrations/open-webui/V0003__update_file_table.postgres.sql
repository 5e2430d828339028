-- revision: c0fbf31ca0db
-- down_revision: ca81bd47c050

alter table file add column hash text;
alter table file add column data json;
alter table file add column updated_at bigint;
