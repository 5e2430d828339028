comment on function one() is 'gives 1';
