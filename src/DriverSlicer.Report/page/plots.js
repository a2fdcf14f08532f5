// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// This driver's figures beside published ones, and what a run measured on both sides. A published figure is a point or a range and names its source.

const Plots = (() => {
  const holder = document.getElementById('figures');
  const h = data.headline;
  const lines = h.userLines + h.kernelLines;
  const sides = new Map((data.measurements?.sides ?? []).map(s => [s.key, s]));
  const ratios = data.measurements?.ratios ?? [];

  function ours(note, value, low = value, high = value) {
    return { system: data.driver, note, value, low, high, ours: true };
  }

  function measured(...keys) {
    return ratios.filter(r => keys.includes(r.key)).map(r => ours(`${r.words.replace(', microdriver against native', '').replace(', against native', '')}, ${plural(r.pairs, 'pair')}`, r.median, r.lower, r.upper));
  }

  /** Of a figure that both sides have, where no interval was measured. */
  function quotient(key, note) {
    const s = sides.get(key);
    return s?.native > 0 && s.microdriver !== undefined ? [ours(note, s.microdriver / s.native)] : [];
  }

  function orElse(first, second) {
    return first.length > 0 ? first : second;
  }

  function comparisons() {
    return [
      ['Code outside of the kernel, %', 'More is better.', 'share_out', [ours('', lines ? 100 * h.userLines / lines : 0)], { domain: [0, 100] }],
      ['Annotations, % of the code', 'What a person adds to the driver for the tool.', 'annotations', [ours('', lines ? 100 * data.annotations / lines : 0)], { domain: [0, 10] }],
      ['Lines of the driver changed', '', 'lines_changed', h.linesChanged === undefined ? [] : [ours('', h.linesChanged)], {}],
      ['Lines of interface description corrected by hand', '', 'interface_lines', [ours('', data.annotations)], {}],
      ['Throughput, divided by native', '1 is native.', 'throughput', orElse(measured('send', 'recv'), [...quotient('send_mbps', 'sending'), ...quotient('recv_mbps', 'receiving')]), { one: true }],
      ['Processor time, divided by native', '1 is native, less is better.', 'cpu',
        [...orElse(measured('cpu'), quotient('cpu_pct', 'processor time')), ...measured('insns_sent', 'insns_received', 'insns_kernel_sent', 'insns_kernel_received')], { one: true }],
      ['Initialisation, divided by native', '1 is native, less is better; logarithmic.', 'init', orElse(measured('start', 'init'), quotient('init_ms', 'loading the module')), { one: true, log: true }],
    ];
  }

  function draw() {
    const plots = el('div', { class: 'plots' });
    for (const [title, words, measure, own, options] of comparisons()) {
      const theirs = data.published.filter(p => p.measure === measure).map(p => ({ ...p, value: (p.low + p.high) / 2 }));
      if (own.length === 0 && !data.measurements) continue;
      plots.append(dots(title, words, [...own, ...theirs], options));
    }
    holder.querySelector('h2').append(el('small', {}, data.measurements ? `${data.measurements.workload} on Linux ${data.measurements.kernel}` : 'beside published ones'));
    holder.append(plots);
    if (data.measurements) holder.append(el('h3', {}, 'Native against microdriver'), both());
    else holder.append(el('p', { class: 'soft' }, 'No measurements were given: ', el('code', {}, `driverslicer run ${data.driver} --json FILE`), ', then ', el('code', {}, `driverslicer report ${data.driver} --measurements FILE`), '.'));
    sources();
  }

  function dots(title, words, rows, { domain, one, log }) {
    const values = rows.flatMap(r => [r.low, r.high]);
    const width = 560;
    const left = 256;
    const right = 64;
    const height = rows.length * 25 + 30;
    const low = Math.min(...values, one ? 1 : 0);
    const high = Math.max(...values, one ? 1 : 1);
    const spread = Math.max(high - low, 0.04);
    const x = (log ? d3.scaleLog().domain([Math.min(0.8, low * 0.9), high * 1.2]) : d3.scaleLinear().domain(domain ?? (one ? [low - spread * 0.12, high + spread * 0.12] : [0, high]))).range([left, width - right]);
    const svg = d3.create('svg').attr('viewBox', `0 0 ${width} ${height}`).attr('role', 'img').attr('aria-label', title);
    const ticks = log ? [1, 2, 5, 10, 20, 50, 100].filter(t => t <= x.domain()[1]) : x.ticks(5);
    for (const t of ticks) {
      svg.append('line').attr('class', one && t === 1 ? 'one' : 'axis').attr('x1', x(t)).attr('x2', x(t)).attr('y1', 4).attr('y2', height - 22);
      svg.append('text').attr('class', 'soft').attr('x', x(t)).attr('y', height - 6).attr('text-anchor', 'middle').text(log ? t : x.tickFormat(5)(t));
    }
    rows.forEach((r, i) => {
      const y = 16 + i * 25;
      const row = svg.append('g').attr('class', r.ours ? 'ours' : 'theirs');
      const name = svg.append('text').attr('x', 0).attr('y', y).attr('dominant-baseline', 'central');
      name.append('tspan').attr('font-weight', r.ours ? 650 : 400).text(r.system);
      name.append('tspan').attr('class', 'soft').attr('fill', 'var(--soft)').attr('dx', 6).text(shorten(r.note, 36 - r.system.length));
      name.append('title').text(`${r.system}: ${r.note}${r.source ? `; ${r.source} (${r.basis})` : ''}`);
      if (r.high > r.low) row.append('line').attr('x1', x(r.low)).attr('x2', x(r.high)).attr('y1', y).attr('y2', y).attr('stroke-width', r.ours ? 3 : 5).attr('stroke-opacity', r.ours ? 1 : 0.45).attr('stroke-linecap', 'round');
      if (r.ours || r.high === r.low) row.append('circle').attr('cx', x(r.value)).attr('cy', y).attr('r', r.ours ? 5.5 : 4.5);
      svg.append('text').attr('x', width).attr('y', y).attr('text-anchor', 'end').attr('dominant-baseline', 'central').attr('font-weight', r.ours ? 650 : 400)
        .text(r.ours || r.high === r.low ? number(r.value) : `${number(r.low)}\u2013${number(r.high)}`);
    });
    return el('div', { class: 'plot' }, el('h3', {}, title), words && el('p', {}, words), svg.node());
  }

  function both() {
    const most = Math.max(...[...sides.values()].map(s => s.native > 0 && s.microdriver > 0 ? s.microdriver / s.native : 1), 1.2);
    const rows = [...sides.values()].map(s => {
      const ratio = s.native > 0 && s.microdriver !== undefined ? s.microdriver / s.native : undefined;
      return el('tr', {}, el('td', {}, s.words), el('td', { class: 'number' }, number(s.native)), el('td', { class: 'number' }, number(s.microdriver)),
        el('td', { class: 'number' }, ratio === undefined ? '' : `${number(ratio)}\u00D7`), el('td', {}, ratio === undefined ? '' : bar(ratio, most)));
    });
    return el('div', { class: 'scroll' }, el('table', { class: 'rows', id: 'measured' }, el('thead', {}, el('tr', {},
      el('th', {}, 'measured'), el('th', { class: 'number' }, 'native'), el('th', { class: 'number' }, 'microdriver'), el('th', { class: 'number' }, 'ratio'), el('th', {}, 'native above, microdriver below'))), el('tbody', {}, rows)));
  }

  function bar(ratio, most) {
    const width = 220;
    const scale = Math.min(most, 6);
    const svg = d3.create('svg').attr('width', width).attr('height', 16).attr('viewBox', `0 0 ${width} 16`);
    svg.append('rect').attr('y', 1).attr('width', width / scale).attr('height', 6).attr('fill', 'var(--kernel)');
    svg.append('rect').attr('y', 9).attr('width', Math.min(width, width * ratio / scale)).attr('height', 6).attr('fill', 'var(--user)');
    return svg.node();
  }

  function sources() {
    const named = new Map();
    for (const p of data.published) named.set(`${p.source} (${p.basis})`, p.system);
    if (named.size > 0) holder.append(el('p', { class: 'soft' }, 'Published figures: ', [...named].map(([source, system]) => `${system}: ${source}`).join('; '), '. Other machines, kernels and drivers: an order of magnitude, not a race.'));
  }

  function shorten(text, most) {
    return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}\u2026`;
  }

  function number(value) {
    if (value === undefined || value === null) return '\u2013';
    return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
  }

  return { draw };
})();
