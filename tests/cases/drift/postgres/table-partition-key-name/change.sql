alter index p1_pkey rename to other;
