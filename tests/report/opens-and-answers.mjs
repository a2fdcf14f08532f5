// SPDX-License-Identifier: GPL-2.0-only
// Opens a report as a reader does: everything is drawn, search finds, a click explains, tables sort; nothing is fetched, nothing complains.
//   node opens-and-answers.mjs REPORT.html FUNCTION PART-OF-ITS-REASON [SECONDS-TO-OPEN]
import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Browser } from './browser.mjs';

const [file, name, reason, seconds] = process.argv.slice(2);
setTimeout(() => { console.error('no answer from the page in three minutes'); process.exit(1); }, 180_000).unref();
const arranged = `new Promise(done => { const look = () => document.getElementById('canvas').dataset.layout === 'done' ? done() : setTimeout(look, 50); look(); })`;

for (const [width, height, dark] of [[1280, 900, false], [800, 900, true]]) {
  const browser = await Browser.start({ width, height, dark });
  try {
    const times = [await browser.open(pathToFileURL(file).href)];
    const work = await browser.work();
    while (seconds && times.length < 3) times.push(await browser.open(pathToFileURL(file).href));
    console.log(`${file} at ${width}: opened in ${times.map(t => Math.round(t)).join(', ')} ms, ${Math.round(work)} ms of it work`);
    assert.equal(await browser.evaluate('document.documentElement.dataset.ready'), 'true', 'the page did not come to its end');
    // Where other programs keep the machine busy, how long one waits is not the page's doing.
    const took = loadavg()[0] > availableParallelism() ? work : Math.min(...times);
    if (seconds) assert.ok(took < 1000 * seconds, `it opened in ${took} ms`);
    await browser.evaluate(arranged);

    const functions = await browser.evaluate('functions.map(f => f.name)');
    const drawn = await browser.evaluate(`[...document.querySelectorAll('#canvas g.node')].filter(n => n.querySelector('rect').getBoundingClientRect().width > 0).map(n => n.dataset.name)`);
    assert.deepEqual(drawn.sort(), functions.sort(), 'a node for every function');
    const halves = await browser.evaluate(`functions.every(f => [...document.querySelectorAll('#canvas g.node.' + f.half)].some(n => n.dataset.name === f.name))`);
    assert.ok(halves, 'every node has its half');
    const colours = await browser.evaluate(`new Set([...document.querySelectorAll('#canvas g.node rect')].map(r => getComputedStyle(r).stroke)).size`);
    assert.equal(colours, await browser.evaluate('new Set(functions.map(f => f.half)).size'), 'a colour for each half');
    const apart = await browser.evaluate(`new Set([...document.querySelectorAll('#canvas g.node')].map(n => n.getAttribute('transform'))).size`);
    assert.equal(apart, functions.length, 'two nodes lie at one place');
    assert.equal(await browser.evaluate(`document.querySelectorAll('#canvas path.edge').length`), await browser.evaluate('data.edges.filter(e => e[0] !== e[1]).length'), 'a line for every call');

    const scale = 'd3.zoomTransform(document.getElementById("canvas")).k';
    const far = await browser.evaluate(scale);
    await browser.click('#in');
    assert.ok(await browser.evaluate(scale) > far, 'the graph comes nearer');
    await browser.click('#out');
    assert.ok(Math.abs(await browser.evaluate(scale) - far) < 1e-6, 'and goes back');

    if (await browser.evaluate('!!data.measurements?.ratios.length'))
      for (const plot of ['Throughput', 'Processor time', 'Initialisation'])
        for (const whose of ['ours', 'theirs'])
          assert.ok(await browser.evaluate(`[...document.querySelectorAll('.plot')].some(p => p.querySelector('h3').textContent.startsWith('${plot}') && p.querySelector('g.${whose}'))`), `${plot}: ${whose}`);

    await browser.click('#search');
    await browser.type(name.slice(1).toUpperCase());
    assert.ok((await browser.evaluate(`[...document.querySelectorAll('#found button')].map(b => b.textContent)`)).some(t => t.startsWith(name)), 'search finds by a part of the name');
    await browser.key('Enter');
    assert.equal(await browser.evaluate(`document.querySelector('#details .name').textContent`), name, 'Enter takes the first that was found');

    await browser.evaluate('select(-1)');
    assert.equal(await browser.evaluate(`document.getElementById('reason')`), null);
    await browser.evaluate('Graph.centre(byName.get(' + JSON.stringify(name) + '))');
    await browser.evaluate(`document.getElementById('graph').scrollIntoView()`);
    await browser.evaluate('new Promise(done => setTimeout(done, 200))');
    await browser.click(`#canvas g.node[data-name="${name}"] rect`);
    assert.match(await browser.evaluate(`document.getElementById('reason')?.textContent ?? 'no reason is shown'`), new RegExp(reason), 'a click shows the reason');
    assert.match(await browser.evaluate(`document.querySelector('#details .source').textContent`), new RegExp(name), 'and the text');
    assert.equal(await browser.evaluate(`Number(document.querySelector('#details .source div').dataset.line)`), await browser.evaluate(`functions[byName.get(${JSON.stringify(name)})].first`), 'with its line numbers');

    await browser.evaluate(`document.querySelectorAll('#crossings th')[1].click()`);
    const sorted = await browser.evaluate(`[...document.querySelectorAll('#crossings tbody tr')].map(r => r.cells[1].textContent)`);
    assert.deepEqual(sorted, [...sorted].sort(), 'the crossing table sorts by name');
    assert.equal(sorted.length, await browser.evaluate('data.upcalls.length + data.downcalls.length'), 'every crossing has a row');
    assert.equal(await browser.evaluate(`document.querySelectorAll('#diagnostics tbody tr').length`), await browser.evaluate('data.diagnostics.length'), 'every diagnostic has a row');
    assert.equal(await browser.evaluate(`document.querySelectorAll('#locks tbody tr').length`), await browser.evaluate('data.locks.length'), 'every lock has a row');
    assert.ok(await browser.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'the page is wider than the window');

    // The worker's own program is no request: it comes out of the page.
    assert.deepEqual(browser.requests.filter(r => !r.startsWith('blob:')), [], 'the page asked for something');
    assert.deepEqual(browser.errors, [], 'the console has complaints');
  } finally {
    await browser.close();
  }
}
