'use strict';
const $ = id => document.getElementById(id);
const later = ms => new Promise(done => setTimeout(done, ms));

// make gives an element with a class and a text. Text is never markup.
function make(name, kind, text, ...below) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  if (text !== undefined && text !== '') element.textContent = text;
  element.append(...below);
  return element;
}

function statusKind(status) {
  if (status === 0 || status >= 500) return 'bad';
  return status >= 400 ? 'note' : 'ok';
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1200);
}

// The log. Lines stay the elements that they are, so that what was opened stays open.
const lines = new Map();
let shownLines = 10, everything = false;

function revisions(x) {
  if (x.sent && x.answered) return 'revision ' + x.sent + ' → ' + x.answered;
  if (x.sent) return 'sent revision ' + x.sent;
  return x.answered ? 'revision ' + x.answered : '';
}

function showLine(x) {
  let item = lines.get(x.number);
  if (!item) {
    item = make('li');
    const button = make('button', 'line');
    button.setAttribute('aria-expanded', 'false');
    button.onclick = () => toggle(item, x.number);
    item.append(button);
    lines.set(x.number, item);
    $('requests').prepend(item);
  }
  Object.assign(item.dataset, {number: x.number, status: x.status, operation: x.operation, pending: String(!x.status && !x.faults)});
  item.classList.toggle('conflict', x.conflict);
  const who = x.writer ? 'Writer ' + x.writer + ': ' : '';
  const second = [x.conflict ? 'conflict: ' + x.message : x.message, x.status < 400 ? revisions(x) : '', x.key].filter(Boolean).join(' · ');
  const time = new Date(x.time).toLocaleTimeString([], {hour12: false});
  item.firstChild.replaceChildren(
    make('span', 'status ' + (x.conflict ? 'bad' : statusKind(x.status)), x.status ? String(x.status) : '…'),
    make('span', '', who + (x.operation || x.method + ' ' + x.path)),
    make('span', x.faults ? 'fault' : 'code', x.faults || time),
    make('span', 'second', second || x.method + ' ' + x.path));
}

function showRequests(state) {
  for (const x of [...state.requests].reverse()) showLine(x);
  for (const [number, item] of lines) {
    if (state.oldest === 0 || number < state.oldest) {
      item.remove();
      lines.delete(number);
    }
  }
  trim();
  $('log-empty').hidden = lines.size > 0;
  $('log-total').textContent = state.total ? '(' + state.total + ')' : '';
}

function trim() {
  let n = 0;
  for (const item of $('requests').children) item.hidden = !everything && ++n > shownLines && !item.querySelector('.whole');
  $('more-requests').hidden = lines.size <= shownLines;
  $('more-requests').textContent = everything ? 'Show fewer' : 'Show all ' + lines.size;
}

async function toggle(item, number) {
  const open = item.querySelector('.whole');
  item.firstChild.setAttribute('aria-expanded', String(!open));
  if (open) return open.remove();
  const whole = make('div', 'whole');
  item.append(whole);
  const answer = await fetch('/_fake/request?number=' + number);
  if (!answer.ok) return whole.append(make('p', 'bad', await answer.text()));
  const {sent, answered} = await answer.json();
  whole.append(strip(sent, answered), side('Sent', sent), side('Answered', answered));
  for (const pre of whole.querySelectorAll('pre')) {
    const mark = pre.querySelector('mark');
    if (mark) pre.scrollTop = mark.offsetTop - pre.offsetTop - pre.clientHeight / 2;
  }
}

function strip(sent, answered) {
  const value = x => x.marks.length ? x.marks.map(m => m.value).join(', ') : 'none';
  return make('p', 'strip', '', 'revision sent ', make('mark', '', value(sent)), 'answered ', make('mark', '', value(answered)));
}

function side(title, x) {
  const pre = make('pre');
  const inLine = x.marks.find(m => m.in === 'query' || m.in === 'path');
  pre.append(...marked(x.line, inLine && inLine.value), '\n');
  for (const [name, value] of x.headers) {
    const mark = x.marks.find(m => m.in === 'header' && m.name.toLowerCase() === name.toLowerCase());
    pre.append(name + ': ', mark ? make('mark', '', value) : value, '\n');
  }
  if (x.body) {
    pre.append('\n');
    try {
      writeJSON(pre, JSON.parse(x.body), '', '', new Set(x.marks.filter(m => m.in === 'body').map(m => m.at)));
    } catch {
      pre.append(x.body);
    }
    if (x.cut) pre.append('\n… the rest was not kept');
  }
  return make('div', 'side', '', make('h3', '', title), pre);
}

