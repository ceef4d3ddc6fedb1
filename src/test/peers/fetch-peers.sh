#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the foreign fediverse servers that `./kentongan test peers` talks to, into .peers beside the project:
#   .peers/fedify   Fedify with the Node it needs, from npm by the lock file here
#   .peers/snac     snac2, from Debian's own packages (a newer release than this machine's may have it)
# What is there already is not fetched again. Fedify must be there; snac2 is left out, and said so, where it cannot be.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=$(cd "$here/../../.." && pwd)/.peers
mkdir -p "$peers"

say() { echo "peers: $*"; }

ensure_npm() {
  command -v npm >/dev/null && return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    say "installing npm, which fetches Fedify"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm) \
      >"$peers/npm-install.log" 2>&1 || tail -n 5 "$peers/npm-install.log"
  fi
  command -v npm >/dev/null ||
    { say "npm is missing and could not be installed: install Node.js with npm (any version, it only fetches), then try again"; return 1; }
}

# The Node that came with Fedify runs here and is new enough.
fedify_runs() {
  local node
  node=$(ls "$peers"/fedify/node_modules/node-linux-*/bin/node 2>/dev/null | head -1)
  [ -n "$node" ] || { say "there is no Node 22 for this machine ($(uname -s) $(uname -m)) among the packages"; return 1; }
  (cd "$peers/fedify" && "$node" -e 'import("@fedify/fedify").then(() => process.exit(0), (e) => { console.error(e); process.exit(1); })') ||
    { say "Fedify was fetched but does not start"; return 1; }
}

fedify() {
  local folder="$peers/fedify" tries=1
  if [ -f "$folder/ready" ] && cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
    cp "$here/fedify-peer.mjs" "$folder/"
    return 0
  fi
  ensure_npm || return 1
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$here/fedify-peer.mjs" "$folder/"
  say "fetching Fedify"
  until (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error); do
    [ $tries -lt 3 ] || { say "npm could not fetch Fedify: is its package registry reachable (npm config get registry)?"; return 1; }
    tries=$((tries + 1))
    sleep 5
  done
  fedify_runs || return 1
  touch "$folder/ready"
}

without_snac() {
  say "left out: the tests with snac2, because $*"
  rm -rf "$peers/snac"
}

snac() {
  local folder="$peers/snac" program="$peers/snac/root/usr/bin/snac" list options missing
  [ -x "$program" ] && return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || { without_snac "there is no apt here"; return 0; }
  rm -rf "$folder"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  say "fetching snac2"
  # This machine's own package source, for the release that has the package.
  options="-o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$folder/lists -o Dir::Cache=$folder/cache -o Dir::State::status=/dev/null -o APT::Sandbox::User=root -o Acquire::Retries=2"
  if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    list="$folder/list.sources"
    awk 'BEGIN { RS = ""; ORS = "\n\n" } NR == 1' /etc/apt/sources.list.d/debian.sources |
      sed 's/^Suites:.*/Suites: trixie/' >"$list"
  else
    list="$folder/list.list"
    sed -n 's/^\(deb .*\) [a-z]* main.*/\1 trixie main/p' /etc/apt/sources.list 2>/dev/null | head -1 >"$list" || true
  fi
  [ -s "$list" ] || { without_snac "this machine has no Debian package source"; return 0; }
  # shellcheck disable=SC2086
  if ! { apt-get $options -o Dir::Etc::sourcelist="$list" -qq update &&
    (cd "$folder" && apt-get $options -o Dir::Etc::sourcelist="$list" -qq download snac2) &&
    dpkg -x "$folder"/snac2_*.deb "$folder/root"; } >"$peers/snac-fetch.log" 2>&1; then
    tail -n 3 "$peers/snac-fetch.log"
    without_snac "its package could not be fetched"
    return 0
  fi
  rm -rf "$folder/lists" "$folder/cache"
  missing=$(ldd "$program" | sed -n 's/^[[:space:]]*\(.*\) => not found/\1/p' | tr '\n' ' ')
  [ -z "$missing" ] || { without_snac "this machine lacks $missing"; return 0; }
  say "snac2 is there"
}

fedify
snac
