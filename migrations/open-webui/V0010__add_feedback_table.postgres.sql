-- revision: af906e964978
-- down_revision: c29facfe716b

create table feedback (
  id text not null primary key,
  user_id text,
  version bigint,
  type text,
  data json,
  meta json,
  snapshot json,
  created_at bigint not null,
  updated_at bigint not null
);