function marked(text, value) {
  const i = value ? text.lastIndexOf(value) : -1;
  return i < 0 ? [text] : [text.slice(0, i), make('mark', '', value), text.slice(i + value.length)];
}

// writeJSON writes a value with its revisions marked.
function writeJSON(into, value, indent, at, marks) {
  const list = Array.isArray(value);
  if (value === null || typeof value !== 'object' || !Object.keys(value).length) {
    const text = JSON.stringify(value);
    into.append(marks.has(at) ? make('mark', '', text) : text);
    return;
  }
  into.append(list ? '[' : '{');
  Object.keys(value).forEach((key, i) => {
    into.append((i ? ',' : '') + '\n' + indent + '  ' + (list ? '' : JSON.stringify(key) + ': '));
    writeJSON(into, value[key], indent + '  ', at + '/' + key.replaceAll('~', '~0').replaceAll('/', '~1'), marks);
  });
  into.append('\n' + indent + (list ? ']' : '}'));
}

// Two writers. Each step is a real request; the drawing follows the answers.
const lane = {A: 40, server: 190, B: 340}, rowHeight = 40;
let row = 0, busy = false;

function draw(name, attributes, text) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [k, v] of Object.entries(attributes)) element.setAttribute(k, v);
  if (text) element.textContent = text;
  return element;
}

function resize() {
  const height = 40 + row * rowHeight;
  $('drawing').setAttribute('viewBox', '0 0 380 ' + height);
  for (const line of $('drawing').querySelectorAll('.lane')) line.setAttribute('y2', height - 6);
}

function beginDrawing() {
  row = 0;
  $('drawing').replaceChildren();
  for (const [name, x] of Object.entries(lane)) {
    $('drawing').append(draw('line', {class: 'lane', x1: x, x2: x, y1: 22, y2: 40}),
      draw('text', {x, y: 14, 'text-anchor': 'middle', class: 'who'}, name === 'server' ? 'server' : 'Writer ' + name));
  }
  resize();
}

function drawStep(writer, what, result, kind) {
  const y = 48 + row++ * rowHeight, from = lane[writer], to = lane.server, way = Math.sign(to - from), middle = (from + to) / 2;
  const group = draw('g', {class: kind, 'data-writer': writer, 'data-kind': kind});
  group.append(draw('line', {class: 'arrow', x1: from + way * 4, x2: to - way * 4, y1: y, y2: y}));
  const tip = kind === 'bad' ? from + way * 4 : to - way * 4, back = kind === 'bad' ? way : -way;
  group.append(draw('path', {class: 'tip', d: `M${tip} ${y}l${back * 7} -4v8z`}),
    draw('text', {x: middle, y: y - 5, 'text-anchor': 'middle'}, what), draw('text', {x: middle, y: y + 13, 'text-anchor': 'middle'}, result));
  $('drawing').append(group);
  resize();
}

async function step(writer, action) {
  const target = JSON.parse($('target').value);
  const answer = await fetch('/_fake/writer?' + new URLSearchParams({...target, writer, do: action}), {method: 'POST'});
  if (!answer.ok) throw new Error(await answer.text());
  const x = await answer.json();
  const kind = x.status >= 200 && x.status < 300 ? 'ok' : 'bad';
  const what = action === 'read' ? 'reads' : 'writes' + (x.sent ? ' with revision ' + x.sent : '');
  const result = !x.status ? 'no answer' : x.conflict ? x.status + ' conflict' : x.status + (x.answered ? ' · revision ' + x.answered : '');
  drawStep(writer, what, result, kind);
  await poll();
  await later(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 450);
  return x;
}

async function perform(action) {
  if (busy) return;
  busy = true;
  $('both-read').disabled = $('both-write').disabled = $('target').disabled = true;
  let ready = false;
  try {
    ready = await action();
  } catch (err) {
    say(err.message, 'bad');
  }
  busy = false;
  $('both-read').disabled = $('target').disabled = false;
  $('both-write').disabled = !ready;
}

function say(text, kind) {
  $('verdict').textContent = text;
  $('verdict').className = kind || '';
}

async function bothRead() {
  beginDrawing();
  say('');
  const a = await step('A', 'read'), b = await step('B', 'read');
  const ready = a.status === 200 && b.status === 200;
  say(ready ? 'Both hold the same revision. Only one of them can win.' : 'A read failed. Read again.', ready ? '' : 'bad');
  return ready;
}

