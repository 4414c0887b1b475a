-- How the tables are stored whose rows are written again and again. Room in each page lets a claim, a guild's progress or a
-- heartbeat stay in its page, so that no index is touched; queues are swept by their dead rows and not by a share of the table.
ALTER TABLE outbox SET (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE timer SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
ALTER TABLE guild SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE session SET (fillfactor = 80);
ALTER TABLE lease SET (fillfactor = 50);
ALTER TABLE host SET (fillfactor = 50);
