-- Chatbots and how they look and behave.
-- Where this comes from, and what the marks mean: schemas/chatbot-saas.sql.

-- S
create table apps (
    id uuid primary key,  -- D
    user_id int not null references users (id) on delete cascade,  -- S, D
    name varchar(255) not null,  -- P
    icon varchar(255) not null,  -- D
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table app_settings (
    id uuid primary key,  -- D
    app_id uuid not null references apps (id) on delete cascade,  -- S, D
    model varchar(255),  -- D
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table app_appearances (
    id uuid primary key,  -- D
    app_id uuid not null references apps (id) on delete cascade,  -- S, D
    icon varchar(255) not null,  -- D
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table app_prompt_engineering_settings (
    id uuid primary key,  -- D
    app_id uuid not null references apps (id) on delete cascade,  -- S, D
    custom_form json,  -- D
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table app_restricted_urls (
    id uuid primary key,  -- D
    app_id uuid not null references apps (id) on delete cascade,  -- S, D
    restricted_url varchar(255),  -- D
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table domains (
    id uuid primary key,  -- P
    user_id int not null references users (id) on delete cascade,  -- S
    app_id uuid references apps (id) on delete cascade,  -- S: related to apps; NULL is P
    domain varchar(255) not null unique,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);
