drop index m_a;
