// What opens over the page: an account with its links and posts, or a link with the posts of both sides.
{
  const { make, button, said, count } = unisono;
  const POSTS = 20;
  const trail = [];
  let dialog = null;

  const start = () => {
    dialog = make("dialog", { "aria-labelledby": "panel-title", class: "panel" });
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      if (!dialog.open) dialog.replaceChildren();
    });
    dialog.addEventListener("click", (e) => {
      if (e.target === dialog) dialog.close();
    });
  };

  const show = () => {
    const { title, fill } = trail[trail.length - 1];
    const heading = make("h2", { id: "panel-title", tabindex: "-1" }, ...title);
    const bar = make(
      "div",
      { class: "bar-top" },
      trail.length > 1 ? button(back, "small", "Back") : null,
      button(() => dialog.close(), "small", "Close"),
    );
    dialog.replaceChildren(bar, heading);
    if (!dialog.open) dialog.showModal();
    dialog.append(...fill().filter((part) => part));
    dialog.scrollTop = 0;
    heading.focus();
  };

  const back = () => {
    trail.pop();
    show();
  };

  const open = (title, fill) => {
    if (!dialog) start();
    if (!dialog.open) trail.length = 0;
    trail.push({ title, fill });
    show();
  };

  const nameOf = (group, member) => unisono.data.accounts[group.members[member][0]][0];

  /** The names of both ends, told apart by their ids where they are the same. */
  const names = (group, edge) => {
    const both = [edge[0], edge[1]].map((m) => unisono.data.accounts[group.members[m][0]]);
    return both[0][0] === both[1][0] ? both.map(([label, id]) => `${label} (${id})`) : both.map(([label]) => label);
  };

  /** A link: what the two did together. */
  unisono.openEdge = (group, place) => {
    const edge = group.edges[place];
    const [a, b, , verdict, [seen, later, lag], n, shown] = edge;
    const both = names(group, edge);
    open([said(both[0]), " and ", said(both[1])], () => [
      make("p", { class: "lead" }, verdict),
      make("p", { class: "fine" }, `${seen}, `, ...(later < 0 ? ["typically at the same time."] : [said(both[later]), ` typically ${lag} later.`])),
      make("p", {}, account(group, a), " ", account(group, b)),
      ...shown.map((occasion) => unisono.occasion(occasion, both)),
      n > shown.length
        ? make("p", { class: "fine" }, `${shown.length} of ${count(n, "pair")} of posts are shown, the least likely first.`)
        : null,
      shown.length ? null : make("p", {}, "This link rests on times alone: the study keeps no pairs of posts for it."),
    ]);
  };

  const account = (group, member) =>
    button(() => unisono.openMember(group, member), "small", "All links of ", said(nameOf(group, member)));

  /** An account: its links in this group, and its posts behind them. */
  unisono.openMember = (group, member) => {
    const [number, , , share] = group.members[member];
    const [label, id] = unisono.data.accounts[number];
    const own = group.edges.map((e, i) => [e, i]).filter(([e]) => e[0] === member || e[1] === member);
    open([said(label)], () => [
      make("p", { class: "fine id" }, make("bdi", {}, id)),
      group.rank
        ? make("p", {}, `Member of group ${group.rank}, with ${share < 0.001 ? "less than 0.1" : (100 * share).toFixed(1)} % of the group’s evidence.`)
        : null,
      make("h3", {}, `${count(own.length, "link")} drawn`),
      make("ul", { class: "choices" }, ...own.map(([e, i]) => choice(group, e, i, e[0] === member ? e[1] : e[0]))),
      make("h3", {}, "Posts behind them"),
      ...posts(own, member),
    ]);
  };

  const choice = (group, edge, place, other) => {
    const name = said(nameOf(group, other));
    return make("li", {}, button(() => unisono.openEdge(group, place), "choice", name, `: ${edge[3]}`));
  };

  const posts = (own, member) => {
    const found = new Set(own.flatMap(([e]) => e[6].map((o) => (e[0] === member ? o[0] : o[1]))));
    const order = [...found].sort((x, y) => unisono.data.posts[x][0] - unisono.data.posts[y][0]);
    const made = order.slice(0, POSTS).map((number) => unisono.post(number, null));
    const more = order.length - made.length;
    return more > 0 ? [...made, make("p", { class: "fine" }, `And ${count(more, "more post")}.`)] : made;
  };
}
