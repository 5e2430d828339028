alter sequence t_n_seq set unlogged;
