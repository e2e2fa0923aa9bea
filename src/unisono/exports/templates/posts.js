// Two posts side by side, aligned on time, and the link that opens only when it is asked for.
{
  const { make, button, said, hidden, count } = unisono;
  const SCHEMES = new Set(["http:", "https:"]);

  /** The address, if it is one that may be opened; else null. The scheme is looked at here as well as in the study. */
  unisono.openable = (text) => {
    try {
      const url = new URL(text);
      return SCHEMES.has(url.protocol) && !url.username && !url.password ? url : null;
    } catch {
      return null;
    }
  };

  /** An address as inert text; a button beside it makes a link of it. */
  const address = (shown, link) => {
    const place = make("p", { class: "fine id" }, make("bdi", {}, shown));
    const url = link ? unisono.openable(link) : null;
    if (!url) return place;
    const ask = button(
      () => {
        const a = make("a", { class: "revealed" }, url.href);
        a.rel = "noreferrer noopener";
        a.target = "_blank";
        a.referrerPolicy = "no-referrer";
        a.href = url.href;
        const warning = make("span", { class: "fine" }, " Opening it tells that site that somebody looks.");
        place.replaceChildren(a, warning);
        a.focus();
      },
      "small",
      "Show link",
    );
    place.append(" ", ask);
    return place;
  };

  /** One post: who, what and where. */
  unisono.post = (number, who) => {
    const { data } = unisono;
    const [, when, kind, text, lang, name, link] = data.posts[number];
    const parts = text < 0 ? null : data.texts[text];
    const n = parts ? hidden(parts) : 0;
    return make(
      "div",
      { class: "side" },
      who ? make("h4", {}, said(who)) : null,
      make("p", { class: "when" }, kind ? `${when} · ${kind}` : when),
      parts ? make("p", { class: "text" }, said(parts, lang)) : make("p", { class: "fine" }, "No text."),
      n ? make("p", { class: "fine" }, `${count(n, "invisible character")} in this text. `, unisono.unseenSwitch()) : null,
      address(name, link),
    );
  };

  /** Switches invisible characters on and off, in the whole page. */
  unisono.unseenSwitch = () => {
    const root = document.documentElement;
    const made = button(
      () => {
        root.classList.toggle("show-unseen");
        for (const other of document.querySelectorAll("button.unseen-switch")) label(other);
      },
      "small unseen-switch",
    );
    const label = (b) => {
      const on = root.classList.contains("show-unseen");
      b.textContent = on ? "Hide invisible characters" : "Show invisible characters";
      b.setAttribute("aria-pressed", on);
    };
    label(made);
    return made;
  };

  /** One occasion: the object, both posts in the order of time with the lag between them, the object's own curve. */
  unisono.occasion = ([a, b, object, lag, words, share, others], names) => {
    const { data } = unisono;
    const [meaning, label] = data.objects[object];
    const more = others ? ` and ${count(others, "more common object")} in the same two posts` : "";
    const title = meaning[0].toUpperCase() + meaning.slice(1);
    const curve = make("figure", { class: "curve" });
    const made = make(
      "article",
      { class: "coaction" },
      make("p", { class: "about" }, `${title}: `, make("span", { class: "object" }, said(label)), `${more}.`),
      share
        ? make("p", { class: "fine" }, `Of all pairs of accounts that touched it, ${share} did so within the window.`)
        : null,
      sides(unisono.post(a, names[0]), unisono.post(b, names[1]), lag, words),
      curve,
    );
    unisono.burst(curve, data.objects[object], [data.posts[a], data.posts[b]], names);
    return made;
  };

  const sides = (one, other, lag, words) => {
    const made = make("div", { class: lag ? "clock" : "clock same" });
    one.classList.add("left", lag < 0 ? "late" : "early");
    other.classList.add("right", lag > 0 ? "late" : "early");
    const between = make("p", { class: "lag" }, lag ? `${words} later` : "same time");
    if (lag) between.append(" ", make("span", { class: "arrow", "aria-hidden": "true" }, "↓"));
    made.append(...(lag < 0 ? [other, between, one] : [one, between, other]));
    return made;
  };
}
