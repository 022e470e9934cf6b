"""The style of a report: in light, in dark, on a telephone and in print."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #595959; --ground: #ffffff; --line: #d0d0d0;
  --bar: #0072b2; --hatch: #b9b9b9; --tile: #efefef; --link: #00568a; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --soft: #b4b4b4; --ground: #1c1c1c;
  --line: #4a4a4a; --bar: #56b4e9; --hatch: #5c5c5c; --tile: #2d2d2d; --link: #8ccbf2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", "Noto Sans", sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 36px 0 8px; } h3 { font-size: 15px; margin: 16px 0 4px; }
p { margin: 8px 0; } a { color: var(--link); }
nav { margin: 16px 0; } nav a { display: inline-block; margin: 2px 16px 2px 0; }
.soft, small { color: var(--soft); } .any { overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 12px 32px; margin: 16px 0;
  font-variant-numeric: tabular-nums; }
.figures div { display: flex; flex-direction: column-reverse; } .figures dd { font-size: 20px;
  font-weight: 600; margin: 0; } .figures dt { color: var(--soft); }
.pairs { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 4px 16px; margin: 0; }
.pairs dt { color: var(--soft); } .pairs dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 5px 16px 5px 0;
  border-bottom: 1px solid var(--line); font-weight: normal; }
thead th { color: var(--soft); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.name { overflow-wrap: anywhere; min-width: 110px; max-width: 340px; }
.counts { width: 100%; } .bar-cell { width: 34%; min-width: 80px; vertical-align: middle; }
.bar-cell svg { display: block; width: 100%; height: 14px; } .bar { fill: var(--bar); }
.swatch { display: inline-block; width: 11px; height: 11px; vertical-align: -1px; margin-right: 6px; }
.rows { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 16px; }
figure { margin: 0; break-inside: avoid; min-width: 0; }
figcaption .swatch { margin: 0 4px 0 8px; }
figcaption { overflow-wrap: anywhere; font-size: 13px; line-height: 1.35; margin-top: 4px; }
.rows figure > svg { display: block; width: 100%; height: 170px; }
.ground { fill: var(--tile); } .ink { fill: var(--hatch); } .cross { stroke: var(--soft); }
.tiny { image-rendering: pixelated; }
.failures { width: 100%; } .failures .name { max-width: none; }
.failures td, .failures tbody th { vertical-align: middle; }
.failures svg, .failures img { display: block; width: 112px;
  height: 84px; object-fit: contain; background: var(--tile); }
.picture { width: 128px; }
.plot { margin: 12px 0 20px; max-width: 680px; } .plot svg { display: block; width: 100%; height: 120px;
  border-bottom: 1px solid var(--line); } .plot figcaption { margin: 0 0 4px; font-size: 15px; }
.edges { display: flex; justify-content: space-between; color: var(--soft); font-size: 13px;
  font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 4px; font-size: 13px;
  line-height: 1.4; margin: 4px 0 12px; }
summary { cursor: pointer; padding: 4px 0; } li { overflow-wrap: anywhere; }
footer { margin-top: 36px; color: var(--soft); }
@media (max-width: 560px) { main { padding: 16px 12px; } .pairs { grid-template-columns: 1fr; gap: 0; }
  .pairs dd { margin-bottom: 8px; } th, td { padding-right: 10px; } .name { min-width: 90px; }
  .rows { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 12px; }
  .rows figure > svg { height: 140px; } .failures svg, .failures img { width: 72px; height: 54px; }
  .picture { width: 82px; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --ground: #fff; --line: #bbb;
  --bar: #0072b2; --hatch: #b9b9b9; --tile: #f2f2f2; }
  @page { margin: 14mm; } body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  nav { display: none; } h2, h3, summary { break-after: avoid; } thead { display: table-header-group; }
  tr, .plot, .figures { break-inside: avoid; } .wide { overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; }
  .rows { grid-template-columns: repeat(4, 1fr); } .rows figure > svg { height: 36mm; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
