create table t (a int);
CREATE TRIGGER g AFTER INSERT ON t
BEGIN
  UPDATE t SET a = new.a+1 /* more */ WHERE a = new.a;
END;
