// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// A function's own text with its line numbers; names of other functions of the driver lead to them.

const Source = (() => {
  const token = /\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|[^]/g;
  const words = new Set(('break case char const continue default do double else enum extern float for goto if inline int long register return short signed ' +
    'sizeof static struct switch typedef union unsigned void volatile while bool u8 u16 u32 u64 s8 s16 s32 s64 size_t').split(' '));
  const lines = data.files.map(f => f.text.split('\n'));

  function of(f, mark) {
    return text(f.file, f.first, f.last, mark, f.index);
  }

  /** A place outside of functions: a table of them, mostly. */
  function around(file, line) {
    return text(file, Math.max(1, line - 12), Math.min(lines[file].length, line + 12), line, -1);
  }

  function text(file, first, last, mark, own) {
    const shown = el('div', { class: 'source', tabindex: 0, 'aria-label': `${data.files[file].path} from line ${first}` });
    let line = first;
    let row = start();
    for (const piece of pieces(lines[file].slice(first - 1, last).join('\n'), own)) {
      piece.text.split('\n').forEach((text, i) => {
        if (i > 0) row = start();
        if (text) row.append(piece.make ? piece.make(text) : text);
      });
    }
    return shown;

    function start() {
      const code = el('code');
      shown.append(el('div', { class: line === mark ? 'mark' : null, 'data-line': line }, el('i', {}, String(line)), code));
      line++;
      return code;
    }
  }

  function* pieces(text, own) {
    let plain = '';
    for (const [found] of text.matchAll(token)) {
      const make = painter(found, own);
      if (!make) { plain += found; continue; }
      if (plain) yield { text: plain };
      plain = '';
      yield { text: found, make };
    }
    if (plain) yield { text: plain };
  }

  function painter(found, own) {
    if (found.startsWith('/*') || found.startsWith('//')) return text => el('span', { class: 'c' }, text);
    if (found.length > 1 && (found[0] === '"' || found[0] === "'")) return text => el('span', { class: 's' }, text);
    if (words.has(found)) return text => el('span', { class: 'w' }, text);
    const other = byName.get(found);
    if (other === undefined || other === own) return null;
    return text => el('span', { class: `link ${functions[other].half}`, onclick: () => select(other) }, text);
  }

  return { of, around };
})();
