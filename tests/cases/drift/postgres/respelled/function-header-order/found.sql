create function one() returns int as $$select 1$$ immutable language sql;
