alter table t alter column tags type text[] using array[tags];
