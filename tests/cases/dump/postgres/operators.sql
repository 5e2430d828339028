create function eq(int, text) returns bool language sql as 'select true';
create operator === (leftarg = int, rightarg = text, function = eq);
