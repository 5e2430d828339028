-- Feelings and conversations.
-- Where this comes from, and what the marks mean: schemas/emotionscare.sql.

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
