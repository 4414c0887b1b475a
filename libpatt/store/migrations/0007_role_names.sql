-- What the roles of the chat server are called: members carry them by id, and a name may say the class that its members play.
CREATE TABLE chat_role (
    guild_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, role_id)
);
