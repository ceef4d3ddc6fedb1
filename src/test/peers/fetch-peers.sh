#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the foreign fediverse servers that `./kentongan test peers` talks to, into .peers beside the project:
#   .peers/fedify   Fedify with the Node it needs, from npm by the lock file here
#   .peers/snac     snac2, from Debian's own packages (a newer release than this machine's may have it)
# What is there already is not fetched again. snac2 is left out, and said so, where there is no apt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
peers=$(cd "$here/../../.." && pwd)/.peers
mkdir -p "$peers"

say() { echo "peers: $*"; }

fedify() {
  local folder="$peers/fedify"
  if [ -f "$folder/ready" ] && cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
    cp "$here/fedify-peer.mjs" "$folder/"
    return 0
  fi
  command -v npm >/dev/null || { say "npm is missing: install Node.js (any version, it only fetches) and try again"; return 1; }
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$here/fedify-peer.mjs" "$folder/"
  say "fetching Fedify"
  (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) || return 1
  touch "$folder/ready"
}

snac() {
  local folder="$peers/snac"
  [ -x "$folder/root/usr/bin/snac" ] && return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || { say "no apt here: the tests with snac2 are left out"; return 0; }
  rm -rf "$folder"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  say "fetching snac2"
  # This machine's own package source, for the release that has the package.
  local options="-o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$folder/lists -o Dir::Cache=$folder/cache -o Dir::State::status=/dev/null -o APT::Sandbox::User=root"
  local from=/etc/apt/sources.list.d/debian.sources
  if [ -f "$from" ]; then
    awk 'BEGIN { RS = ""; ORS = "\n\n" } NR == 1' "$from" | sed 's/^Suites:.*/Suites: trixie/' > "$folder/list.sources"
  elif [ -f /etc/apt/sources.list ]; then
    sed -n 's/^\(deb .*\) [a-z]* main.*/\1 trixie main/p' /etc/apt/sources.list | head -1 > "$folder/list.list"
  fi
  local list
  list=$(ls "$folder"/list.* 2>/dev/null | head -1)
  [ -n "$list" ] || { say "no Debian package source here: the tests with snac2 are left out"; return 0; }
  # shellcheck disable=SC2086
  if apt-get $options -o Dir::Etc::sourcelist="$list" -qq update &&
    (cd "$folder" && apt-get $options -o Dir::Etc::sourcelist="$list" -qq download snac2) &&
    dpkg -x "$folder"/snac2_*.deb "$folder/root" && "$folder/root/usr/bin/snac" >/dev/null 2>&1; [ -x "$folder/root/usr/bin/snac" ]; then
    say "snac2 is there"
  else
    say "snac2 could not be fetched: its tests are left out"
  fi
  rm -rf "$folder/lists" "$folder/cache"
}

fedify
snac
