comment on column t.a is 'a number';