async function bothWrite() {
  const a = await step('A', 'write'), b = await step('B', 'write');
  if (!b.conflict) {
    say(a.conflict ? 'Writer A was refused, and writer B was not.' : 'Writer B got through: look at its request in the log.', '');
    return false;
  }
  say('Writer B holds a stale revision. It reads again, applies its change to what is there now, and writes.', 'bad');
  await later(300);
  if ((await step('B', 'read')).status !== 200) return false;
  const again = await step('B', 'write');
  if (again.status >= 200 && again.status < 300) say('Nothing was lost: ' + [a.change, again.change].filter(Boolean).join(', ') + '.', 'ok');
  else say('Writer B was refused once more.', 'bad');
  return false;
}

function showTargets(list) {
  if (busy || document.activeElement === $('target')) return;
  const old = $('target').value, options = [];
  for (const c of list) {
    if (!c.writable) continue;
    for (const r of c.resources) {
      const option = make('option', '', c.name + ' ' + (gist(r.value, r.key).slice(0, 3).map(x => x.slice(x.indexOf(': ') + 2)).join(', ') || r.key));
      option.value = JSON.stringify({collection: c.name, key: r.key});
      options.push(option);
    }
  }
  $('writers').hidden = !options.length && !list.some(c => c.writable);
  $('target').replaceChildren(...options);
  if (options.some(o => o.value === old)) $('target').value = old;
  $('both-read').disabled = !options.length;
}

// Faults.
function showFaults(state) {
  const choice = $('fault-operation');
  if (choice.options.length !== state.operations.length + 1) {
    choice.replaceChildren(choice.options[0], ...state.operations.map(o => make('option', '', o.id)));
  }
  if (!$('kinds').children.length) {
    for (const k of state.kinds) {
      const button = make('button');
      button.dataset.script = k.script;
      button.dataset.kind = k.kind;
      button.title = k.about;
      button.onclick = () => switchFault(button, k);
      $('kinds').append(button);
    }
  }
  $('heal').disabled = !state.faults.length;
  for (const button of $('kinds').children) {
    const kind = button.dataset.kind, script = button.dataset.script;
    const mine = state.faults.filter(f => f.kind === kind && (!chosen.has(kind) || chosen.get(kind) === script));
    const left = mine.some(f => f.times < 0) ? '∞' : mine.reduce((n, f) => n + f.times, 0);
    button.setAttribute('aria-pressed', String(mine.length > 0));
    button.textContent = script.replace('=', ' ') + (mine.length ? ' ×' + left : '');
  }
}

const chosen = new Map(); // of kinds that several buttons have: the script of the one that was clicked

async function switchFault(button, k) {
  const on = button.getAttribute('aria-pressed') === 'true';
  await fetch('/_fake/faults?' + new URLSearchParams({kind: k.kind}), {method: 'DELETE'});
  if (!on) {
    chosen.set(k.kind, k.script);
    const operation = $('fault-operation').value;
    const script = k.script + (operation ? ':' + operation : '') + $('fault-times').value;
    await fetch('/_fake/faults?' + new URLSearchParams({script}), {method: 'POST'});
  }
  await poll();
}

// Snippets.
let snippets = {}, tab = 'Go';

function showSnippets(state) {
  const base = location.origin, sample = base + state.snippets.Sample;
  snippets = {
    Go: state.snippets.Go.replaceAll('{{base}}', base),
    curl: 'curl -i ' + "'" + sample + "'",
    JS: `const answer = await fetch('${sample}');\nconsole.log(answer.status, await answer.json());`,
  };
  $('base').textContent = base;
  if (!$('tabs').children.length) {
    for (const name of Object.keys(snippets)) {
      const button = make('button', '', name);
      button.setAttribute('role', 'tab');
      button.onclick = () => { tab = name; showSnippet(); };
      $('tabs').append(button, ' ');
    }
  }
  showSnippet();
}

function showSnippet() {
  if ($('snippet').textContent !== snippets[tab]) $('snippet').textContent = snippets[tab];
  for (const button of $('tabs').children) button.setAttribute('aria-selected', String(button.textContent === tab));
}

// Resources.
const known = new Map(), opened = new Set();
let rows = 20;

// gist gives what a person knows a resource by: its texts and numbers, less ids, instants and words of a list; first what is near the top.
function gist(value, key) {
  return leaves(value, key, '', 0).sort((a, b) => a.depth - b.depth).map(x => x.text);
}

