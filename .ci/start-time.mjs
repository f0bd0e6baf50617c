// Times `rat serve`, from the start of the process to the first 200 of /health/ready: node .ci/start-time.mjs dist/rat [times]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

const rat = path.resolve(process.argv[2]);
const times = Number(process.argv[3] ?? 20);
const patience = 10_000;
let port = 18_000 + process.pid % 10_000;

const work = mkdtempSync(path.join(tmpdir(), 'rat-start-'));
try {
  for (const [from, name] of [[path.join(work, 'empty'), 'an empty folder'], ['/', '/']]) {
    mkdirSync(from, { recursive: true });
    const taken = [];
    for (let i = 0; i < times; i++)
      taken.push(await start(from, path.join(work, `data-${port}`)));
    taken.sort((a, b) => a - b);
    console.log(`start to ready from ${name}: ${taken[times >> 1].toFixed(0)} ms (median of ${times}, ${taken[0].toFixed(0)} to ${taken.at(-1).toFixed(0)})`);
  }
} finally {
  rmSync(work, { recursive: true });
}

// An environment of its own: nothing of the caller's may be needed to start.
async function start(cwd, data) {
  const address = `127.0.0.1:${port++}`;
  const began = performance.now();
  const server = spawn(rat, ['serve', '--listen', address, '--data-dir', data], { cwd, env: {}, stdio: 'ignore' });
  const ended = new Promise(resolve => server.on('exit', resolve));
  try {
    while (await status(`http://${address}/health/ready`) !== 200) {
      if (performance.now() - began > patience || server.exitCode !== null)
        throw new Error(`${rat} is not ready after ${patience} ms`);
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    return performance.now() - began;
  } finally {
    server.kill();
    await ended;
  }
}

function status(url) {
  return new Promise(resolve => http
    .get(url, { agent: false }, answer => resolve(answer.resume().statusCode))
    .on('error', () => resolve(0)));
}
