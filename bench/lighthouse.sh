#!/bin/sh
# Ask Lighthouse (phone profile) about the front page, results of the search, a card and a competition.
# Needs Node, Chromium and Lighthouse, which are no part of the project: `npm install lighthouse` in a folder of its own,
# then LIGHTHOUSE=that/folder/node_modules/.bin/lighthouse bench/lighthouse.sh http://127.0.0.1:8000 [page …]
# Promised: accessibility and best practices 100, performance at least 95. The exit code is 1 where one is broken.
set -u
portal=${1:-http://127.0.0.1:8000}
[ $# -gt 0 ] && shift
lighthouse=${LIGHTHOUSE:-lighthouse}
CHROME_PATH=${CHROME_PATH:-$(command -v chromium)}
export CHROME_PATH
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
if [ $# -eq 0 ]; then
  card=$(curl -s "$portal/registry/" | grep -o '/registry/[0-9A-Z]\{7,8\}/' | head -1)
  competition=$(curl -s "$portal/competitions/" | grep -o '/competitions/[0-9]\{4\}-[0-9]*/' | head -1)
  set -- / "/search/?q=%D0%B4%D0%BE%D0%B3%D0%BB%D1%8F%D0%B4%20%D0%B2%D0%B4%D0%BE%D0%BC%D0%B0" "$card" "$competition"
fi
broken=0
for page in "$@"; do
  "$lighthouse" "$portal$page" --quiet --only-categories=performance,accessibility,best-practices,seo --output=json \
    --output-path="$reports/report.json" --chrome-flags="--headless=new --no-sandbox --disable-gpu" || exit 1
  node -e '
    const report = JSON.parse(require("fs").readFileSync(process.argv[1]));
    const points = Object.values(report.categories).map(one => [one.id, Math.round(one.score * 100)]);
    const shown = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"];
    console.log(process.argv[2], points.map(one => one.join(" ")).join(", "));
    console.log("  ", shown.map(id => `${id} ${report.audits[id].displayValue}`).join(", "));
    for (const one of Object.values(report.categories))
      for (const ref of one.auditRefs) {
        const audit = report.audits[ref.id];
        if (audit.score !== null && audit.score < 0.9) console.log("   -", one.id, ref.id, audit.displayValue || "");
      }
    const least = {performance: 95, accessibility: 100, "best-practices": 100};
    process.exit(points.some(([id, got]) => got < (least[id] || 0)) ? 1 : 0);
  ' "$reports/report.json" "$page" || broken=1
done
exit $broken
