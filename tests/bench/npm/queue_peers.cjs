// The peers of the outbox, on the server that the benchmark started.
//   node queue_peers.cjs fill  QUEUE CONNINFO JOBS
//   node queue_peers.cjs drain QUEUE CONNINFO JOBS   prints {"seconds": ..., "cpu_us": ...} of taking and completing all
// QUEUE: graphile (24 at a time, as its own benchmark), graphile-local (its fastest: a local queue of 500, completions
// in batches), pg-boss-1 and pg-boss-100 (four loops that fetch so many and complete them together).
'use strict';
const { Pool } = require('pg');

const quiet = () => {};

function watch() {
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  return () => {
    const spent = process.cpuUsage(cpu);
    return { seconds: Number(process.hrtime.bigint() - wall) / 1e9, cpu_us: spent.user + spent.system };
  };
}

const graphile = {
  async fill(conninfo, jobs) {
    const { makeWorkerUtils } = require('graphile-worker');
    const utils = await makeWorkerUtils({ connectionString: conninfo, logger: silent() });
    await utils.migrate();
    await utils.withPgClient((c) =>
      c.query("SELECT graphile_worker.add_job('nothing', json_build_object('n', n)) FROM generate_series(1, $1::int) n", [
        jobs,
      ]).then(() => c.query('VACUUM ANALYZE')),
    );
    await utils.release();
  },
  async drain(conninfo, jobs, local) {
    const { run } = require('graphile-worker');
    const pool = new Pool({ connectionString: conninfo, max: 1 });
    let done = 0;
    let all;
    const finished = new Promise((resolve) => (all = resolve));
    const stop = watch();
    const runner = await run({
      connectionString: conninfo,
      maxPoolSize: 28,
      concurrency: 24,
      noHandleSignals: true,
      logger: silent(),
      parsedCronItems: [],
      taskList: { nothing: () => { if (++done === jobs) all(); } },
      preset: local
        ? { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, pollInterval: 100 } }
        : { worker: { pollInterval: 100 } },
    });
    await finished;
    // Done is what is deleted: the last completions may still be on their way.
    for (;;) {
      const left = await pool.query('SELECT COUNT(*)::int AS n FROM graphile_worker._private_jobs');
      if (left.rows[0].n === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const spent = stop();
    await runner.stop();
    await pool.end();
    return spent;
  },
};

const boss = {
  open(conninfo) {
    const PgBoss = require('pg-boss');
    const b = new PgBoss({ connectionString: conninfo, max: 4, supervise: false, schedule: false });
    b.on('error', quiet);
    return b;
  },
  async fill(conninfo, jobs) {
    const b = boss.open(conninfo);
    await b.start();
    await b.createQueue('nothing');
    for (let first = 0; first < jobs; first += 1000) {
      const count = Math.min(1000, jobs - first);
      await b.insert(Array.from({ length: count }, (_, n) => ({ name: 'nothing', data: { n: first + n } })));
    }
    await b.stop({ graceful: false });
    const pool = new Pool({ connectionString: conninfo, max: 1 });
    await pool.query('VACUUM ANALYZE');
    await pool.end();
  },
  async drain(conninfo, jobs, batchSize) {
    const b = boss.open(conninfo);
    await b.start();
    let done = 0;
    const stop = watch();
    const loop = async () => {
      for (;;) {
        const got = await b.fetch('nothing', { batchSize });
        if (got.length === 0) return;
        await b.complete('nothing', got.map((j) => j.id));
        done += got.length;
      }
    };
    await Promise.all([loop(), loop(), loop(), loop()]);
    const spent = stop();
    if (done !== jobs) throw new Error(`pg-boss completed ${done} of ${jobs}`);
    await b.stop({ graceful: false });
    return spent;
  },
};

function silent() {
  const { Logger } = require('graphile-worker');
  return new Logger(() => quiet);
}

const queues = {
  graphile: { fill: graphile.fill, drain: (c, n) => graphile.drain(c, n, false) },
  'graphile-local': { fill: graphile.fill, drain: (c, n) => graphile.drain(c, n, true) },
  'pg-boss-1': { fill: boss.fill, drain: (c, n) => boss.drain(c, n, 1) },
  'pg-boss-100': { fill: boss.fill, drain: (c, n) => boss.drain(c, n, 100) },
};

const [what, queue, conninfo, jobs] = process.argv.slice(2);
queues[queue][what](conninfo, Number(jobs)).then(
  (spent) => {
    if (spent) console.log(JSON.stringify(spent));
    process.exit(0);
  },
  (error) => {
    console.error(String(error.stack || error));
    process.exit(1);
  },
);
