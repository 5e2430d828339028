-- revision: 4ace53fd72c8
-- down_revision: af906e964978
-- A folder's moments become seconds since 1970; parts of a second are not kept.

alter table folder alter column created_at drop default;
alter table folder alter column updated_at drop default;
alter table folder alter column created_at type bigint using extract(epoch from created_at)::bigint;
alter table folder alter column updated_at type bigint using extract(epoch from updated_at)::bigint;
