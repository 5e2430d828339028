drop index p_a;
