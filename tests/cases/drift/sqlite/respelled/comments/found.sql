create table t (a int /* one */, -- two
 b text -- three
);
