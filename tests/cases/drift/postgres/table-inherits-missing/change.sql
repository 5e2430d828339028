drop table grandchild;
