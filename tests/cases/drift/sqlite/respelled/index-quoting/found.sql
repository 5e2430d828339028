create table t (a int);
CREATE INDEX "i" ON "t" ("a") WHERE ("a" > 0);
