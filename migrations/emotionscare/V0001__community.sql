-- People, and what they share.
-- Where this comes from, and what the marks mean: schemas/emotionscare.sql.

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
