-- Consultations and protocols.
-- Where this comes from, and what the marks mean: schemas/emotionscare.sql.

create table medilinko_consultations (
    consultation_result text,
    created_at timestamptz not null default now(),  -- P: type, default
    email text not null,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    patient_data json not null,  -- P: type
    patient_name text not null,
    payment_status text
);

create table urge_gpt_queries (
    created_at timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    query text not null,
    response text not null,
    sources text[],
    user_id uuid  -- P: type
);

create table urgegpt_protocols (
    created_at timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    professional_id text,
    protocol text,
    query text not null,
    sources text[],
    user_id uuid  -- P: type
);

create table urgent_protocols (
    category text not null,
    content text not null,
    created_at timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    sources text[],
    title text not null,
    updated_at timestamptz not null default now()  -- P: type, default
);

-- The id has no default in the original: whoever inserts a row gives it.
create table "Digital Medicine" (
    created_at timestamptz not null default now(),  -- P: type, default
    email text,
    id bigint primary key,  -- P: type
    "intéret" text,
    "prénom" text not null
);
