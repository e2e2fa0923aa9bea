// The drawing of a network in WebGL. Where there is no WebGL the still drawings and the lists do.
{
  const { colour, mixed, button } = unisono;
  const WIDE = 1.6;
  const NAMED = 12;
  let renderer = null;
  let place = null;
  let current = null;

  /** Make ready to draw in `canvas`; leaves it hidden where there is no WebGL. */
  unisono.startNetwork = (canvas, zoom) => {
    if (!window.Sigma) {
      canvas.parentElement.replaceChildren(unisono.make("p", { class: "fine" }, "This browser draws no WebGL: the lists below have every account and link, and each group’s section a still drawing."));
      return;
    }
    place = canvas;
    zoom.append(button(() => closer(1.5), "small", "+"), " ", button(() => closer(1 / 1.5), "small", "−"), " ", button(() => renderer.getCamera().animatedReset(), "small", "Fit"));
    [...zoom.children].forEach((b, i) => b.setAttribute("aria-label", ["Zoom in", "Zoom out", "Fit: show all"][i]));
    canvas.addEventListener("keydown", keys);
    // The wheel scrolls the page until somebody turns to the drawing.
    canvas.addEventListener("focus", () => renderer.setSetting("enableCameraZooming", true));
    canvas.addEventListener("blur", () => renderer.setSetting("enableCameraZooming", false));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => current && unisono.draw(current));
  };

  const closer = (factor) => {
    const camera = renderer.getCamera();
    camera.animate({ ratio: camera.ratio / factor }, { duration: 150 });
  };

  const keys = (e) => {
    const steps = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
    const camera = renderer.getCamera();
    if (e.key in steps) {
      const [x, y] = steps[e.key];
      camera.setState({ x: camera.x + x * camera.ratio, y: camera.y + y * camera.ratio });
    } else if (e.key === "+" || e.key === "=") closer(1.5);
    else if (e.key === "-") closer(1 / 1.5);
    else if (e.key === "Escape") unisono.leaveGroup();
    else return;
    e.preventDefault();
  };

  /** The colour of the i-th group: eight, then the same darker, then lighter. */
  unisono.tone = (i) => {
    const own = colour(`c${i % 8}`);
    const turn = Math.floor(i / 8) % 3;
    return turn ? mixed(own, colour(turn === 1 ? "ink" : "ground"), 0.45) : own;
  };

  /** One node a group. */
  unisono.groupNodes = (groups) => {
    const most = Math.max(...groups.map((g) => g.size));
    const nodes = groups.map((g, i) => ({
      x: g.box[0] + g.box[2] / 2, y: -(g.box[1] + g.box[2] / 2), size: 6 + 24 * Math.sqrt(g.size / most),
      colour: unisono.tone(i), label: `${unisono.groupTitle(g)}: ${unisono.count(g.size, "account")}`, force: true,
      texts: g.members.map((m) => unisono.data.accounts[m[0]]), pale: !unisono.askedMembers(g).size,
      open: () => unisono.showGroup(g),
    }));
    return { nodes, edges: [] };
  };

  /** All accounts of all groups, each group in its box. */
  unisono.allNodes = (groups) => {
    const all = { nodes: [], edges: [], quiet: true };
    groups.forEach((g, i) => {
      const own = members(g, (m) => [g.box[0] + m[1] * g.box[2], -(g.box[1] + m[2] * g.box[2])], () => unisono.tone(i));
      const from = all.nodes.length;
      const small = place && place.clientWidth < 600 ? 0.3 : 0.6;
      const name = unisono.groupTitle(g);
      all.nodes.push(...own.nodes.map((n) => ({ ...n, size: n.size * small, label: `${name}: ${n.label}`, open: () => unisono.showGroup(g) })));
      all.edges.push(...own.edges.map((e) => ({ ...e, a: e.a + from, b: e.b + from })));
      const top = own.nodes.reduce((n, m, j) => (m.y > own.nodes[n].y ? j : n), 0);
      // Names of small groups would cover each other; the pointer shows them, and the list below.
      if (groups.length <= 6 || g.members.length >= 12) all.nodes[from + top] = { ...all.nodes[from + top], label: name, force: true };
    });
    return all;
  };

  /** The accounts of one group. */
  unisono.memberNodes = (group) => members(group, (m) => [m[1] * WIDE, -m[2]], (m) => colour(`c${m[4]}`));

  const members = (group, at, tone) => {
    const most = Math.max(1e-9, ...group.members.map((m) => m[3]));
    const [least, large] = group.members.length > 1000 ? [1, 1.5] : group.members.length > 300 ? [2, 5] : [2.5, 9];
    const strongest = group.edges.reduce((n, e) => Math.max(n, e[2]), 1);
    const asked = unisono.askedMembers(group);
    return {
      nodes: group.members.map((m, i) => {
        const [x, y] = at(m);
        return { x, y, size: group.rank ? least + large * Math.sqrt(m[3] / most) : 5, colour: tone(m), pale: !asked.has(i), texts: [unisono.data.accounts[m[0]]], label: unisono.data.accounts[m[0]][0], open: () => unisono.openMember(group, i) };
      }),
      edges: group.edges
        .map((e, i) => ({ e, a: e[0], b: e[1], weight: e[2] / strongest, open: () => unisono.openEdge(group, i) }))
        .filter(({ e }) => unisono.isAsked(e)),
    };
  };

  /** Draw nodes and edges in place of what was drawn before. */
  unisono.draw = (what) => {
    current = what;
    marked = null;
    if (!place) return;
    renderer?.kill();
    const [ground, ink] = [colour("wash"), colour("ink")];
    const graph = new graphology.UndirectedGraph();
    what.nodes.forEach((n, i) =>
      graph.addNode(i, {
        x: n.x, y: n.y, size: n.pale ? n.size / 2 : n.size, color: n.pale ? colour("line") : n.colour, label: n.pale && !n.force ? "" : n.label, forceLabel: Boolean(n.force),
      }));
    what.edges.forEach((e, i) =>
      graph.addUndirectedEdgeWithKey(`e${i}`, e.a, e.b, { size: 1 + 2 * e.weight, color: mixed(ground, ink, 0.18 + 0.5 * e.weight) }));
    renderer = new Sigma(graph, place, {
      enableEdgeEvents: true, enableCameraZooming: document.activeElement === place, allowInvalidContainer: true, labelFont: "system-ui, sans-serif",
      labelSize: 12, labelColor: { color: ink }, labelRenderedSizeThreshold: what.quiet ? Infinity : what.nodes.length > 400 ? 7 : 5,
      defaultDrawNodeHover: (context, node, settings) => hover(context, node, settings, ground, ink), stagePadding: 40, minEdgeThickness: 1.5,
      labelGridCellSize: 130, labelDensity: 0.6, hideEdgesOnMove: what.edges.length > 8000,
      nodeReducer: (node, data) => (marked ? stand(node, data) : data),
      edgeReducer: (edge, data) => (edge === lit ? { ...data, color: colour("strong"), size: data.size + 1.5, zIndex: 1 } : data), zIndex: true,
    });
    listen(what);
  };

  let lit = null;
  let marked = null;

  /** Who is looked for stands out, everybody else steps back. */
  const stand = (node, data) =>
    marked.has(node)
      ? { ...data, size: data.size + 3, forceLabel: marked.size <= NAMED, label: current.nodes[Number(node)].label, zIndex: 1 }
      : { ...data, color: colour("line"), label: "", forceLabel: false };

  /** Mark the nodes whose texts fit; with null, none. Returns how many. */
  unisono.mark = (fits) => {
    const found = current && fits ? current.nodes.map((n, i) => (fits(n.texts) ? String(i) : "")).filter(Boolean) : null;
    marked = found?.length ? new Set(found) : null;
    if (renderer) renderer.refresh({ skipIndexation: true });
    unisono.marked = found ? found.length : 0;
  };

  const listen = (what) => {
    const light = (edge) => {
      lit = edge;
      place.style.cursor = edge ? "pointer" : "";
      renderer.refresh({ skipIndexation: true });
    };
    renderer.on("clickNode", ({ node }) => what.nodes[Number(node)].open());
    renderer.on("clickEdge", ({ edge }) => what.edges[Number(edge.slice(1))].open());
    renderer.on("enterEdge", ({ edge }) => light(edge));
    renderer.on("leaveEdge", () => light(null));
    renderer.on("enterNode", () => (place.style.cursor = "pointer"));
    renderer.on("leaveNode", () => (place.style.cursor = ""));
  };

  /** The name beside a node under the pointer, in the colours of the page. */
  const hover = (context, node, settings, ground, ink) => {
    if (!node.label) return;
    context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const wide = context.measureText(node.label).width + 10;
    context.fillStyle = ground;
    context.strokeStyle = ink;
    context.beginPath();
    context.rect(node.x + node.size + 2, node.y - 10, wide, 20);
    context.fill();
    context.stroke();
    context.beginPath();
    context.arc(node.x, node.y, node.size + 2, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = ink;
    context.fillText(node.label, node.x + node.size + 7, node.y + 4);
  };

  /** Where a node or an edge stands, in pixels of the drawing: for tests and for tours. */
  unisono.whereIs = (kind, i) => {
    const at = (n) => renderer.graphToViewport(renderer.getGraph().getNodeAttributes(n));
    if (kind === "node") return at(i);
    const [a, b] = renderer.getGraph().extremities(`e${i}`).map(at);
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
}
