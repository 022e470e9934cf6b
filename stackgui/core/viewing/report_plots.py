"""The plots and the style of a report: inline SVG and CSS, in light, in dark and in print."""

from __future__ import annotations

import html
from collections.abc import Mapping

from stackgui.core.base.histogram import Histogram
from stackgui.core.base.text import printable

MAX_BARS = 40
WIDE, LINE, HIGH = 640, 22, 140
_NAME_PX = 190

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #5a5a5a; --ground: #ffffff; --line: #d5d5d5;
  --bar: #0072b2; --hatch: #b9b9b9; --tile: #efefef; --box: #e69f00; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --soft: #b0b0b0; --ground: #1c1c1c;
  --line: #444444; --bar: #56b4e9; --hatch: #5c5c5c; --tile: #2d2d2d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; margin: 0 0 12px; } h2 { font-size: 18px; margin: 32px 0 8px; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 32px; font-variant-numeric: tabular-nums; }
.figures div { display: flex; flex-direction: column; } .figures b { font-size: 20px; }
.figures span, small, .path, svg text.soft { color: var(--soft); fill: var(--soft); }
.path { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: 8px 0; }
th, td { text-align: left; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); }
.rows { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px; }
figure { margin: 0; break-inside: avoid; } figcaption { overflow-wrap: anywhere; font-size: 13px; }
figure svg { width: 100%; height: 150px; } .ground { fill: var(--tile); } .ink { fill: var(--hatch); }
.box { fill: none; stroke: var(--box); } svg text { fill: var(--ink); font-size: 13px; }
.bar { fill: var(--bar); } .plot { display: block; width: 100%; max-width: 640px; height: auto; }
pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 4px; font-size: 13px; }
summary { cursor: pointer; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --ground: #fff; --line: #bbb;
  --bar: #0072b2; --hatch: #b9b9b9; --tile: #f2f2f2; } main { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; } section { break-inside: auto; } h2 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def bars(counts: Mapping[str, int]) -> str:
    """Return a bar for each name, the most frequent first; of very many, the first."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    shown, most = ordered[:MAX_BARS], max((count for _, count in ordered), default=0) or 1
    room = WIDE - _NAME_PX - 90
    lines = []
    for place, (name, count) in enumerate(shown):
        y, text = place * LINE, printable(name)
        cut = text if len(text) <= 26 else f"{text[:25]}…"  # noqa: PLR2004 - as fit beside the bars
        lines.append(
            f'<text x="{_NAME_PX - 8}" y="{y + 15}" text-anchor="end">{html.escape(cut)}'
            f"<title>{html.escape(text)}</title></text>"
            f'<rect class="bar" x="{_NAME_PX}" y="{y + 3}" width="{max(1.0, room * count / most):.1f}" '
            f'height="{LINE - 7}"/><text class="soft" x="{_NAME_PX + room * count / most + 6:.1f}" '
            f'y="{y + 15}">{count:,}</text>'
        )
    more = f"<p>and {len(ordered) - MAX_BARS:,} more</p>" if len(ordered) > MAX_BARS else ""
    return _plot("counts", WIDE, max(1, len(shown)) * LINE, "".join(lines)) + more


def histogram(title: str, found: Histogram) -> str:
    """Return a histogram with its title and the first and last value."""
    most, count = max((*found.counts, 1)), len(found.counts)
    wide = WIDE / max(1, count)
    lines = [f'<text x="0" y="14">{html.escape(title)}</text>']
    for place, number in enumerate(found.counts):
        high = (HIGH - 40) * number / most
        lines.append(
            f'<rect class="bar" x="{place * wide:.1f}" y="{HIGH - 18 - high:.1f}" width="{wide - 1:.1f}" '
            f'height="{high:.1f}"><title>{found.edges[place]:,.0f} to {found.edges[place + 1]:,.0f}: '
            f"{number:,}</title></rect>"
        )
    first, last = found.edges[0], found.edges[-1]
    lines.append(f'<text class="soft" x="0" y="{HIGH - 3}">{first:,.0f}</text>')
    lines.append(f'<text class="soft" x="{WIDE}" y="{HIGH - 3}" text-anchor="end">{last:,.0f}</text>')
    return _plot(title, WIDE, HIGH, "".join(lines))


def _plot(title: str, width: int, height: int, inside: str) -> str:
    name = html.escape(title)
    return f'<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">{inside}</svg>'
