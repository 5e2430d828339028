comment on view v is 'a';
