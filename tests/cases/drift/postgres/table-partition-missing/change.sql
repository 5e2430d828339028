drop table m_2026;
