alter sequence t_id_seq set unlogged;
