-- Rows as the application wrote them before its first Alembic revision; both engines take them.
insert into chat (id, user_id, title, chat, archived, created_at, updated_at) values
  ('c1', 'u1', 'First', '{"title": "First"}', '0', 1, 2),
  ('c2', 'u2', 'Second', '{"title": "Second"}', '0', 3, 4),
  ('c3', 'u1', 'Third', '{"title": "Third"}', '1', 5, 6);
insert into tag (id, name, user_id, data) values
  ('00000000-0000-4000-8000-000000000001', 'Work Stuff', 'u1', null),
  ('00000000-0000-4000-8000-000000000002', 'work stuff', 'u2', 'old'),
  ('00000000-0000-4000-8000-000000000003', 'work_stuff', 'u1', null),
  ('00000000-0000-4000-8000-000000000004', 'Été', 'u1', null),
  ('00000000-0000-4000-8000-000000000005', 'pinned', 'u2', null);
insert into chatidtag (id, tag_name, chat_id, user_id, "timestamp") values
  ('t1', 'Work Stuff', 'c1', 'u1', 1),
  ('t2', 'Été', 'c1', 'u1', 1),
  ('t3', 'work_stuff', 'c1', 'u1', 1),
  ('t4', 'pinned', 'c1', 'u1', 1),
  ('t5', 'pinned', 'c2', 'u2', 1);
insert into file (id, user_id, filename, meta, created_at) values
  ('f1', 'u1', 'a.pdf', '{"path": "/uploads/a.pdf", "size": 10}', 1),
  ('f2', 'u1', 'b.pdf', '{"size": 20}', 2);
insert into document (collection_name, name, title, filename, content, user_id, "timestamp") values
  ('d1', 'one', 'Title', 'one.txt', '{"tags": [{"name": "t"}]}', 'u1', 7),
  ('d2', 'two', 'Other', 'two.txt', 'no json', 'u1', 8);
