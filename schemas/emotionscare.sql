-- strait schema 1
--
-- EmotionsCare: an application for well-being and medical learning on Supabase. 29 tables.
--
-- Where this comes from. https://github.com/laeticiamng/emotionscare, commit 1a0ee54a1: the types that Supabase made of
-- the running database (types.ts) have the tables of the system's description, and for each column its name, whether it
-- may be NULL, whether it has a default, and one of string, number, boolean, Json, string[] or an enum. Columns are sorted
-- by name there, and so they are here. The seven references and the labels of the enum are from there, too.
-- clinical_signals is from the migration 20250919151524, with its types, defaults and order.
--
-- What is proposed here (P in the line): string is text in types.ts whether it is text, uuid or a time, number is any
-- number, and a default is there without its value. Types are chosen by the columns' names and by the policies in the
-- migrations (auth.uid() = user_id); where Json may be json or jsonb it is json, which keeps what is written.
-- Primary keys (id, in every table) are P as well, but for clinical_signals. What the references do when a row goes is
-- not known: nothing.
--
-- Outside: user_id refers to auth.users, a table of the platform; row security, policies and functions are PostgreSQL's.
-- The description says that a level goes from 0 to 4; no check of the original holds it, and none does here.

-- People, and what they share

create type invitation_status as enum ('pending', 'accepted', 'expired');

create table profiles (
    avatar_url text,
    created_at timestamptz,  -- P: type
    department text,
    email text,
    emotional_score int,  -- P: type
    id uuid primary key,  -- P: type
    job_title text,
    name text,
    preferences json,  -- P: type
    role text,
    updated_at timestamptz  -- P: type
);

create table groups (
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    members text[],
    name text not null,
    topic text not null
);

create table posts (
    content text not null,
    date timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    image_url text,
    reactions int,  -- P: type
    user_id uuid not null  -- P: type
);

create table comments (
    content text not null,
    date timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    post_id uuid not null,  -- P: type
    user_id uuid not null,  -- P: type
    constraint comments_post_id_fkey foreign key (post_id) references posts (id)
);

create table buddies (
    buddy_user_id uuid not null,  -- P: type
    date timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    user_id uuid not null  -- P: type
);

create table badges (
    awarded_at timestamptz not null default now(),  -- P: type, default
    description text not null,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    image_url text,
    name text not null,
    user_id uuid not null  -- P: type
);

create table rituals (
    description text not null,
    frequency text not null,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    is_completed boolean,
    name text not null
);

create table notifications (
    action_link text,
    action_text text,
    created_at timestamptz,  -- P: type
    icon text,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    image text,
    message text not null,
    metadata json,  -- P: type
    priority text,
    read boolean,
    title text not null,
    type text not null,
    user_id uuid not null  -- P: type
);

create table invitations (
    accepted_at timestamptz,  -- P: type
    created_at timestamptz not null default now(),  -- P: type, default
    email text not null,
    expires_at timestamptz not null,  -- P: type
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    role text not null,
    status invitation_status not null default 'pending',  -- P: default
    token text not null
);

-- Feelings and conversations

create table emotions (
    ai_feedback text,
    audio_url text,
    date timestamptz not null default now(),  -- P: type, default
    emojis text,
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    score int,  -- P: type
    text text,
    user_id uuid not null  -- P: type
);

create table journal_entries (
    ai_feedback text,
    content text not null,
    date timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    user_id uuid not null  -- P: type
);

create table chat_conversations (
    created_at timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    last_message text,
    title text not null,
    updated_at timestamptz not null default now(),  -- P: type, default
    user_id uuid not null  -- P: type
);

create table chat_messages (
    conversation_id uuid not null,  -- P: type
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    sender text not null,
    text text not null,
    timestamp timestamptz not null default now(),  -- P: type, default
    constraint chat_messages_conversation_id_fkey foreign key (conversation_id) references chat_conversations (id)
);

-- Medical learning

create table edn_items (
    created_at timestamptz,  -- P: type
    has_link text,
    has_recommendation boolean,
    id int generated by default as identity primary key,  -- P: type, identity
    item_number text not null,
    rank text,
    specialty text not null,
    title text not null
);

create table starting_situations (
    category text,
    created_at timestamptz,  -- P: type
    description text not null,
    id int generated by default as identity primary key,  -- P: type, identity
    situation_number text not null
);

create table therapeutic_classes (
    created_at timestamptz,  -- P: type
    id int generated by default as identity primary key,  -- P: type, identity
    name text not null
);

create table item_situation_relations (
    created_at timestamptz,  -- P: type
    id int generated by default as identity primary key,  -- P: type, identity
    item_id int,  -- P: type
    situation_id int,  -- P: type
    constraint item_situation_relations_item_id_fkey foreign key (item_id) references edn_items (id),
    constraint item_situation_relations_situation_id_fkey foreign key (situation_id) references starting_situations (id)
);

create table item_therapeutic_relations (
    created_at timestamptz,  -- P: type
    id int generated by default as identity primary key,  -- P: type, identity
    item_id int,  -- P: type
    therapeutic_id int,  -- P: type
    constraint item_therapeutic_relations_item_id_fkey foreign key (item_id) references edn_items (id),
    constraint item_therapeutic_relations_therapeutic_id_fkey foreign key (therapeutic_id) references therapeutic_classes (id)
);

create table user_favorite_flashcards (
    created_at timestamptz,  -- P: type
    id int generated by default as identity primary key,  -- P: type, identity
    item_id int,  -- P: type
    user_id uuid not null,  -- P: type
    constraint user_favorite_flashcards_item_id_fkey foreign key (item_id) references edn_items (id)
);

create table ecos_situations_complete (
    content json not null,  -- P: type
    created_at timestamptz not null default now(),  -- P: type, default
    id uuid default gen_random_uuid() primary key,  -- P: type, default
    situation_number text not null,
    title text not null,
    updated_at timestamptz not null default now()  -- P: type, default
);

-- Texts from elsewhere

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

-- Consultations and protocols

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

-- Signals of the questionnaires

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
