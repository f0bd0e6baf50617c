#!/usr/bin/env bash
# Fetches the S3 server that the tests start, OpenStack Swift with its s3api, from Debian's packages. They are unpacked into a folder of the
# user's cache, not installed. Prints that folder's path; exit code 1, with the reason on standard error, where they can't be had.
set -euo pipefail
root=${RAT_SWIFT:-${XDG_CACHE_HOME:-$HOME/.cache}/rat-tests/swift}
[ -e "$root/complete" ] && { echo "$root"; exit 0; }

fail() { echo "no S3 server for the tests: $1" >&2; exit 1; }
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "Debian's packages are needed"
[ -x /usr/bin/python3 ] || fail "/usr/bin/python3 is needed"
packages=(swift-proxy swift-account swift-container swift-object memcached)
names() { apt-get install --simulate --no-install-recommends "${packages[@]}" 2>/dev/null | awk '/^Inst/{print $2}'; }
[ -n "$(names)" ] || { [ "$(id -u)" -eq 0 ] && apt-get update -qq >&2; } || true
mapfile -t wanted < <(names)
[ ${#wanted[@]} -gt 0 ] || fail "apt-get knows no ${packages[0]}"

mkdir -p "$(dirname "$root")"
work=$(mktemp -d "$(dirname "$root")/fetching-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/debs" "$work/swift"
(cd "$work/debs" && apt-get download -qq "${wanted[@]}" >&2) || fail "the packages can't be downloaded"
for package in "$work"/debs/*.deb; do
  dpkg-deb --extract "$package" "$work/swift"
done
# It looks for its configuration below /etc alone.
sed -i "s#^SWIFT_CONF_FILE = '/etc/swift/swift.conf'#SWIFT_CONF_FILE = os.path.join(os.environ.get('SWIFT_DIR', '/etc/swift'), 'swift.conf')#" \
  "$work/swift/usr/lib/python3/dist-packages/swift/common/utils.py"
touch "$work/swift/complete"
rm -rf "$root"
mv "$work/swift" "$root"
echo "$root"
