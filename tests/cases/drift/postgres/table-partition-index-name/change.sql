alter index p1_a_idx rename to other;
