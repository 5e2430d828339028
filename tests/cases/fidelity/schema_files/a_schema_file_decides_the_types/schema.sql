-- strait schema 1
create table notes (
  id bigint primary key,
  body varchar(20) not null,
  at timestamp,
  done boolean
);
