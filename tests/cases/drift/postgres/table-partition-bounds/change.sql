drop table m_2025;
create table m_2025 partition of m for values from ('2025-01-01') to ('2025-07-01');
