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
    parts.find.addEventListener("input", list);
    parts.lists = make("div", { class: "lists" });
    const find = make("p", {}, make("label", { for: "find" }, "Find an account: "), parts.find);
    section.append(parts.path, make("div", { class: "stage" }, parts.canvas, parts.zoom), parts.legend, parts.note, find, parts.lists);
    section.hidden = false;
    unisono.startNetwork(parts.canvas, parts.zoom);
    overview();
    explorers();
  };

  /** A button at each group's section that opens its network. */
  const explorers = () => {
    for (const group of unisono.data.groups) {
      const figure = document.getElementById(`g-${group.id}`)?.querySelector("figure");
      const go = () => {
        unisono.showGroup(group);
        document.getElementById("network").scrollIntoView();
        parts.canvas.focus({ preventScroll: true });
      };
      figure?.before(make("p", {}, button(go, "small", "Explore this network")));
    }
  };

  const overview = () => {
    const { groups } = unisono.data;
    const many = groups.reduce((n, g) => n + g.members.length, 0) > MOST_NODES;
    shown = null;
    parts.find.value = "";
    parts.path.replaceChildren(make("b", {}, "All groups"));
    parts.legend.textContent = "";
    parts.note.textContent = many
      ? "Each circle is a group; a larger one has more accounts. Choose one to see its accounts."
      : "Each circle is an account, each cluster a group. Choose a link to read its posts, a circle to see its group.";
    unisono.draw(many ? unisono.groupNodes(groups) : unisono.allNodes(groups));
    list();
  };

  /** Show one group alone. */
  unisono.showGroup = (group) => {
    shown = group;
    parts.find.value = "";
    parts.path.replaceChildren(button(overview, "small", "All groups"), " › ", make("b", {}, title(group)));
    parts.legend.replaceChildren(...legend(group));
    const left = [
      group.size > group.members.length ? `the ${count(group.members.length, "account")} with the most evidence of ${group.size.toLocaleString("en")}` : "",
      group.links > group.edges.length ? `${count(group.edges.length, "link")} of ${group.links.toLocaleString("en")}, the strongest of each account first; all are in csv/edges.csv` : "",
    ].filter(Boolean);
    parts.note.textContent = `Choose a link to read its posts, an account to see all its links.${left.length ? ` Drawn: ${left.join("; ")}.` : ""}`;
    unisono.draw(unisono.memberNodes(group));
    list();
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
    made.open = true;
    return made;
  };

  const members = (group, asked) => {
    const { accounts } = unisono.data;
    const found = group.members.map((m, i) => i).filter((i) => fits(accounts[group.members[i][0]], asked));
    return choices(`${title(group)}: ${count(found.length, "account")}`, found, (i) =>
      make("li", {}, button(() => unisono.openMember(group, i), "choice", said(accounts[group.members[i][0]][0]))));
  };

  const links = (group, asked) => {
    const { accounts } = unisono.data;
    const ends = (e) => [e[0], e[1]].map((m) => accounts[group.members[m][0]]);
    const found = group.edges.map((e, i) => i).filter((i) => ends(group.edges[i]).some((a) => fits(a, asked)));
    return choices("Links and their posts", found, (i) => {
      const [a, b] = ends(group.edges[i]);
      return make("li", {}, button(() => unisono.openEdge(group, i), "choice", said(a[0]), " and ", said(b[0]), `: ${group.edges[i][3]}`));
    });
  };
}
