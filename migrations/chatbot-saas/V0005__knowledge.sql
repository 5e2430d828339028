-- What chatbots know, and the models that answer.
-- Where this comes from, and what the marks mean: schemas/chatbot-saas.sql.

-- S
create table knowledge_bases (
    id uuid primary key,  -- P
    user_id int not null references users (id) on delete cascade,  -- S
    name varchar(255) not null,  -- P
    description text,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table knowledge_base_settings (
    id uuid primary key,  -- P
    knowledge_base_id uuid not null references knowledge_bases (id) on delete cascade,  -- P, by the name of the table
    settings json,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table datasources (
    id uuid primary key,  -- P
    user_id int not null references users (id) on delete cascade,  -- S
    knowledge_base_id uuid not null references knowledge_bases (id) on delete cascade,  -- S
    type varchar(50) not null,  -- P
    name varchar(255),  -- P
    data json,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table providers (
    id uuid primary key,  -- P
    user_id int not null references users (id) on delete cascade,  -- S
    name varchar(255) not null,  -- P
    credentials json,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);

-- S
create table ai_models (
    id uuid primary key,  -- P
    user_id int not null references users (id) on delete cascade,  -- S
    provider_id uuid references providers (id) on delete set null,  -- P
    name varchar(255) not null,  -- P
    created_at timestamp,  -- L
    updated_at timestamp  -- L
);
