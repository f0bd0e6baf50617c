#!/usr/bin/env bash
# Publishes rat as one file: dist/rat for this host, dist/RID/rat for another runtime identifier (such as linux-arm64).
#
#   ./publish.sh [RID]
#
# RAT_FAST_BUILD=1 compresses less: 3 MB more in a minute instead of five.
# Exit code 2: this host lacks something, or can't link for that RID; each is one line. 1: the build failed.
set -euo pipefail
cd "$(dirname "$0")"

fail() { echo "publish.sh: $1" >&2; exit "${2:-2}"; }

# What the host lacks, all of it at once.
missing=()
need() { command -v "$1" >/dev/null || missing+=("$1 is missing: $2"); }

need dotnet "install the .NET 10 SDK"
need node "install Node.js 20 or newer, which compresses the embedded library"
need npm "install npm, which fetches SQLite's source"
need tar "install tar"
[ ${#missing[@]} -eq 0 ] || { printf 'publish.sh: %s\n' "${missing[@]}" >&2; exit 2; }

sdk=$(dotnet --version 2>&1) || fail "no .NET SDK that global.json accepts: install the .NET 10 SDK"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js $(node --version) is too old: install 20 or newer"

. build/restore.sh
host=$(dotnet msbuild Rat.csproj -getProperty:NETCoreSdkPortableRuntimeIdentifier)
rid=${1:-$host}
[[ $rid =~ ^(linux|linux-musl|osx)-(x64|arm64)$ ]] || fail "$rid can't be published by this script (on Windows: publish.ps1)"
# Another architecture would need its own static OpenSSL and a linker for it; Apple's tools alone have both.
[ "$rid" = "$host" ] || [[ $rid == osx-* && $host == osx-* ]] || fail "$rid can't be linked on $host: run this script on a $rid host"

compiler=$(command -v clang || command -v gcc || true)
[ -n "$compiler" ] || missing+=("a C compiler is missing: install clang or gcc")
need strip "install binutils"
if [[ $rid == linux* ]]; then
  need objcopy "install binutils"
  need cmake "install cmake, which builds .NET's part of the static OpenSSL"
  need make "install make, which builds .NET's part of the static OpenSSL"
  program='#include <openssl/ssl.h>
    int main(void) { return OPENSSL_init_ssl(0, 0); }'
  [ -z "$compiler" ] || "$compiler" -x c - -o /dev/null -Wl,-Bstatic -lssl -lcrypto -Wl,-Bdynamic -ldl -lpthread <<<"$program" 2>/dev/null \
    || missing+=("static OpenSSL (libssl.a, libcrypto.a and their headers) is missing: install libssl-dev (Debian, Ubuntu)")
fi
[ ${#missing[@]} -eq 0 ] || { printf 'publish.sh: %s\n' "${missing[@]}" >&2; exit 2; }

out=obj/publish/$rid
log=obj/publish/$rid.log
rm -rf "$out"
mkdir -p obj/publish
commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
time=$(date -u ${SOURCE_DATE_EPOCH:+-d "@$SOURCE_DATE_EPOCH"} +%Y-%m-%dT%H:%M:%SZ)
lock=$(lock_arguments)
# For the part of OpenSSL that is compiled here: the paths of this machine stay out of the file.
export CFLAGS="-O2${HOME:+ -ffile-prefix-map=$HOME=.}"

start=$SECONDS
echo "publishing $rid with SDK $sdk (log: $log)"
dotnet publish Rat.csproj -c Release -r "$rid" -o "$out" "$lock" -p:GitCommit="$commit" -p:BuildTime="$time" \
  -p:ContinuousIntegrationBuild=true 2>&1 | tee "$log" | grep -vE '^ *(-- |\[ *[0-9]+%\]|EXEC : CMake warning|CMake|Manually|$)|CLR_CMAKE_TARGET_UNIX' \
  || fail "the build failed: see $log" 1

# Each warning of a package's assembly is known and has its reason in docs/dependencies.md. Those of our own code are errors.
unknown=$(grep -oE "warning IL[0-9]+: Assembly '[^']+'" "$log" | sort -u | grep -vxFf build/known-warnings.txt || true)
[ -z "$unknown" ] || fail "new warnings, to be avoided or else named in build/known-warnings.txt and docs/dependencies.md: $unknown" 1

file=dist/rat
[ "$rid" = "$host" ] || file=dist/$rid/rat
mkdir -p "$(dirname "$file")"
mv "$out/rat" "$file"
echo "$file: $(wc -c <"$file" | tr -d ' ') bytes, $((SECONDS - start)) s"