function leaves(value, key, name, depth) {
  if (value === null || value === key || typeof value === 'boolean') return [];
  if (typeof value === 'object') return Object.entries(value).flatMap(([k, v]) => leaves(v, key, Array.isArray(value) ? name : k, depth + 1));
  if (name === 'revision' || /^[0-9a-f]{8}-|^\d{4}-\d\d-\d\dT|^[A-Z]{2}[A-Z_]*$/.test(value)) return [];
  return [{depth, text: name + ': ' + value}];
}

function showCollections(list) {
  const box = $('collections');
  box.replaceChildren();
  for (const c of list) {
    if (!c.found) continue;
    box.append(make('h3', '', c.name + ' (' + (c.found === c.total ? c.total : c.found + ' of ' + c.total) + ')'));
    for (const r of c.resources) box.append(resource(c, r));
    if (c.found > c.resources.length) {
      const more = make('button', 'more', 'Show ' + Math.min(50, c.found - c.resources.length) + ' more');
      more.onclick = () => { rows += 50; poll(); };
      box.append(more);
    }
  }
  if (!box.children.length) box.append(make('p', 'note', 'Nothing is there.'));
}

function resource(c, r) {
  const id = c.name + ' ' + r.key;
  const whole = make('details', 'resource');
  Object.assign(whole.dataset, {key: r.key, revision: r.revision, collection: c.name});
  whole.classList.toggle('moved', known.has(id) && known.get(id) !== r.revision);
  known.set(id, r.revision);
  whole.open = opened.has(id);
  whole.ontoggle = () => whole.open ? opened.add(id) : opened.delete(id);
  const inside = make('div', 'inside', '', make('pre', '', JSON.stringify(r.value, null, 2)));
  if (c.guarded) {
    const button = make('button', 'rival', 'Write as somebody else');
    button.onclick = () => fetch('/_fake/rival?' + new URLSearchParams({collection: c.name, key: r.key}), {method: 'POST'}).then(poll);
    inside.prepend(button);
  }
  whole.append(make('summary', '', '', make('span', 'gist', gist(r.value, r.key).join(', ') || r.key),
    make('span', 'revision', c.guarded ? 'revision ' + r.revision : ''), make('span', 'key code', r.key)), inside);
  return whole;
}

function showOperations(list) {
  $('total').textContent = '(' + list.length + ')';
  $('operations').replaceChildren(...list.map(o => {
    const about = [o.guarded ? 'revision checked' : '', o.simulated ? '' : 'answers 501', o.count ? o.count + ' ×' : ''].filter(Boolean).join(' · ');
    const item = make('li', '', '', make('span', '', o.id), make('span', o.simulated ? 'count' : 'note', about), make('span', 'path code', o.method + ' ' + o.path));
    Object.assign(item.dataset, {operation: o.id, simulated: o.simulated});
    return item;
  }));
}

let last = '', lastCollections = '';
async function poll() {
  try {
    const pending = [...$('requests').querySelectorAll('[data-pending=true]')].map(x => Number(x.dataset.number) - 1);
    const after = Math.min(...pending, Math.max(0, ...lines.keys()));
    const answer = await fetch('/_fake/state?' + new URLSearchParams({after, rows, find: $('find').value}));
    const text = await answer.text();
    $('state').textContent = 'live';
    $('state').className = '';
    if (text === last) return;
    last = text;
    const state = JSON.parse(text);
    document.title = $('title').textContent = state.title + ' sandbox';
    showRequests(state);
    showFaults(state);
    showSnippets(state);
    const collections = JSON.stringify(state.collections);
    if (collections !== lastCollections) {
      lastCollections = collections;
      showCollections(state.collections);
      showTargets(state.collections);
    }
    showOperations(state.operations);
  } catch (err) {
    $('state').textContent = 'the sandbox does not answer';
    $('state').className = 'off';
  }
}

$('copy-base').onclick = e => copy(e.target, location.origin);
$('copy-snippet').onclick = e => copy(e.target, snippets[tab]);
$('clear').onclick = () => fetch('/_fake/clear', {method: 'POST'}).then(poll);
$('heal').onclick = () => fetch('/_fake/faults', {method: 'DELETE'}).then(poll);
$('more-requests').onclick = () => { everything = !everything; trim(); };
$('find').oninput = poll;
$('both-read').onclick = () => perform(bothRead);
$('both-write').onclick = () => perform(bothWrite);
$('target').onchange = () => { $('both-write').disabled = true; beginDrawing(); say(''); };
beginDrawing();

(async () => { for (;;) { await poll(); await later(1000); } })();
