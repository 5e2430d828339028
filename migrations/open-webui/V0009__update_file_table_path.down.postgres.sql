-- The path goes back into meta, where the older application looks for it. A file without any meta (SQL NULL) gets the JSON
-- null, or the path alone.

update file set meta = case
  when meta is null or json_typeof(meta) = 'null' then json_build_object('path', path)
  else (meta::jsonb || jsonb_build_object('path', path))::json
end
where path is not null and (
  meta is null or json_typeof(meta) = 'null' or json_typeof(meta) = 'object' and meta -> 'path' is null
);
-- What is dropped is in meta now.
update file set path = null where meta ->> 'path' = path;
alter table file drop column path;
update file set meta = 'null' where meta is null;
alter table file alter column meta type text;
alter table file alter column meta set not null;
