-- revision: c29facfe716b
-- down_revision: c69f45358db4
-- file.meta becomes JSON and may be NULL; the path in it gets a column. A meta that is no JSON stops the revision, as it
-- stops the application's own migration.

alter table file add column path text;
alter table file alter column meta drop not null;
alter table file alter column meta type json using meta::json;
update file set path = meta ->> 'path' where json_typeof(meta) = 'object';
