// Makes the native parts of the published file:
//
//   duckdb.br, duckdb.txt   DuckDB's library, stripped and compressed; its name, SHA-256, length, and "calls" if their targets are absolute
//   libe_sqlite3.a          SQLite, compiled from its amalgamation, to be linked in (e_sqlite3.lib on Windows)
//
//   node build/native.mjs --rid linux-x64 --duckdb path/to/libduckdb.so --output obj/native/linux-x64 [--quality 11]
//
// Each is made once per hash of everything that went into it and kept in the cache of the user, below rat-build/: compressing takes
// minutes. Nothing there is needed to build; it may be deleted at any time.

import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, brotliDecompressSync, constants as zlib } from 'node:zlib';
import { absolute, relative } from './call-targets.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const isWindows = process.platform === 'win32';

// The package is used for the amalgamation in it only: one C file, as sqlite.org publishes it.
const sqlite = {
  package: 'better-sqlite3@12.11.1',
  integrity: 'sha512-dq9AtApgg5PGFtBzPFSBl3HZQjHok5gaQCM6zh2Yk0aSmDCs1CbnVI8/HgASQkNKsWFpseIO9beg5xxpYhbIfA==',
  // Those of the library that a development build loads (package SQLite), without full-text and spatial search, which nothing here uses.
  options: [
    'THREADSAFE=1', 'DQS=0', 'DEFAULT_FOREIGN_KEYS=1', 'LIKE_DOESNT_MATCH_BLOBS', 'ENABLE_COLUMN_METADATA', 'ENABLE_MATH_FUNCTIONS',
    'ENABLE_PREUPDATE_HOOK', 'ENABLE_SESSION', 'ENABLE_SNAPSHOT',
  ],
};

const { values: given } = parseArgs({
  options: {
    rid: { type: 'string' },
    duckdb: { type: 'string' },
    output: { type: 'string' },
    quality: { type: 'string', default: '11' },
  },
});

makeSqlite(isWindows ? 'e_sqlite3.lib' : 'libe_sqlite3.a');
makeDuckdb(given.duckdb, Number(given.quality), given.rid.endsWith('x64'));

// Absolute targets save 1 MB of x86's code. Those of arm64 lie otherwise in its instructions: it goes without.
function makeDuckdb(library, quality, hasCalls) {
  const content = readFileSync(library);
  const filter = readFileSync(path.join(here, 'call-targets.mjs'));
  const strip = isWindows ? null : process.platform === 'darwin' ? ['strip', '-x'] : ['strip', '--strip-unneeded'];
  const key = hash(content, JSON.stringify([path.basename(library), strip, strip && banner(strip[0]), quality]), hasCalls ? filter : '');
  make(key, ['duckdb.br', 'duckdb.txt'], folder => {
    const bare = path.join(folder, 'bare');
    copyFileSync(library, bare);
    if (strip)
      run(strip[0], [...strip.slice(1), bare]);
    const stripped = readFileSync(bare);
    console.log(`compressing DuckDB's library, ${megabytes(stripped)} (brotli ${quality}${quality > 9 ? ': a few minutes, once per version' : ''})`);
    const packed = brotliCompressSync(hasCalls ? absolute(stripped) : stripped, {
      params: {
        [zlib.BROTLI_PARAM_QUALITY]: quality,
        [zlib.BROTLI_PARAM_LGWIN]: 24,
        [zlib.BROTLI_PARAM_SIZE_HINT]: stripped.length,
      },
    });
    writeFileSync(path.join(folder, 'duckdb.br'), packed);
    writeFileSync(path.join(folder, 'duckdb.txt'), `${path.basename(library)} ${hash(stripped)} ${stripped.length} ${hasCalls ? 'calls' : 'plain'}`);
  });

  const packed = readFileSync(path.join(given.output, 'duckdb.br'));
  const [, expected] = readFileSync(path.join(given.output, 'duckdb.txt'), 'utf8').split(' ');
  const unpacked = brotliDecompressSync(packed);
  if (hash(hasCalls ? relative(unpacked) : unpacked) !== expected)
    fail('the compressed library is damaged: delete obj/native and rat-build in your cache folder, then publish again');
  console.log(`DuckDB's library: ${megabytes(packed)} compressed`);
}

