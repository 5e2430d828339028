create table old_t (id serial primary key, n text);
alter table old_t rename to new_t;
create table x (id serial);
alter sequence x_id_seq rename to other;
alter table x alter id drop not null;
