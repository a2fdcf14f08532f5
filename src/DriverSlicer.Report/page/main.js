// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// The headline, the bar, and what happens when something is chosen.

let chosen = -1;
let onlyPaths = false;

/** Shows a function everywhere; -1 for none. A line is marked in its text. */
function select(i, line) {
  chosen = i;
  if (i >= 0 && (onlyPaths || !Graph.shows(i))) drawGraph();
  Graph.mark(i);
  Details.show(i, line);
  if (i >= 0) {
    Graph.centre(i);
    const box = document.getElementById('graph').getBoundingClientRect();
    if (box.bottom < 200 || box.top > innerHeight - 200) document.getElementById('graph').scrollIntoView();
  }
  history.replaceState(null, '', i < 0 ? location.pathname + location.search : `#${encodeURIComponent(functions[i].name)}`);
}

function drawGraph() {
  Graph.draw(onlyPaths && chosen >= 0 ? paths(chosen) : functions.map(f => f.index));
}

/** A function, all that lead to it and all that it leads to. */
function paths(from) {
  const found = new Set([from]);
  for (const side of ['calls', 'callers']) {
    const seen = new Set([from]);
    const open = [from];
    while (open.length > 0)
      for (const { other } of functions[open.pop()][side]) if (!seen.has(other)) { seen.add(other); open.push(other); }
    seen.forEach(i => found.add(i));
  }
  return [...found].sort((a, b) => a - b);
}

function headline() {
  const h = data.headline;
  const lines = h.userLines + h.kernelLines;
  const percent = lines ? Math.round(100 * h.userLines / lines) : 0;
  const tile = (figure, words) => el('div', { class: 'tile' }, el('b', {}, figure), el('span', {}, words));
  const bad = data.diagnostics.filter(d => d.severity === 'error').length;
  document.getElementById('headline').append(
    el('h1', {}, data.driver),
    el('p', {}, `The driver of Linux ${data.kernel}, split in two: ${plural(h.userFunctions, 'function')} can run in a process, ${plural(h.kernelFunctions, 'function')} stay in the kernel.` +
      (bad > 0 ? ` ${plural(bad, 'error')} keep it from being written out.` : '')),
    el('div', { class: 'share', title: `${percent}% of the lines in the user half` },
      h.userLines > 0 && el('span', { class: 'user', style: `flex:${h.userLines} 0 0` }, `user half: ${h.userLines.toLocaleString('en')} lines`),
      h.kernelLines > 0 && el('span', { class: 'kernel', style: `flex:${h.kernelLines} 0 0` }, `kernel half: ${h.kernelLines.toLocaleString('en')} lines`)),
    el('div', { class: 'tiles' },
      tile(`${percent}%`, 'of the lines in the user half'),
      tile(`${h.userFunctions} / ${h.kernelFunctions}`, 'functions in the user / kernel half'),
      tile(String(data.upcalls.length), 'entries into the user half'),
      tile(String(data.downcalls.length), 'functions it may call in the kernel'),
      tile(String(data.bothWritten.length), 'fields that both halves write'),
      tile(String(data.annotations), 'annotations'),
      h.linesChanged !== undefined && tile(String(h.linesChanged), 'lines of the driver changed')));
}

function legend() {
  const box = (half, words, heavy) => el('span', {}, sample(`<rect x="1.5" y="1.5" width="19" height="11" rx="${half === 'user' ? 5 : 1}" fill="var(--${half}-fill)" stroke="var(--${half})" stroke-width="${heavy ? 2.6 : 1.2}"/>`), words);
  const line = (colour, dash, words) => el('span', {}, sample(`<path d="M1 7h20" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`), words);
  document.getElementById('legend').append(box('user', 'user half'), box('user', 'its entries', true), box('kernel', 'kernel half'),
    line('var(--cross)', '', 'call over the cut'), line('var(--soft)', '', 'other call'), line('var(--soft)', '4 3', 'through a pointer'),
    functions.some(f => f.file < 0) ? el('span', {}, sample('<rect x="1.5" y="1.5" width="19" height="11" rx="1" fill="none" stroke="var(--kernel)" stroke-width="1.2" stroke-dasharray="4 3"/>'), 'made by a macro') : '');

  // Our own text only: nothing of the driver is in it.
  function sample(shape) {
    const holder = el('span');
    holder.innerHTML = `<svg width="22" height="14">${shape}</svg>`;
    return holder.firstChild;
  }
}

function search() {
  const field = document.getElementById('search');
  const list = document.getElementById('found');
  const find = () => {
    const words = field.value.trim().toLowerCase();
    const rank = f => { const at = f.name.toLowerCase().indexOf(words); return f.name.toLowerCase() === words ? -1 : at; };
    const hits = words ? functions.filter(f => rank(f) >= -1 && (rank(f) >= 0 || f.name.toLowerCase() === words)).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)) : [];
    list.replaceChildren(...hits.slice(0, 40).map(f => el('li', {}, el('button', { type: 'button', onclick: () => choose(f.index) },
      el('span', { class: 'mono' }, f.name), el('span', { class: f.half }, f.half)))), ...(words && hits.length === 0 ? [el('li', { class: 'soft' }, 'no function of that name')] : []));
    list.hidden = !words;
    return hits;
  };
  const choose = i => { list.hidden = true; field.blur(); select(i); };
  field.addEventListener('input', find);
  field.addEventListener('focus', find);
  field.addEventListener('keydown', e => {
    if (e.key === 'Enter') { const hits = find(); if (hits.length > 0) choose(hits[0].index); }
    if (e.key === 'Escape') { field.value = ''; list.hidden = true; }
    if (e.key === 'ArrowDown') { e.preventDefault(); list.querySelector('button')?.focus(); }
  });
  list.addEventListener('keydown', e => {
    const to = e.key === 'ArrowDown' ? 'nextSibling' : e.key === 'ArrowUp' ? 'previousSibling' : null;
    if (to) { e.preventDefault(); (document.activeElement.parentNode[to]?.firstChild ?? field).focus(); }
  });
  document.addEventListener('click', e => { if (!e.target.closest('.search')) list.hidden = true; });
  document.addEventListener('keydown', e => { if (e.key === '/' && !/INPUT/.test(document.activeElement.tagName)) { e.preventDefault(); field.focus(); } });
}

function bar() {
  document.getElementById('brand').append(data.driver, el('small', {}, data.kernel));
  document.getElementById('sections').append(...[['graph', 'Graph'], ['crossings', 'Crossings'], ['locks', 'Locks'], ['both', 'Both write'], ['diagnostics', 'Diagnostics'], ['figures', 'Figures']]
    .map(([id, words]) => el('a', { href: `#${id}`, onclick: e => { e.preventDefault(); document.getElementById(id).scrollIntoView(); } }, words)));
  document.getElementById('theme').addEventListener('click', () => {
    const root = document.documentElement.style;
    const dark = root.colorScheme ? root.colorScheme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.colorScheme = dark ? 'light' : 'dark';
  });
  document.getElementById('lead').addEventListener('click', e => {
    onlyPaths = !onlyPaths;
    e.currentTarget.setAttribute('aria-pressed', String(onlyPaths));
    drawGraph();
    Graph.mark(chosen);
  });
  document.getElementById('foot').append('Written by DriverSlicer. Everything is in this file; it asks the network for nothing.');
}

bar();
headline();
legend();
search();
Tables.draw();
Plots.draw();
drawGraph();
const named = byName.get(decodeURIComponent(location.hash.slice(1)));
select(named ?? -1);
document.documentElement.dataset.ready = 'true';
