-- Knowledge that came from documents is in them still; what was made since is lost with the table.

drop table knowledge;
