CREATE TABLE public.t (
    id integer NOT NULL,
    v character varying(5)
);
CREATE FUNCTION public.f(n integer DEFAULT 1, c character varying DEFAULT 'a'::character varying) RETURNS bigint
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT count(*) AS count
    FROM public.t
   WHERE (((t.v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) AND (t.id = f.n));
END;
CREATE FUNCTION public.g(c character varying) RETURNS boolean
    LANGUAGE sql
    RETURN ((c)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]));
CREATE PROCEDURE public.p(IN n integer, INOUT z integer)
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO public.t (id, v)
   VALUES (p.n, 'a'::character varying);
 SELECT (z + n);
END;
CREATE FUNCTION public.pairs(n integer) RETURNS TABLE(a integer, c character varying)
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT t.id,
     t.v
    FROM public.t
   WHERE (((t.v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) AND (t.id > pairs.n));
END;
