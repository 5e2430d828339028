-- item: functions
create function same(n int) returns int language sql as 'select n';
