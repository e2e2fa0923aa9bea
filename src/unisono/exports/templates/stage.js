// The part of the page in which networks are explored: the drawing, and beside it the same as lists for keyboards.
{
  const { make, button, said, count } = unisono;
  const LISTED = 60;
  const MOST_NODES = 1500;
  const parts = {};
  let shown = null;

  const title = (group) => (group.rank ? `Group ${group.rank}` : "Outside groups");
  unisono.groupTitle = title;

  /** Fill the section; show groups, or all accounts where they are few. */
  unisono.startStage = () => {
    const section = document.getElementById("network");
    if (!section || !unisono.data.groups.length) return;
    parts.path = make("p", { class: "path" });
    parts.canvas = make("div", {
      class: "canvas", tabindex: "0", role: "application",
      "aria-label": "Network drawing. Arrow keys move it, plus and minus zoom, Escape shows all groups. The lists below have the same accounts and links.",
    });
    parts.zoom = make("p", { class: "zoom" });
    parts.note = make("p", { class: "fine" });
    parts.legend = make("p", { class: "fine" });
    parts.find = make("input", { type: "search", id: "find" });
    parts.find.autocomplete = "off";
    parts.find.addEventListener("input", search);
    parts.found = make("span", { class: "found", role: "status" });
    parts.lists = make("div", { class: "lists" });
    const find = make("span", { class: "choice-of" }, make("label", { for: "find" }, "Find an account: "), parts.find, " ", parts.found);
    parts.filters = unisono.filters(filtered);
    parts.filters.append(find);
    section.append(parts.filters, parts.path, make("div", { class: "stage" }, parts.canvas, parts.zoom), parts.legend, parts.note, parts.lists);
    section.hidden = false;
    unisono.startNetwork(parts.canvas, parts.zoom);
    overview();
    explorers();
  };

  /** Another choice above the drawing: of a group, it is shown alone; else what is shown is drawn anew. */
  const filtered = (what) => {
    const [group] = what === "group" && unisono.chosen.group ? unisono.askedGroups() : [];
    if (group) unisono.showGroup(group);
    else if (what === "group") overview();
    else again();
  };

  const again = () => (shown ? unisono.showGroup(shown) : overview());

  /** Look for accounts: they stand out in the drawing, the lists have only them, and none is said. */
  const search = () => {
    const asked = parts.find.value.trim().toLocaleLowerCase();
    const groups = shown ? [shown] : unisono.data.groups;
    const hits = asked ? groups.reduce((n, g) => n + g.members.filter((m) => fits(unisono.data.accounts[m[0]], asked)).length, 0) : 0;
    parts.found.textContent = !asked ? "" : hits ? `${count(hits, "account")} found` : "No match.";
    unisono.mark(asked ? (texts) => texts.some((account) => fits(account, asked)) : null);
    list();
  };

  /** A button at each group's card and section that opens its network. */
  const explorers = () => {
    for (const group of unisono.data.groups) {
      const figure = document.getElementById(`g-${group.id}`)?.querySelector("figure");
      const more = document.querySelector(`#c-${group.id || "none"} .more`);
      const go = () => {
        unisono.showGroup(group);
        document.getElementById("network").scrollIntoView();
        parts.canvas.focus({ preventScroll: true });
      };
      figure?.before(make("p", {}, button(go, "small", "Explore this network")));
      more?.append(" ", button(go, "small", "Network ", make("span", { class: "unshown" }, `of group ${group.rank}`)));
    }
  };

  const overview = () => {
    const { groups } = unisono.data;
    const many = groups.reduce((n, g) => n + g.members.length, 0) > MOST_NODES;
    shown = null;
    choose("");
    parts.path.replaceChildren(make("b", {}, "All groups"));
    parts.legend.replaceChildren(...(groups.length <= 24 ? groups.map(key) : []));
    parts.note.textContent = (many
      ? "Each circle is a group; a larger one has more accounts. Choose one to see its accounts."
      : "Each circle is an account, each cluster a group. Choose a link to read its posts, a circle to see its group.") + left(groups);
    unisono.draw(many ? unisono.groupNodes(groups) : unisono.allNodes(groups));
    search();
  };

  const choose = (id) => {
    unisono.chosen.group = id;
    parts.filters.querySelector("#of-group").value = id;
  };

  const key = (group, i) => {
    const dot = make("span", { class: "dot", "aria-hidden": "true" });
    dot.style.color = unisono.tone(i);
    return make("span", { class: "key" }, dot, ` ${title(group)}`);
  };

  /** How many of the links the choices above the drawing leave. */
  const left = (groups) => {
    if (!unisono.isFiltered()) return "";
    const edges = groups.flatMap((g) => g.edges);
    const n = edges.filter(unisono.isAsked).length;
    return n ? ` ${n.toLocaleString("en")} of ${count(edges.length, "link")} drawn fit the choice; accounts without one are small and pale.` : " No link fits the choice.";
  };

  /** Show one group alone. */
  unisono.showGroup = (group) => {
    shown = group;
    choose(group.id);
    parts.path.replaceChildren(button(overview, "small", "All groups"), " › ", make("b", {}, title(group)));
    parts.legend.replaceChildren(...legend(group));
    const out = [
      group.size > group.members.length ? `the ${count(group.members.length, "account")} with the most evidence of ${group.size.toLocaleString("en")}` : "",
      group.links > group.edges.length ? `${count(group.edges.length, "link")} of ${group.links.toLocaleString("en")}, the strongest of each account first; all are in csv/edges.csv` : "",
    ].filter(Boolean);
    parts.note.textContent = `Choose a link to read its posts, an account to see all its links.${out.length ? ` Drawn: ${out.join("; ")}.` : ""}${left([group])}`;
    unisono.draw(unisono.memberNodes(group));
    search();
  };

  /** Back to all groups. */
  unisono.leaveGroup = () => {
    if (shown) overview();
  };

  const legend = (group) =>
    group.legend.length < 2
      ? []
      : [`Coloured by ${group.by}: `, ...group.legend.slice(0, 8).map(([c, name]) => make("span", { class: "key" }, make("span", { class: `dot c${c}`, "aria-hidden": "true" }), " ", said(c < 7 || group.legend.length <= 8 ? name : "others")))];

  const list = () => {
    const asked = parts.find.value.trim().toLocaleLowerCase();
    if (shown) parts.lists.replaceChildren(members(shown, asked), links(shown, asked));
    else if (asked) parts.lists.replaceChildren(...unisono.data.groups.map((g) => members(g, asked)).filter((m) => m.hits));
    else parts.lists.replaceChildren(groups());
  };

  const fits = (account, asked) => !asked || account.some((text) => text.toLocaleLowerCase().includes(asked));

  const choices = (head, items, make1) => {
    const made = make("details", { class: "choose" }, make("summary", {}, head));
    const more = items.length > LISTED ? [make("li", { class: "fine" }, `And ${(items.length - LISTED).toLocaleString("en")} more: find them by name.`)] : [];
    made.append(make("ul", { class: "choices" }, ...items.slice(0, LISTED).map(make1), ...more));
    made.hits = items.length;
    made.open = items.length <= 12;
    return made;
  };

  const groups = () => {
    const made = choices(count(unisono.data.groups.length, "group"), unisono.data.groups, (g) =>
      make("li", {}, button(() => unisono.showGroup(g), "choice", `${title(g)}: ${count(g.size, "account")}, ${count(g.links, "link")}`)));
    made.open = unisono.data.groups.length <= 6;
    return made;
  };

  const members = (group, asked) => {
    const { accounts } = unisono.data;
    const asks = unisono.askedMembers(group);
    const found = group.members.map((m, i) => i).filter((i) => asks.has(i) && fits(accounts[group.members[i][0]], asked));
    return choices(`${title(group)}: ${count(found.length, "account")}`, found, (i) =>
      make("li", {}, button(() => unisono.openMember(group, i), "choice", said(accounts[group.members[i][0]][0]))));
  };

  const links = (group, asked) => {
    const { accounts } = unisono.data;
    const ends = (e) => [e[0], e[1]].map((m) => accounts[group.members[m][0]]);
    const found = group.edges.map((e, i) => i).filter((i) => unisono.isAsked(group.edges[i]) && ends(group.edges[i]).some((a) => fits(a, asked)));
    return choices("Links and their posts", found, (i) => {
      const [a, b] = ends(group.edges[i]);
      return make("li", {}, button(() => unisono.openEdge(group, i), "choice", said(a[0]), " and ", said(b[0]), `: ${group.edges[i][3]}`));
    });
  };
}