function makeSqlite(archive) {
  const compiler = isWindows ? 'cl' : compilerOfHost();
  const flags = sqlite.options.map(option => `-DSQLITE_${option}`);
  // What the linker may leave out, it does; C needs no tables for unwinding.
  const code = ['-O2', '-fPIC', '-fvisibility=hidden', '-fno-asynchronous-unwind-tables', '-ffunction-sections', '-fdata-sections'];
  const stubs = path.join(here, 'sqlite-stubs.c');
  const key = hash(readFileSync(stubs), JSON.stringify([sqlite, code, given.rid, compiler, isWindows ? null : banner(compiler)]));
  make(key, [archive], folder => {
    const source = fetchAmalgamation(folder);
    console.log('compiling SQLite');
    if (isWindows) {
      run('cl', ['/nologo', '/c', '/O2', '/MT', ...flags, source, stubs], folder);
      run('lib', ['/nologo', `/OUT:${archive}`, 'sqlite3.obj', 'sqlite-stubs.obj'], folder);
    } else {
      const target = process.platform === 'darwin' ? ['-arch', given.rid.endsWith('arm64') ? 'arm64' : 'x86_64'] : [];
      run(compiler, ['-c', ...code, ...target, ...flags, source, stubs], folder);
      run('ar', ['rcs', archive, 'sqlite3.o', 'sqlite-stubs.o'], folder);
    }
  });
}

function fetchAmalgamation(folder) {
  run('npm', ['pack', sqlite.package, '--ignore-scripts', '--silent', '--pack-destination', folder], folder, isWindows);
  const archive = path.join(folder, `${sqlite.package.replace('@', '-')}.tgz`);
  const actual = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (actual !== sqlite.integrity)
    fail(`${sqlite.package} is not the package that was chosen: its integrity is ${actual}`);
  run('tar', ['-xzf', archive, 'package/deps/sqlite3'], folder);
  return path.join(folder, 'package', 'deps', 'sqlite3', 'sqlite3.c');
}

// Puts the named files into the output folder: they are there, or in the user's cache, or `build` makes them in a folder of its own.
function make(key, names, build) {
  const stamp = path.join(given.output, `${names[0]}.key`);
  const isThere = names.every(name => existsSync(path.join(given.output, name)));
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === key)
    return;

  mkdirSync(given.output, { recursive: true });
  const kept = path.join(cacheFolder(), key);
  if (!names.every(name => existsSync(path.join(kept, name)))) {
    const work = mkdtempSync(path.join(tmpdir(), 'rat-build-'));
    try {
      build(work);
      mkdirSync(kept, { recursive: true });
      names.forEach(name => place(path.join(work, name), path.join(kept, name)));
    } finally {
      rmSync(work, { recursive: true });
    }
  }

  names.forEach(name => place(path.join(kept, name), path.join(given.output, name)));
  writeFileSync(stamp, key);
}

function cacheFolder() {
  const root = process.env.XDG_CACHE_HOME ?? process.env.LOCALAPPDATA ?? path.join(homedir(), '.cache');
  return path.join(root, 'rat-build');
}

// Two builds at once must not see each other's half copies.
function place(from, to) {
  const aside = `${to}.${randomUUID()}`;
  copyFileSync(from, aside);
  renameSync(aside, to);
}

function compilerOfHost() {
  const found = [process.env.CC, 'clang', 'gcc', 'cc'].find(name => name && banner(name));
  return found ?? fail('no C compiler: install clang or gcc');
}

// The first line of a tool's version, null if there is no such tool.
function banner(tool) {
  try {
    return execFileSync(tool, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().split('\n')[0];
  } catch {
    return null;
  }
}

function run(tool, args, folder = undefined, shell = false) {
  try {
    execFileSync(tool, args, { cwd: folder, shell, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (failure) {
    fail(`${tool} failed: ${failure.message.split('\n')[0]}`);
  }
}

function hash(...parts) {
  const sha256 = createHash('sha256');
  parts.forEach(part => sha256.update(part));
  return sha256.digest('hex');
}

function megabytes(content) {
  return `${(content.length / 1e6).toFixed(1)} MB`;
}

function fail(message) {
  console.error(`build/native.mjs: ${message}`);
  process.exit(1);
}
