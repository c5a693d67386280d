#!/bin/sh
# Runs the suite of the image against TRADEPIT_URL; leaves junit.xml and report.html in /report and exits as the
# tests did.
set -eu

# nextest wants to see the workspace's manifest and settings, and writes below them.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r /suite/workspace/. "$work"

code=0
cargo-nextest nextest run --profile ci --archive-file /suite/suite.tar.zst --workspace-remap "$work" "$@" || code=$?

junit=$work/target/nextest/ci/junit.xml
if [ -f "$junit" ]; then
    cp "$junit" /report/junit.xml
    junit2html /report/junit.xml /report/report.html
fi
exit "$code"
