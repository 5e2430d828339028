comment on index by_a is 'by a';
