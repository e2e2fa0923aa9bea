// Charts from the specifications in the page, without eval. Where one fails, the still drawing or the table stays.
{
  const { make, colour } = unisono;
  const ready = () => Boolean(window.vegaEmbed && window.vega && window.vegaInterpreter);

  /** Nothing is ever loaded: every value is in the page already. */
  const nowhere = { load: () => Promise.reject(new Error("nothing is loaded")), sanitize: () => Promise.reject(new Error("no links")), http: null, file: null };

  const look = () => {
    const [ink, soft, line] = ["ink", "soft", "line"].map(colour);
    const text = { labelColor: soft, titleColor: ink, labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" };
    return {
      background: "transparent", font: "system-ui, sans-serif", view: { stroke: null },
      axis: { ...text, gridColor: line, domainColor: line, tickColor: line }, legend: text, title: { color: ink },
    };
  };

  /** The specification in the colours of this light; its own are those of the light page. */
  const lit = (spec) => {
    const tones = { "#0072b2": "c0", "#d55e00": "c1", "#009e73": "c2", "#777777": "soft", "#999999": "soft" };
    return JSON.parse(JSON.stringify(spec).replace(/#[0-9a-f]{6}/g, (c) => (c in tones ? colour(tones[c]) : c)));
  };

  /** What a mark stands for, beside the pointer; as text. */
  const tip = make("div", { class: "tip", role: "status" });
  const tooltip = (handler, event, item, value) => {
    if (!value) {
      tip.remove();
      return;
    }
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    tip.replaceChildren(...rows.map(([name, v]) => make("div", {}, `${name}: `, make("bdi", { dir: "auto" }, String(v)))));
    (event.target.closest("dialog") ?? document.body).append(tip);
    tip.style.left = `${Math.min(event.clientX + 12, innerWidth - 260)}px`;
    tip.style.top = `${event.clientY + 12}px`;
  };

  const draw = async (place, name, values, change = {}) => {
    if (!ready() || !unisono.charts?.[name]) return null;
    const spec = { ...lit({ ...unisono.charts[name], ...change }), datasets: values };
    const result = await vegaEmbed(place, spec, {
      actions: false, ast: true, expr: vegaInterpreter, renderer: "svg", defaultStyle: false, tooltip, config: look(), loader: nowhere, mode: "vega-lite",
    });
    return result.view;
  };

  /** The curve of one object with two posts marked. */
  unisono.burst = (figure, object, posts, names) => {
    const [, , t0, step, accounts, steps] = object;
    if (!steps) return;
    figure.append(make("figcaption", {}, `When anybody touched it, in steps of ${span(step)} (UTC): ${unisono.count(accounts, "account")} in all. The two posts are marked.`));
    if (!ready()) return;
    const place = make("div", { class: "chart" });
    figure.prepend(place);
    const counts = new Map(steps);
    const last = steps[steps.length - 1][0];
    const touches = [];
    for (let i = -1; i <= last + 1; i++) touches.push({ t: t0 + i * step, n: counts.get(i) ?? 0 });
    const marked = posts.map((p, i) => ({ t: p[0], account: names[i], when: p[1] }));
    later(place, () => draw(place, "burst", { touches, posts: marked }));
  };

  const span = (ms) => {
    const units = [["d", 864e5], ["h", 36e5], ["min", 6e4], ["s", 1e3], ["ms", 1]];
    const [unit, size] = units.find(([, u]) => ms >= u) ?? ["ms", 1];
    return `${Number((ms / size).toPrecision(2))} ${unit}`;
  };

  /** Draw once the place comes into sight. */
  const later = (place, act) => {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      seen.disconnect();
      act().catch((error) => console.error(`chart: ${error.message}`));
    }, { rootMargin: "300px" });
    seen.observe(place);
  };

  /** Put a chart in place of the still drawing of a figure; print keeps the drawing. */
  const replace = (figure, name, values, change) => {
    const place = make("div", { class: "chart", role: "img", "aria-label": figure.querySelector("svg")?.getAttribute("aria-label") });
    figure.prepend(place);
    const act = async () => {
      const view = await draw(place, name, values, change(place));
      if (view) figure.classList.add("live");
    };
    later(figure, act);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => figure.classList.contains("live") && act());
  };

  const timeline = (figure) => {
    const group = unisono.data.groups.find((g) => g.id === figure.dataset.group);
    if (!group?.timeline) return;
    const { t0, step, steps, unit, total, lanes } = group.timeline;
    const bar = ([i, n]) => ({ from: t0 + i * step, to: t0 + (i + 1) * step, n });
    const members = group.members.slice(0, lanes.length).map((m) => unisono.data.accounts[m[0]]);
    const twice = new Set(members.map(([l]) => l).filter((l, i, all) => all.indexOf(l) !== i));
    const rows = lanes.slice(0, members.length).flatMap((own, place) =>
      own.map((b) => ({ ...bar(b), place, member: twice.has(members[place][0]) ? members[place][1] : members[place][0] })));
    if (!rows.length || !Number.isFinite(t0 + steps * step) || Math.abs(t0) > 8e15) return;
    replace(figure, "timeline", { total: total.map(bar), lanes: rows }, (place) => {
      const spec = structuredClone(unisono.charts.timeline);
      for (const part of spec.vconcat) part.width = Math.max(140, place.clientWidth - 200);
      spec.vconcat[0].encoding.y.title = unit ? `posts per ${unit}` : "posts per step";
      return { vconcat: spec.vconcat };
    });
  };

  const calibration = (figure) => {
    if (!unisono.data.calibration?.length) return;
    const dots = unisono.data.calibration.map((d) => ({ ...d, none: !d.empirical, height: d.empirical || 1 / d.n, measured: d.empirical ? String(Number(d.empirical.toPrecision(2))) : `none of ${d.n.toLocaleString("en")}` }));
    const ends = dots.map((d) => d.nominal);
    const diagonal = [Math.min(...ends), Math.max(...ends)].map((p) => ({ p }));
    replace(figure, "calibration", { dots, diagonal }, (place) => ({ width: Math.max(160, Math.min(420, place.clientWidth - 190)) }));
  };

  unisono.startCharts = () => {
    if (!ready() || !unisono.charts) return;
    document.querySelectorAll("figure[data-chart=timeline]").forEach(timeline);
    document.querySelectorAll("figure[data-chart=calibration]").forEach(calibration);
  };
}
