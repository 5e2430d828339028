create function same(n text) returns text language sql as 'select n';
