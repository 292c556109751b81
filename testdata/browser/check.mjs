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

// watch collects what goes wrong on a page, and requests to other places.
function watch(page, address) {
  const problems = [];
  page.on('pageerror', (err) => problems.push(String(err)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => new URL(request.url()).origin === address || problems.push('a request to ' + request.url()));
  return problems;
}

async function check(page, address, sample) {
  await page.goto(address + '/');

  // Everything that the description has, and what is there.
  await page.waitForSelector('#operations li', { state: 'attached' });
  assert.equal(await page.locator('#operations li').count(), 34, 'operations');
  assert.equal(await page.locator('#operations li[data-simulated=true]').count(), 34, 'simulated operations');
  const { body: { contact } } = await send('GET', sample);
  const resource = page.locator(`#collections .resource[data-key="${contact.id}"]`);
  await resource.waitFor();
  assert.equal(await resource.getAttribute('data-revision'), String(contact.revision));

  // Two writers that have read the same revision: the page shows the first one win, and the second one lose.
  const write = (company) => send('PATCH', sample, { revision: contact.revision, info: { company } });
  assert.equal((await write('First')).status, 200);
  await page.waitForSelector(`#collections .moved[data-key="${contact.id}"][data-revision="${contact.revision + 1}"]`);
  const refused = await write('Second');
  assert.deepEqual([refused.status, refused.body.details.applicationError.code], [409, 'CONTACT_ALREADY_CHANGED']);
  const conflict = page.locator('#requests li.conflict[data-operation="updateContact"][data-status="409"]');
  await conflict.waitFor();
  assert.match(await conflict.innerText(), /409[^]*conflict: /);
  assert.equal(await page.locator('#requests li.conflict').count(), 1);
  await resource.locator('summary').click();
  assert.match(await resource.locator('pre').innerText(), /"company": "First"/, 'the first write was not lost');

  // A request that is opened stays open, and shows both sides with the revision marked.
  await conflict.locator('.line').click();
  await conflict.locator('.side').nth(1).waitFor();
  assert.equal(await conflict.locator('.side').nth(0).locator('mark').innerText(), String(contact.revision));
  assert.match(await conflict.locator('.side').nth(1).innerText(), /CONTACT_ALREADY_CHANGED/);

  // A refusal that is no conflict does not look like one, and text is text.
  await send('POST', sample.slice(0, sample.lastIndexOf('/')), { info: { name: { first: '<b id="markup">Ada</b>' }, emails: { items: [{ email: 'ada@example.com' }] } } });
  await page.waitForSelector('#requests li[data-operation="createContact"][data-status="409"]:not(.conflict)');
  assert.equal(await page.locator('#markup').count(), 0, 'markup in a request became markup of the page');
  assert.equal(await conflict.locator('.side').count(), 2, 'what was opened is still open');

  // The button is the other writer.
  await resource.locator('button').click();
  await page.waitForSelector(`#collections .resource[data-key="${contact.id}"][data-revision="${contact.revision + 2}"]`);
  assert.equal(await page.locator('#requests > li').count(), 4, 'requests: the page watches, and is not watched');
}

// Two clicks, and the conflict is drawn as it happens.
async function checkWriters(page) {
  await page.locator('#both-read').click();
  await page.locator('#both-write:enabled').click();
  await page.waitForFunction(() => document.querySelector('#verdict').textContent.startsWith('Nothing was lost'));
  const steps = await page.locator('#drawing g').evaluateAll((all) => all.map((g) => g.dataset.writer + ' ' + g.dataset.kind));
  assert.deepEqual(steps, ['A ok', 'B ok', 'A ok', 'B bad', 'B ok', 'B ok']);
  assert.match(await page.locator('#drawing g').nth(3).innerHTML(), /409 conflict/);
}

// A click switches a fault on, the next request meets it, and then it is off.
async function checkFaults(page, sample) {
  const fault = page.locator('#kinds button[data-kind="throttle"]');
  await fault.click();
  await page.waitForSelector('#kinds button[data-kind="throttle"][aria-pressed=true]');
  assert.equal((await send('GET', sample)).status, 429);
  await page.waitForSelector('#kinds button[data-kind="throttle"][aria-pressed=false]');
  await fault.click();
  await page.waitForSelector('#kinds button[data-kind="throttle"][aria-pressed=true]');
  await fault.click();
  await page.waitForSelector('#kinds button[data-kind="throttle"][aria-pressed=false]');
  assert.equal((await send('GET', sample)).status, 200);
}

async function checkSnippets(page, address, sample) {
  for (const [tab, want] of [['curl', `'${sample}'`], ['JS', `fetch('${sample}')`], ['Go', `contacts.WithBaseURL("${address}")`]]) {
    await page.locator('#tabs button', { hasText: tab }).click();
    const text = await page.locator('#snippet').textContent();
    assert.ok(text.includes(want), `${tab}: ${text}`);
    await page.locator('#copy-snippet').click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  }
}

// Text that is less readable than WCAG's 4.5 to 1.
function faint() {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => rgb.slice(0, 3).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const out = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    if (!own || !element.checkVisibility() || element.disabled) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(element instanceof SVGElement ? style.fill : style.color)), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) out.push(`${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return out;
}

// With 500 contacts, on a phone and on a desk, by day and by night: the log is on the first screen, nothing is wider than the screen, and all can be read.
async function checkSizes(browser, address, sample) {
  const collection = sample.slice(0, sample.lastIndexOf('/'));
  for (let i = 0; i < 500; i++) await send('POST', collection, { info: { emails: { items: [{ email: `person${i}@example.com` }] } } });
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const problems = watch(page, address);
      await page.goto(address + '/');
      await page.waitForSelector('#requests li');
      await checkWriters(page);
      await page.locator('#requests li.conflict .line').first().click();
      await page.locator('.side').nth(1).waitFor();
      const where = `${width} px, ${colorScheme}: `;
      assert.ok((await page.locator('#requests').boundingBox()).y < height / 3, where + 'the log begins on the first screen');
      assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth].map(Math.round)), [width, width], where + 'wider than the screen');
      const [sent, answered] = [await page.locator('.side').nth(0).boundingBox(), await page.locator('.side').nth(1).boundingBox()];
      if (width > 700) assert.equal(sent.y, answered.y, where + 'sent and answered stand side by side');
      assert.ok(await page.locator('#collections .resource[data-collection=Contact]').count() <= 20, where + 'as many resources as a person looks at');
      assert.deepEqual(await page.evaluate(faint), [], where + 'hard to read');
      assert.deepEqual(problems, [], where);
      if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${width}-${colorScheme}.png`), fullPage: true });
      await page.close();
    }
  }
}

// Any of 500 can be found; clear empties the log.
async function checkFindAndClear(page) {
  await page.locator('#find').fill('PERSON499@');
  await page.waitForFunction(() => document.querySelectorAll('#collections .resource').length === 1);
  await page.locator('#clear').click();
  await page.waitForFunction(() => document.querySelectorAll('#requests > li').length === 0);
}

async function checkAll(browser, address, sample) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const problems = watch(page, address);
  await check(page, address, sample);
  await checkFaults(page, sample);
  await checkSnippets(page, address, sample);
  await checkSizes(browser, address, sample);
  await checkFindAndClear(page);
  assert.deepEqual(problems, [], 'on the page');
}

const executablePath = findBrowser();
const { sandbox, sample, address } = await startSandbox(process.argv[2]);
const ended = new Promise((done) => sandbox.on('exit', done));
try {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    await checkAll(browser, address, sample);
  } finally {
    await browser.close();
  }
} finally {
  sandbox.kill('SIGINT');
}
assert.equal(await ended, 0, 'exit status of the sandbox after an interrupt');
console.log('the page shows 34 operations, a conflict as it happens, faults, snippets and 500 contacts, in two sizes and two modes');
