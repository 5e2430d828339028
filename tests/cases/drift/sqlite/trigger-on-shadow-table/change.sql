create trigger g after insert on f_content begin select 1; end;
