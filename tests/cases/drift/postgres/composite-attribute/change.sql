alter type point3 add attribute z int;
