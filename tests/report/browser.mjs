// SPDX-License-Identifier: GPL-2.0-only
// A headless Chromium, spoken to over its debugging pipe (file descriptors 3 and 4): JSON messages that end in NUL.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Browser {
  #last = 0;
  #waiting = new Map();
  #loaded = [];

  /** URLs asked for, other than the page's own. */
  requests = [];

  /** What the console or an uncaught exception said that is no mere remark. */
  errors = [];

  static async start({ width = 1280, height = 900, dark = false } = {}) {
    const browser = new Browser();
    browser.folder = mkdtempSync(join(tmpdir(), 'report-browser-'));
    browser.process = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--no-first-run', '--disable-background-networking',
      `--user-data-dir=${browser.folder}`], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    process.on('exit', () => browser.process.kill());
    browser.process.on('error', e => { console.error(`chromium cannot be started: ${e.message}; 'make setup' installs it`); process.exit(1); });
    let text = '';
    browser.process.stdio[4].setEncoding('utf8').on('data', chunk => {
      const messages = (text + chunk).split('\0');
      text = messages.pop();
      messages.forEach(m => browser.#receive(JSON.parse(m)));
    });
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    ({ sessionId: browser.session } = await browser.send('Target.attachToTarget', { targetId, flatten: true }));
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await browser.send(`${domain}.enable`);
    await browser.send('Performance.enable', { timeDomain: 'threadTicks' });
    await browser.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }, { name: 'prefers-reduced-motion', value: 'reduce' }] });
    return browser;
  }

  send(method, params = {}) {
    const id = ++this.#last;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, ...(this.session ? { sessionId: this.session } : {}) }) + '\0');
    return new Promise((done, failed) => this.#waiting.set(id, { done, failed }));
  }

  /** Milliseconds from asking for the page until it has drawn itself and the next frame is on the screen. */
  async open(url) {
    this.url = url;
    const start = performance.now();
    const loaded = new Promise(done => this.#loaded.push(done));
    await this.send('Page.navigate', { url });
    await loaded;
    await this.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return performance.now() - start;
  }

  /** Processor milliseconds that the page's own thread has used so far. */
  async work() {
    const { metrics } = await this.send('Performance.getMetrics');
    return 1000 * metrics.find(m => m.name === 'TaskDuration').value;
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** A real click in the middle of what the selector finds. */
  async click(selector) {
    const at = await this.evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: 'nearest' }); const b = e.getBoundingClientRect(); return { x: b.x + b.width / 2, y: b.y + b.height / 2 }; })()`);
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
  }

  async type(text) {
    await this.send('Input.insertText', { text });
  }

  async key(key) {
    const code = { Enter: 13, Escape: 27 }[key];
    for (const type of ['keyDown', 'keyUp'])
      await this.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code, text: type === 'keyDown' && key === 'Enter' ? '\r' : undefined });
  }

  async close() {
    const ended = new Promise(done => this.process.once('exit', done));
    this.session = undefined;
    this.send('Browser.close').catch(() => {});
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(message) {
    const { id, method, params } = message;
    if (id !== undefined) {
      const { done, failed } = this.#waiting.get(id);
      this.#waiting.delete(id);
      message.error ? failed(new Error(message.error.message)) : done(message.result);
    } else if (method === 'Page.loadEventFired') {
      this.#loaded.splice(0).forEach(done => done());
    } else if (method === 'Network.requestWillBeSent') {
      if (params.request.url.split('#')[0] !== this.url?.split('#')[0]) this.requests.push(params.request.url);
    } else if (method === 'Runtime.exceptionThrown') {
      this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    } else if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) {
      this.errors.push(params.args.map(a => a.value ?? a.description).join(' '));
    } else if (method === 'Log.entryAdded' && ['error', 'warning'].includes(params.entry.level)) {
      this.errors.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }
  }
}
