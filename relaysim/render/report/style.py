"""How the page of a report looks: light, dark, narrow and printed."""

__all__ = ["STYLE"]

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #f2f4f7; --line:
  #c3cad3; --range: #6f8fb8; --bad: #a4161a; --bad-soft: #fdeaea; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #14181d; --soft:
  #1f252c; --line: #46505c; --range: #7fa3d1; --bad: #ff9a94; --bad-soft: #3a1c1c; --link:
  #8ec1ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2.2rem; }
h3 { font-size: 1.05rem; }
.verdict { border: 2px solid var(--line); padding: .8rem 1rem; font-weight: 600; }
.verdict.bad { border-color: var(--bad); background: var(--bad-soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align:
  top; }
th { background: var(--soft); overflow-wrap: normal; }
pre, code { font: .88rem/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap:
  anywhere; }
pre { background: var(--soft); padding: .6rem; }
dt { font-weight: 600; }
dd { margin: 0 0 .4rem 0; }
svg { width: 100%; height: auto; max-width: 48rem; }
svg .track { fill: var(--soft); stroke: var(--line); }
svg .range { fill: var(--range); }
svg .name { font-size: 11px; fill: var(--ink); }
svg .open { fill: var(--bad-soft); }
svg .hatch { fill: var(--bad); }
svg .relay { stroke: var(--bad); stroke-width: 1.5; }
svg .piece { stroke: var(--line); stroke-width: .5; }
svg .dot { fill: var(--ink); }
figure { margin: 0 0 1rem 0; }
figcaption { font-size: .9rem; }
.bad { color: var(--bad); }
p.verdict.bad { color: inherit; }
dd pre { margin: 0; }
a { color: var(--link); }
@media (max-width: 40rem) { table.cards thead { display: none; }
table.cards tr { display: block; margin-bottom: .8rem; }
table.cards td { display: block; }
table.cards td::before { content: attr(data-label) ": "; font-weight: 600; }
}
@media print { body { max-width: none; }
pre { border: 1px solid var(--line); }
h2 { break-after: avoid; }
tr { break-inside: avoid; }
}

"""
"""The style sheet; nothing in it names anything outside the page."""
