-- Signals of the questionnaires.
-- Where this comes from, and what the marks mean: schemas/emotionscare.sql.

create table clinical_signals (
    id uuid default gen_random_uuid() primary key,
    user_id uuid not null,  -- refers to auth.users (id) on delete cascade there
    source_instrument text not null,
    domain text not null,
    level int not null,
    window_type text not null,
    module_context text not null,
    metadata jsonb default '{}',
    expires_at timestamptz not null,
    created_at timestamptz default now()
);
