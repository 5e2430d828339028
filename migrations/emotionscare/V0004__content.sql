-- Texts from elsewhere.
-- Where this comes from, and what the marks mean: schemas/emotionscare.sql.

create table ai_generated_content (
    content json not null,  -- P: type
    content_type text not null,
    created_at timestamptz,  -- P: type
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    identifier text not null,
    last_updated timestamptz,  -- P: type
    title text not null
);

create table official_content_cache (
    content text not null,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    item_number text,
    last_updated timestamptz,  -- P: type
    situation_number text
);

create table "official_content_cache new" (
    content text,
    created_at timestamptz,  -- P: type
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    identifier uuid not null default gen_random_uuid(),  -- P: type, default
    identifier_type text,
    title text
);
