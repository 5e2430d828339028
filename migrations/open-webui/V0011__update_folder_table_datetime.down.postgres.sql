alter table folder alter column created_at type timestamp using to_timestamp(created_at) at time zone 'utc';
alter table folder alter column updated_at type timestamp using to_timestamp(updated_at) at time zone 'utc';
alter table folder alter column created_at set default now();
alter table folder alter column updated_at set default now();
