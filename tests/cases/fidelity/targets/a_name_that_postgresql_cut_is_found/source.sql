create table "a_very_long_name_of_a_table_that_an_application_gave_to_its_rows_once" (id integer primary key, "a_very_long_name_of_a_column_that_an_application_gave_to_its_values" text);
insert into "a_very_long_name_of_a_table_that_an_application_gave_to_its_rows_once" values (1, 'a');
