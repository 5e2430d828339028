grant usage on sequence s to public;
