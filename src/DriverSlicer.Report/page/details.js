// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// What is known of one function: half, reason, contexts, locks, crossings with the fields that they carry, and its text.

const Details = (() => {
  const panel = document.getElementById('details');
  const death = { fail: 'the caller gets an error', retry: 'the next process repeats it', undo: 'the kernel undoes what is owed' };
  const direction = ['', 'in \u2192', '\u2190 out', 'in \u21C4 out'];

  function show(i, line) {
    panel.replaceChildren(...(i < 0 ? introduction() : about(functions[i], line)));
    panel.scrollTop = 0;
    panel.querySelector('.mark')?.scrollIntoView({ block: 'nearest' });
  }

  function introduction() {
    return [
      el('p', { class: 'name' }, 'Click a function'),
      el('p', { class: 'soft' }, 'It shows why the function is in its half, what would have to change to move it, what crosses there, and its text. ' +
        'Drag to pan, turn the wheel to zoom; the search field above finds functions by a part of their name.'),
      el('h3', {}, 'Entries into the user half'),
      names(data.upcalls.map(u => u.function)),
    ];
  }

  function about(f, line) {
    return [
      el('p', { class: 'name' }, f.name),
      el('div', { class: 'chips' },
        el('span', { class: `chip ${f.half}` }, `${f.half} half`),
        f.upcall && el('span', { class: 'chip cross' }, 'entry: upcall'),
        f.downcall && el('span', { class: 'chip cross' }, 'called from the user half'),
        f.deferred && el('span', { class: 'chip' }, 'deferred'),
        f.gate && el('span', { class: 'chip' }, `behind the gate: ${f.gate}`),
        f.contexts.split(', ').map(c => el('span', { class: 'chip' }, c === 'none' ? 'no known context' : c))),
      el('dl', { class: 'facts' },
        fact('reason', el('span', { id: 'reason' }, f.reason)),
        fact('decided', f.decided && place(f.decided)),
        fact('path', f.path.length > 1 && f.path.flatMap((name, k) => [k > 0 ? ' \u2192 ' : '', link(name)])),
        fact('to move', f.toMove),
        fact('text', f.file >= 0 ? `${f.at}, ${plural(f.lines, 'line')}` : f.at),
        fact('entered', f.entered.length > 0 && ['through ', f.entered.flatMap((name, k) => [k > 0 ? ', ' : '', link(name)]), '; its fields travel with them']),
        f.locks.map(k => fact('lock', [el('code', {}, data.locks[k].name), ` ${data.locks[k].answer}: ${data.locks[k].reason}`])),
        fact('pointers', f.unknownCalls > 0 && `${plural(f.unknownCalls, 'call')} through a pointer that may lead out of the driver`)),
      f.upcall && crossing(f.upcall),
      f.downcall && [el('h3', {}, 'Called from the user half'), el('p', { class: 'mono' }, signature(f.downcall)), names(f.downcall.callers.map(c => c[0]))],
      f.asks.length > 0 && [
        el('h3', {}, 'What it calls in the kernel'),
        el('div', { class: 'fields' }, el('table', {}, f.asks.map(a => el('tr', {},
          el('td', {}, `${a.places}\u00D7`), el('td', { class: 'mono' }, signature(a.target)), el('td', {}, a.target.traits.join(', ')))))),
      ],
      f.callers.length > 0 && [el('h3', {}, 'Called by'), names(f.callers.map(c => c.other))],
      f.calls.length > 0 && [el('h3', {}, 'Calls'), names(f.calls.map(c => c.other))],
      f.file >= 0 ? [el('h3', {}, data.files[f.file].path), Source.of(f, line)] : el('p', { class: 'soft' }, f.macro ? `Made by the macro ${f.macro}; it has no text of its own.` : 'It has no text of its own.'),
    ].flat(Infinity).filter(Boolean);
  }

  function crossing(u) {
    return [
      el('h3', {}, `Upcall: ${plural(u.fieldsIn, 'field')} in (${plural(u.bytesIn, 'byte')}), ${u.fieldsOut} out (${plural(u.bytesOut, 'byte')}) at most`),
      el('p', { class: 'mono' }, signature(u)),
      el('p', { class: 'soft' }, `If the process dies meanwhile, ${death[u.onDeath]}.`),
      u.objects.map((o, k) => el('details', { class: 'fields', open: k < 4 && u.fieldsIn + u.fieldsOut <= 14 },
        el('summary', {}, o.of, el('span', { class: 'soft' }, `  ${plural(o.fields.length, 'field')}`)),
        el('table', {}, o.fields.map(([path, kind, bytes, way]) => el('tr', {},
          el('td', {}, direction[way]), el('td', { class: 'mono' }, path || '(all of it)'), el('td', {}, `${kind}, ${bytes} B`)))))),
    ];
  }

  function signature(c) {
    return `${c.name}(${c.parameters.join(', ')}) \u2192 ${c.result}`;
  }

  function fact(word, content) {
    return content ? [el('dt', {}, word), el('dd', {}, content)] : null;
  }

  function names(indices) {
    const sorted = [...new Set(indices)].sort((a, b) => functions[a].name < functions[b].name ? -1 : 1);
    return el('div', { class: 'names' }, sorted.map(i => link(functions[i].name, i)));
  }

  function link(name, i = byName.get(name)) {
    return i === undefined ? name : el('button', { type: 'button', class: `link ${functions[i].half}`, onclick: () => select(i) }, name);
  }

  /** FILE:LINE:COLUMN; a link where it lies in a function that is shown. */
  function place(text) {
    const [file, line] = text.split(':');
    const i = functionAt(file, Number(line));
    const held = data.files.findIndex(f => f.path === file);
    return held < 0 ? text : el('button', { type: 'button', class: 'link', onclick: () => i >= 0 ? select(i, Number(line)) : showPlace(held, Number(line), text) }, text);
  }

  function showPlace(file, line, text) {
    select(-1);
    panel.replaceChildren(el('p', { class: 'name' }, text), Source.around(file, line));
    document.getElementById('graph').scrollIntoView();
  }

  return { show, link, place, signature, names };
})();
