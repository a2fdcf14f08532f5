// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// What the slicer wrote, with the lookups that the rest of the page needs; and how elements are made: text is always text, never markup.

const data = JSON.parse(document.getElementById('data').textContent);

const functions = data.functions;
functions.forEach((f, i) => Object.assign(f, { index: i, calls: [], callers: [], asks: [] }));
for (const [from, to, pointer] of data.edges) {
  functions[from].calls.push({ other: to, pointer });
  functions[to].callers.push({ other: from, pointer });
}
data.upcalls.forEach(u => { functions[u.function].upcall = u; });
data.downcalls.forEach(d => {
  if (d.function >= 0) functions[d.function].downcall = d;
  for (const [from, places] of d.callers) functions[from].asks.push({ target: d, places });
});

const byName = new Map();
functions.forEach(f => { if (!byName.has(f.name)) byName.set(f.name, f.index); });

/** Function whose text holds a line, or -1. */
function functionAt(file, line) {
  return functions.findIndex(f => f.file >= 0 && data.files[f.file].path === file && f.first <= line && line <= f.last);
}

function plural(n, noun) {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return made;
}
