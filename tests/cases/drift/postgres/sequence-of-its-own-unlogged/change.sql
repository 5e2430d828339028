alter sequence s set unlogged;
