alter table t alter column b type text collate "C";
