-- item: functions
create procedure nothing() language sql as 'select 1';
