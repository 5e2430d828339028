create or replace procedure nothing() language sql as 'select 2';
