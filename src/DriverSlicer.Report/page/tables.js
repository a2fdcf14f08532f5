// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// Crossings, locks, fields that both halves write, diagnostics. A column sorts by what its `by` returns.

const Tables = (() => {
  function table(section, columns, rows, { filter = false, none = 'None.' } = {}) {
    const holder = document.getElementById(section);
    holder.querySelector('h2').append(el('small', {}, String(rows.length)));
    if (rows.length === 0) { holder.append(el('p', { class: 'soft' }, none)); return; }
    const body = el('tbody');
    const made = rows.map(row => ({ row, line: el('tr', {}, columns.map(c => el('td', { class: c.class }, c.show(row)))) }));
    const heads = columns.map((c, k) => el('th', c.by ? { class: `sortable ${look(c)}`, tabindex: 0, 'aria-sort': 'none', onclick: () => sort(k), onkeydown: e => { if (e.key === 'Enter') sort(k); } } : { class: look(c) }, c.title));

    function sort(k) {
      const up = heads[k].getAttribute('aria-sort') === 'none' ? columns[k].class?.includes('number') !== true : heads[k].getAttribute('aria-sort') !== 'ascending';
      heads.forEach((h, n) => { if (columns[n].by) h.setAttribute('aria-sort', n === k ? (up ? 'ascending' : 'descending') : 'none'); });
      made.sort((a, b) => (up ? 1 : -1) * compare(columns[k].by(a.row), columns[k].by(b.row)));
      body.replaceChildren(...made.map(m => m.line));
    }

    body.append(...made.map(m => m.line));
    if (filter) {
      holder.append(el('input', {
        class: 'filter', type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${section}`,
        oninput: e => made.forEach(m => { m.line.hidden = !m.line.textContent.toLowerCase().includes(e.target.value.toLowerCase()); }),
      }));
    }
    holder.append(el('div', { class: `scroll${rows.length > 20 ? ' tall' : ''}` }, el('table', { class: 'rows' }, el('thead', {}, el('tr', {}, heads)), body)));
  }

  function look(column) {
    return (column.class ?? '').replace('mono', '');
  }

  function compare(a, b) {
    return typeof a === 'number' ? a - b : a < b ? -1 : a > b ? 1 : 0;
  }

  function crossings() {
    const rows = [
      ...data.upcalls.map(u => ({ up: true, name: u.name, index: u.function, signature: Details.signature(u), fieldsIn: u.fieldsIn, fieldsOut: u.fieldsOut, bytes: u.bytesIn + u.bytesOut, callers: [], note: `on death: ${u.onDeath}` })),
      ...data.downcalls.map(d => ({ up: false, name: d.name, index: d.function, signature: Details.signature(d), callers: d.callers.map(c => c[0]),
        note: [d.kind === 'driver' ? 'of the driver' : d.kind === 'extern' ? '' : d.kind, ...d.traits].filter(Boolean).join(', ') })),
    ];
    const number = value => value === undefined ? '' : value.toLocaleString('en');
    table('crossings', [
      { title: 'direction', class: 'tight', by: r => r.up ? 0 : 1, show: r => r.up ? '\u2191 upcall' : '\u2193 downcall' },
      { title: 'function, arguments, result', class: 'wide', by: r => r.name, show: r => [el('span', { class: 'mono' }, r.index >= 0 ? Details.link(r.name, r.index) : r.name), el('small', {}, r.signature.slice(r.name.length))] },
      { title: 'fields in', class: 'number', by: r => r.fieldsIn ?? -1, show: r => number(r.fieldsIn) },
      { title: 'fields out', class: 'number', by: r => r.fieldsOut ?? -1, show: r => number(r.fieldsOut) },
      { title: 'bytes', class: 'number', by: r => r.bytes ?? -1, show: r => number(r.bytes) },
      { title: 'callers', class: 'number spare', by: r => r.callers.length, show: r => r.up ? '' : el('span', { title: r.callers.map(i => functions[i].name).join('\n') }, String(r.callers.length)) },
      { title: 'more', class: 'more', by: r => r.note, show: r => r.note },
    ], rows, { filter: true, none: 'Nothing crosses.' });
  }

  function locks() {
    table('locks', [
      { title: 'lock', class: 'mono', by: l => l.name, show: l => l.name },
      { title: 'answer', class: 'tight', by: l => l.answer, show: l => l.answer },
      { title: 'why', show: l => l.reason },
      { title: 'taken by', class: 'mono', by: l => l.takers.length, show: l => l.takers.flatMap((t, k) => [k > 0 ? ', ' : '', Details.link(t)]) },
    ], data.locks, { none: 'The driver takes no lock.' });
  }

  function both() {
    const list = names => names.flatMap((n, k) => [k > 0 ? ', ' : '', Details.link(n)]);
    table('both', [
      { title: 'field', class: 'mono', by: b => `${b.record}.${b.field}`, show: b => `${b.record}.${b.field}` },
      { title: 'written in the user half by', class: 'mono', show: b => list(b.user) },
      { title: 'in the kernel half by', class: 'mono', show: b => list(b.kernel) },
    ], data.bothWritten, { none: 'No field is written by both halves.' });
  }

  function diagnostics() {
    const weight = { error: 0, warning: 1, note: 2 };
    table('diagnostics', [
      { title: 'severity', class: 'tight', by: d => `${weight[d.severity]}${d.id}`, show: d => [el('span', { class: d.severity }, d.severity), el('small', {}, d.id)] },
      { title: 'at', class: 'mono tight', by: d => `${d.file}:${String(d.line).padStart(7, '0')}:${String(d.column).padStart(4, '0')}`, show: d => d.line > 0 ? Details.place(`${d.file}:${d.line}:${d.column}`) : d.file },
      { title: 'what', show: d => d.message },
      { title: 'next step', class: 'lines', show: d => d.next },
    ], data.diagnostics, { filter: data.diagnostics.length > 20, none: 'There is nothing to report.' });
  }

  return { draw() { crossings(); locks(); both(); diagnostics(); } };
})();
