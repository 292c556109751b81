//contactsgen:generator

package fake

// The page is of our own making: no framework, nothing fetched from elsewhere. What it shows is put in as text, never as markup.

const sandboxHTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox</title>
<link rel="stylesheet" href="/_fake/page.css">
<header><h1 id="title">Sandbox</h1><p id="state" role="status">connecting</p></header>
<main>
<section aria-labelledby="live"><h2 id="live">Live resources</h2><div id="collections"></div></section>
<section aria-labelledby="last"><h2 id="last">Last requests</h2>
<table class="requests"><thead><tr><th>#<th>Operation<th>Key<th>Sent<th>Answer<th>Faults</thead><tbody id="requests"></tbody></table></section>
<section aria-labelledby="all"><h2 id="all">Operations <span id="total"></span></h2>
<table class="operations"><thead><tr><th>Operation<th>Method<th>Path<th>Revision<th>Simulated<th>Requests</thead><tbody id="operations"></tbody></table></section>
</main>
<script src="/_fake/page.js"></script>
</html>
`

const sandboxIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="1" y="8" width="14" height="7" rx="1" fill="#c9a35b"/><path d="M3 8l5-6 5 6z" fill="#e6c98a"/></svg>
`

const sandboxCSS = `:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; --note: #b26a00 }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 84rem; padding: 1rem }
header { display: flex; gap: 1rem; align-items: baseline; border-bottom: 1px solid var(--line) }
h1 { font-size: 1.4rem; margin: .3rem 0 } h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem } h3 { font-size: .95rem; margin: .8rem 0 .2rem }
#state { margin: 0; opacity: .7 }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: top }
th { font-weight: 600; opacity: .75 } td.code, .code { font-family: ui-monospace, monospace; font-size: .87em }
tr.conflict td { background: #c6282822 } tr.moved td { background: #2e7d3233 }
.ok { color: var(--good) } .bad { color: var(--bad); font-weight: 600 } .note { color: var(--note) }
button { font: inherit; font-size: .85em }
#collections td:nth-child(1) { width: 21rem } #collections td:nth-child(2) { width: 7rem } #collections td:nth-child(4) { width: 12rem }
.requests th:nth-child(1) { width: 3rem } .requests th:nth-child(2) { width: 14rem } .requests th:nth-child(3) { width: 19rem } .requests th:nth-child(6) { width: 6rem }
.requests td:nth-child(5) { white-space: normal } pre { margin: .3rem 0; font-size: .87em } summary { cursor: pointer; overflow: hidden; text-overflow: ellipsis }
.operations th:nth-child(1) { width: 16rem } .operations th:nth-child(2) { width: 5rem } .operations th:nth-child(n+4) { width: 7rem }
`

const sandboxJS = `'use strict';
const $ = id => document.getElementById(id);
const revisions = new Map(), opened = new Set();

function cell(row, text, kind) {
  const td = row.insertCell();
  td.textContent = text;
  td.title = text;
  if (kind) td.className = kind;
  return td;
}

function statusKind(status) {
  if (status === 0 || status >= 500) return 'bad';
  return status >= 400 ? 'note' : 'ok';
}

// answered says in words how a request ended.
function answered(x) {
  if (!x.status) return 'dropped';
  let words = x.conflict ? 'conflict: ' : '';
  if (x.status >= 400) {
    try { words += JSON.parse(x.answer).message || ''; } catch { words += x.answer; }
  }
  return x.status + ' ' + words;
}

function showRequests(list) {
  const body = $('requests');
  body.replaceChildren();
  for (const x of list) {
    const row = body.insertRow();
    row.dataset.status = x.status;
    row.dataset.operation = x.operation;
    if (x.conflict) row.className = 'conflict';
    cell(row, x.number);
    cell(row, x.operation || x.method + ' ' + x.path);
    cell(row, x.key, 'code');
    cell(row, x.body, 'code');
    cell(row, answered(x), x.conflict ? 'bad' : statusKind(x.status)).title = x.answer;
    cell(row, x.faults, 'note');
  }
}

function showCollections(list) {
  const box = $('collections');
  box.replaceChildren();
  for (const c of list) {
    if (!c.total) continue;
    const title = document.createElement('h3');
    title.textContent = c.name + ' (' + c.total + ')';
    const table = document.createElement('table');
    for (const r of c.resources) showResource(table.insertRow(), c, r);
    box.append(title, table);
  }
}

// gist gives what a person knows a resource by: its texts and numbers, less ids and instants.
function gist(value, key, name) {
  if (value === null || value === key || typeof value === 'boolean') return [];
  if (typeof value === 'object') return Object.entries(value).flatMap(([k, v]) => gist(v, key, Array.isArray(value) ? name : k));
  return /^[0-9a-f]{8}-|^\d{4}-\d\d-\d\dT/.test(value) ? [] : [name + ': ' + value];
}

function showResource(row, c, r) {
  const id = c.name + ' ' + r.key;
  row.dataset.key = r.key;
  row.dataset.revision = r.revision;
  if (revisions.has(id) && revisions.get(id) !== r.revision) row.className = 'moved';
  revisions.set(id, r.revision);
  cell(row, r.key, 'code');
  cell(row, c.guarded ? 'revision ' + r.revision : '');
  const whole = document.createElement('details');
  whole.open = opened.has(id);
  whole.ontoggle = () => whole.open ? opened.add(id) : opened.delete(id);
  whole.append(document.createElement('summary'), document.createElement('pre'));
  whole.firstChild.textContent = gist(r.value, r.key).join(', ');
  whole.lastChild.textContent = JSON.stringify(r.value, null, 2);
  row.insertCell().append(whole);
  const last = row.insertCell();
  if (!c.guarded) return;
  const button = document.createElement('button');
  button.textContent = 'Write as somebody else';
  button.onclick = () => fetch('/_fake/rival?' + new URLSearchParams({collection: c.name, key: r.key}), {method: 'POST'}).then(poll);
  last.append(button);
}

function showOperations(list) {
  $('total').textContent = '(' + list.length + ')';
  const body = $('operations');
  body.replaceChildren();
  for (const o of list) {
    const row = body.insertRow();
    row.dataset.operation = o.id;
    cell(row, o.id);
    cell(row, o.method, 'code');
    cell(row, o.path, 'code');
    cell(row, o.guarded ? 'checked' : '');
    cell(row, o.simulated ? 'yes' : 'answers 501', o.simulated ? 'ok' : 'note');
    cell(row, o.count);
  }
}

let last = '';
async function poll() {
  try {
    const text = await (await fetch('/_fake/state')).text();
    $('state').textContent = 'live';
    if (text === last) return;
    last = text;
    const state = JSON.parse(text);
    document.title = $('title').textContent = state.title + ' sandbox';
    showCollections(state.collections);
    showRequests(state.requests);
    showOperations(state.operations);
  } catch (err) {
    $('state').textContent = 'the sandbox does not answer';
  }
}

(async () => { for (;;) { await poll(); await new Promise(done => setTimeout(done, 1000)); } })();
`
