CREATE TABLE public.t (
    id integer NOT NULL,
    v character varying(5)
);
CREATE VIEW public.w AS
 SELECT t.id,
    t.v
   FROM public.t;
CREATE RULE "To it" AS
    ON INSERT TO public.w DO INSTEAD ( INSERT INTO public.t (id, v)
  VALUES (new.id, new.v);
 DELETE FROM public.t
  WHERE (((t.v)::text = ANY ((ARRAY['q'::character varying, 'r'::character varying])::text[])) AND (t.id < new.id));
);
CREATE RULE quiet AS
    ON UPDATE TO public.t
   WHERE ((new.v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])) DO  INSERT INTO public.t (id, v)
  VALUES (old.id, 'x'::character varying);
