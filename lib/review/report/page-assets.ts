/** Colors by role, so that dark, light and print need one table each. */
export const STYLE = `
:root{--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--error:#b42318;--warning:#9a6700;--clean:#1a7f37;--note:#0969da}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9198a1;--line:#30363d;--panel:#161b22;--error:#ff7b72;--warning:#e3b341;--clean:#56d364;--note:#79c0ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1200px;margin:0 auto;padding:0 20px}
h1{margin:24px 0 4px;font-size:26px}h2{margin:36px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line);font-size:20px}h3{margin:20px 0 8px;font-size:16px}
a{color:var(--note)}nav a{margin-right:14px}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:8px 0}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{color:var(--soft);font-weight:600;white-space:nowrap}.num{text-align:right;font-variant-numeric:tabular-nums}
.tag,.count{padding:0 7px;border:1px solid var(--line);border-radius:10px;background:var(--panel);font-size:12px}
.findings{padding:0;list-style:none}.findings li{margin:10px 0;padding:8px 14px;border-left:4px solid var(--note);background:var(--panel)}
.findings p{margin:2px 0}.findings .error{border-color:var(--error)}.findings .warning{border-color:var(--warning)}
.level{font-weight:600}.error .level{color:var(--error)}.warning .level{color:var(--warning)}.note .level{color:var(--note)}
.fix,.ack{color:var(--soft)}
details{margin:4px 0}summary{cursor:pointer}
.filter{display:block;margin:8px 0;color:var(--soft)}.filter input{width:320px;max-width:100%;padding:5px 9px;border:1px solid var(--line);border-radius:6px;background:var(--bg);color:var(--fg)}
svg{min-width:640px;max-width:100%;height:auto}
svg rect{fill:var(--panel);stroke:var(--clean);stroke-width:1.5}svg .error rect{stroke:var(--error)}svg .warning rect{stroke:var(--warning)}
svg text{fill:var(--fg);font:13px system-ui,sans-serif}svg .name{font-weight:600}svg .detail,svg .axis{fill:var(--soft);font-size:12px}
svg .arrow{fill:none;stroke:var(--soft);stroke-width:1.3}svg .tip{fill:var(--soft)}
@media print{:root{--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--panel:#fff}nav,.filter{display:none}.findings li,tr{break-inside:avoid}details>ul{display:block}a{color:inherit;text-decoration:none}}
`;

/** Hides what a filter does not match; opens everything for print. */
export const SCRIPT = `
for (const input of document.querySelectorAll('[data-filters]')) {
  const root = document.getElementById(input.dataset.filters);
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of root.querySelectorAll('[data-row]')) {
      const group = row.closest('[data-group]');
      const text = (group ? group.querySelector('summary').textContent + ' ' : '') + row.textContent;
      row.hidden = wanted !== '' && !text.toLowerCase().includes(wanted);
    }
    for (const group of root.querySelectorAll('[data-group]')) {
      group.hidden = [...group.querySelectorAll('[data-row]')].every((row) => row.hidden);
      group.open = wanted !== '';
    }
  });
}
addEventListener('beforeprint', () => { for (const group of document.querySelectorAll('details')) group.open = true; });
`;
