#!/usr/bin/env bash
# Installs what the tests need and runs all of them. Arguments go to `dotnet test`:
#
#   tests/run.sh --filter FullyQualifiedName~Http
#
# With RAT_BINARY=FILE the tests that start `rat` start that file. The last line is `N passed, N failed, N skipped`.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v dotnet >/dev/null || { echo "tests/run.sh: dotnet is missing: install the .NET 10 SDK" >&2; exit 2; }
command -v npm >/dev/null || { echo "tests/run.sh: npm is missing: install Node.js 20 or newer" >&2; exit 2; }

. build/restore.sh
lock=$(lock_arguments)
for project in tests/*/*.csproj; do
  dotnet restore "$project" "$lock" --verbosity quiet
done
# Readers written by others, against which the tests hold what rat writes.
for packages in tests/*/package-lock.json; do
  npm ci --prefix "$(dirname "$packages")" --ignore-scripts --no-audit --no-fund --silent
done

# An S3 server; where it can't be had, its tests are skipped.
tests/s3/fetch.sh >/dev/null || true

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  dotnet build "$project" --no-restore --verbosity quiet --nologo || { failed=$((failed + 1)); continue; }
  ended=0
  dotnet test "$project" --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" "$@" || ended=$?

  # A run that broke off has no counters, or ends badly with none failed: that counts as one failure.
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" 2>/dev/null || true)
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  total=$(count total) executed=$(count executed) ok=$(count passed) bad=$(count failed)
  [ "$ended" -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
  passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${total:-0} - ${executed:-0}))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
