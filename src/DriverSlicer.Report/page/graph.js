// SPDX-License-Identifier: GPL-2.0-only
'use strict';
// The call graph: callers left, callees right. dagre lays out what is connected; functions that nobody of the driver calls and that call
// nobody stand in columns below. Of more than a few functions dagre works in a worker, and the page shows columns until it is done; of more than
// a reader would wait for, it stays at that.

const Graph = (() => {
  const Few = 120;
  const Most = 2000;
  const svg = d3.select('#canvas');
  const world = svg.append('g');
  const edgeLayer = world.append('g');
  const nodeLayer = world.append('g');
  const zoom = d3.zoom().scaleExtent([0.03, 3]).on('zoom', e => {
    world.attr('transform', e.transform);
    svg.classed('far', e.transform.k < 0.36);
  });
  let size = { width: 1, height: 1 };
  let places = new Map();
  let worker = null;
  let marked = -1;

  const defs = svg.append('defs');
  for (const kind of ['', 'cross'])
    defs.append('marker').attr('id', `tip${kind}`).attr('viewBox', '0 0 8 8').attr('refX', 7).attr('refY', 4).attr('markerWidth', 8).attr('markerHeight', 8)
      .attr('markerUnits', 'userSpaceOnUse').attr('orient', 'auto').append('path').attr('d', 'M0 0 8 4 0 8z').attr('class', `tip ${kind}`);

  /** Edges and nodes to draw: what is connected where `place` puts it, the rest in columns below. */
  function arrange(chosen, place) {
    const all = new Set(chosen);
    const edges = data.edges.filter(([from, to]) => from !== to && all.has(from) && all.has(to));
    const joined = new Set(edges.flatMap(([from, to]) => [from, to]));
    const nodes = chosen.map(i => ({ i, width: Math.round(functions[i].name.length * 7.25) + 20, height: 23 }));
    const connected = nodes.filter(n => joined.has(n.i));
    const alone = nodes.filter(n => !joined.has(n.i));
    const made = connected.length > 0 ? place(connected.map(({ i, width, height }) => ({ i, width, height })), edges) : { at: [], points: [], width: 0, height: 0 };
    connected.forEach((n, k) => { [n.x, n.y] = made.at[k]; });
    let { width, height } = made;
    const top = height > 0 ? height + 50 : 0;
    if (alone.length > 0) {
      const widest = Math.max(...alone.map(n => n.width)) + 14;
      const columns = Math.max(1, Math.min(alone.length, height > 0 ? Math.floor(width / widest) : Math.ceil(Math.sqrt(alone.length * 31 / widest * 1.4))));
      const rows = Math.ceil(alone.length / columns);
      alone.forEach((n, k) => { n.x = 10 + Math.floor(k / rows) * widest + n.width / 2; n.y = top + 28 + (k % rows) * 31; });
      width = Math.max(width, columns * widest);
      height = top + 28 + rows * 31;
    }
    return { nodes, edges: edges.map(([from, to, pointer], k) => ({ from, to, pointer, points: made.points[k] })), width, height, alone: alone.length > 0 && connected.length > 0 ? top : null };
  }

  /** By steps from a function that nobody calls: quick, and good enough to look at while dagre works, or where it would work too long. */
  function columns(nodes, edges) {
    const index = new Map(nodes.map((n, k) => [n.i, k]));
    const depth = nodes.map(() => -1);
    const next = nodes.map(() => []);
    const called = new Set(edges.map(e => e[1]));
    edges.forEach(([from, to]) => next[index.get(from)].push(index.get(to)));
    const open = nodes.map((n, k) => k).filter(k => !called.has(nodes[k].i));
    open.forEach(k => { depth[k] = 0; });
    for (let k = 0; open.length < nodes.length || k < open.length; k++) {
      if (k === open.length) { const left = depth.indexOf(-1); depth[left] = 0; open.push(left); }
      for (const to of next[open[k]]) if (depth[to] < 0) { depth[to] = depth[open[k]] + 1; open.push(to); }
    }
    const rows = [];
    const step = Math.max(...nodes.map(n => n.width)) + 70;
    const at = nodes.map((n, k) => { rows[depth[k]] = (rows[depth[k]] ?? 0) + 1; return [10 + depth[k] * step + n.width / 2, rows[depth[k]] * 31]; });
    const points = edges.map(([from, to]) => {
      const [a, b] = [index.get(from), index.get(to)];
      return [{ x: at[a][0] + nodes[a].width / 2, y: at[a][1] }, { x: at[b][0] - nodes[b].width / 2, y: at[b][1] }];
    });
    return { at, points, width: rows.length * step, height: (Math.max(...rows) + 1) * 31 };
  }

  /** Uses nothing but its arguments and dagre: it also runs in a worker. */
  function layered(nodes, edges) {
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir: 'LR', nodesep: 9, edgesep: 5, ranksep: 62, marginx: 10, marginy: 10, ranker: nodes.length > 500 ? 'longest-path' : 'network-simplex' });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const n of nodes) graph.setNode(String(n.i), { width: n.width, height: n.height });
    for (const [from, to] of edges) graph.setEdge(String(from), String(to));
    dagre.layout(graph);
    // A tall graph is drawn wider, as the window is: lines get room, and labels a larger scale. Lines then end where the boxes do.
    const { width, height } = graph.graph();
    const stretch = Math.min(2.4, Math.max(1, 1.15 * height / width));
    const box = new Map(nodes.map(n => { const { x, y } = graph.node(String(n.i)); return [n.i, { x: x * stretch, y, half: n.width / 2 }]; }));
    const end = (point, at) => ({ x: at.x + (point.x * stretch >= at.x ? at.half : -at.half), y: point.y });
    return {
      at: nodes.map(n => [box.get(n.i).x, box.get(n.i).y]),
      points: edges.map(([from, to]) => {
        const inner = graph.edge(String(from), String(to)).points;
        return [end(inner[0], box.get(from)), ...inner.slice(1, -1).map(p => ({ x: p.x * stretch, y: p.y })), end(inner[inner.length - 1], box.get(to))];
      }),
      width: width * stretch,
      height,
    };
  }

  function draw(chosen) {
    stop();
    let ask = null;
    show(arrange(chosen, (nodes, edges) => {
      if (nodes.length <= Few) return layered(nodes, edges);
      if (nodes.length <= Most) ask = { nodes, edges };
      return columns(nodes, edges);
    }));
    state(ask ? 'working' : 'done');
    if (ask) start(ask, made => { show(arrange(chosen, () => made)); mark(marked); if (marked >= 0) centre(marked); state('done'); });
  }

  function start(ask, done) {
    try {
      const address = URL.createObjectURL(new Blob([document.getElementById('js-dagre').textContent, `\nconst layered = ${layered};\nonmessage = e => postMessage(layered(e.data.nodes, e.data.edges));`]));
      worker = new Worker(address);
      URL.revokeObjectURL(address);
      worker.onmessage = e => { stop(); done(e.data); };
      worker.onerror = e => { e.preventDefault(); stop(); done(layered(ask.nodes, ask.edges)); };
      worker.postMessage(ask);
    } catch {
      done(layered(ask.nodes, ask.edges));
    }
  }

  function stop() {
    worker?.terminate();
    worker = null;
  }

  function state(word) {
    svg.attr('data-layout', word);
    document.getElementById('working').hidden = word === 'done';
  }

  function show(made) {
    size = made;
    places = new Map(made.nodes.map(n => [n.i, n]));
    const line = d3.line(p => p.x, p => p.y).curve(d3.curveBasis);
    edgeLayer.selectAll('path').data(made.edges).join('path')
      .attr('class', e => `edge${crosses(e) ? ' cross' : ''}${e.pointer ? ' pointer' : ''}`)
      .attr('marker-end', e => `url(#tip${crosses(e) ? 'cross' : ''})`)
      .attr('d', e => line(e.points));
    const node = nodeLayer.selectAll('g').data(made.nodes, n => n.i).join(enter => {
      const g = enter.append('g').on('click', (e, n) => { e.stopPropagation(); select(n.i); });
      g.append('rect');
      g.append('text');
      g.append('title');
      return g;
    });
    node.attr('class', n => `node ${functions[n.i].half}${functions[n.i].upcall ? ' entry' : ''}${functions[n.i].file < 0 ? ' bare' : ''}`).attr('data-name', n => functions[n.i].name)
      .attr('transform', n => `translate(${n.x - n.width / 2},${n.y - n.height / 2})`);
    node.select('rect').attr('width', n => n.width).attr('height', n => n.height);
    node.select('text').attr('x', 10).attr('y', 12).text(n => functions[n.i].name);
    node.select('title').text(n => `${functions[n.i].name}: ${functions[n.i].half} half\n${functions[n.i].reason}`);
    nodeLayer.selectAll('text.group').data(made.alone === null ? [] : [made.alone]).join('text').attr('class', 'group').attr('x', 10).attr('y', y => y)
      .text('no calls within the driver');
    fit();
  }

  function crosses(e) {
    return functions[e.from].half !== functions[e.to].half;
  }

  function fit() {
    const { width, height } = svg.node().getBoundingClientRect();
    const scale = Math.min(1, width / (size.width + 24), height / (size.height + 24));
    svg.call(zoom.transform, d3.zoomIdentity.translate((width - size.width * scale) / 2, (height - size.height * scale) / 2).scale(scale));
  }

  function mark(i) {
    marked = i;
    svg.classed('chosen', i >= 0);
    const near = new Set(i < 0 ? [] : [i, ...functions[i].calls.map(c => c.other), ...functions[i].callers.map(c => c.other)]);
    nodeLayer.selectAll('g').classed('near', n => near.has(n.i)).classed('selected', n => n.i === i);
    edgeLayer.selectAll('path').classed('near', e => e.from === i || e.to === i).filter('.near').raise();
  }

  /** Brings a function to the middle, large enough to be read. */
  function centre(i) {
    const at = places.get(i);
    if (!at) return;
    const { width, height } = svg.node().getBoundingClientRect();
    const scale = Math.max(0.75, d3.zoomTransform(svg.node()).k);
    svg.transition().duration(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 350)
      .call(zoom.transform, d3.zoomIdentity.translate(width / 2 - at.x * scale, height / 2 - at.y * scale).scale(scale));
  }

  svg.call(zoom).on('dblclick.zoom', null).on('click', () => select(-1));
  d3.select('#fit').on('click', fit);
  d3.select('#in').on('click', () => svg.call(zoom.scaleBy, 1.5));
  d3.select('#out').on('click', () => svg.call(zoom.scaleBy, 1 / 1.5));

  return { draw, mark, centre, shows: i => places.has(i) };
})();
