create table t (b text collate binary);
