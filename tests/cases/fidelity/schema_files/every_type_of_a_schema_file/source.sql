create table t (id integer, a, b, c, d, e, f, g, h, i, j);
insert into t values (1, 'yes', 3, 2.5, '1.50', '2024-02-29', '12:30', '2024-02-29T12:30:15+02:00', '{"a":1}', '550e8400-e29b-41d4-a716-446655440000', x'00ff'), (2, 'maybe', 70000, 'x', '1.505', '2024-02-30', '25:00', 'now', '{', 'x', 5), (3, null, null, null, null, null, null, null, null, null, null);
