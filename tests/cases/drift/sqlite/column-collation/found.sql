create table t (b text collate nocase);
