// Looks at the sandbox's page: node check.mjs PATH-OF-CONTACTSGEN
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

function findBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = process.env.CHROMIUM
    ? [process.env.CHROMIUM]
    : ['chromium', 'chromium-browser', 'google-chrome', 'chrome'].flatMap((name) => folders.map((dir) => join(dir, name)));
  for (const place of places) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch {
      // not here
    }
  }
  console.error(process.env.CHROMIUM ? 'CHROMIUM names no program: ' + process.env.CHROMIUM : 'test-browser needs a Chromium: install one, or name it in CHROMIUM');
  process.exit(1);
}

// startSandbox gives the process, its address, and the address of the first resource, both as it prints them.
async function startSandbox(command) {
  const sandbox = spawn(command, ['sandbox', '--addr', '127.0.0.1:0', '--for', '2m'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: sandbox.stdout })) {
    const sample = /curl '(.*)'/.exec(line);
    if (sample) return { sandbox, sample: sample[1], address: new URL(sample[1]).origin };
  }
  throw new Error('the sandbox printed no address');
}

async function send(method, url, body) {
  const answer = await fetch(url, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

async function check(page, address, sample) {
  const problems = [], foreign = [];
  page.on('pageerror', (err) => problems.push(String(err)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => new URL(request.url()).origin === address || foreign.push(request.url()));
  await page.goto(address + '/');

  // Everything that the description has, and what is there.
  await page.waitForSelector('#operations tr');
  assert.equal(await page.locator('#operations tr').count(), 34, 'operations');
  assert.equal(await page.locator('#operations td.ok', { hasText: 'yes' }).count(), 34, 'simulated operations');
  const { body: { contact } } = await send('GET', sample);
  const resource = page.locator(`#collections tr[data-key="${contact.id}"]`);
  assert.equal(await resource.getAttribute('data-revision'), String(contact.revision));

  // Two writers that have read the same revision: the page shows the first one win, and the second one lose.
  const write = (company) => send('PATCH', sample, { revision: contact.revision, info: { company } });
  assert.equal((await write('First')).status, 200);
  await page.waitForSelector(`#collections tr.moved[data-key="${contact.id}"][data-revision="${contact.revision + 1}"]`);
  const refused = await write('Second');
  assert.deepEqual([refused.status, refused.body.details.applicationError.code], [409, 'CONTACT_ALREADY_CHANGED']);
  const conflict = page.locator('#requests tr.conflict[data-operation="updateContact"][data-status="409"]');
  await conflict.waitFor();
  assert.match(await conflict.innerText(), /409 conflict: /);
  assert.equal(await page.locator('#requests tr.conflict').count(), 1);
  await resource.locator('summary').click();
  assert.match(await resource.locator('pre').innerText(), /"company": "First"/, 'the first write was not lost');

  // A refusal that is no conflict does not look like one, and text is text.
  await send('POST', sample.slice(0, sample.lastIndexOf('/')), { info: { name: { first: '<b id="markup">Ada</b>' }, emails: { items: [{ email: 'ada@example.com' }] } } });
  await page.waitForSelector('#requests tr[data-operation="createContact"][data-status="409"]:not(.conflict)');
  assert.equal(await page.locator('#markup').count(), 0, 'markup in a request became markup of the page');

  // The button is the other writer.
  await resource.locator('button').click();
  await page.waitForSelector(`#collections tr[data-key="${contact.id}"][data-revision="${contact.revision + 2}"]`);
  assert.equal(await page.locator('#requests tr').count(), 4, 'requests: the page watches, and is not watched');

  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
  assert.deepEqual(problems, [], 'errors on the page');
  assert.deepEqual(foreign, [], 'requests to other places');
}

const executablePath = findBrowser();
const { sandbox, sample, address } = await startSandbox(process.argv[2]);
const ended = new Promise((done) => sandbox.on('exit', done));
try {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await check(await browser.newPage({ viewport: { width: 1280, height: 900 } }), address, sample);
  } finally {
    await browser.close();
  }
} finally {
  sandbox.kill('SIGINT');
}
assert.equal(await ended, 0, 'exit status of the sandbox after an interrupt');
console.log('34 operations, live resources and a conflict are on the page');
