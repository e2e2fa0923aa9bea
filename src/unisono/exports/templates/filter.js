// What the network shows: all of it, or the links of one group, one test, one kind of trace; and who is looked for.
{
  const { make } = unisono;
  const chosen = { group: "", test: "", kind: "" };
  unisono.chosen = chosen;

  /** Whether a link is among those asked for. */
  unisono.isAsked = (edge) => (!chosen.kind || edge[7].includes(chosen.kind)) && (!chosen.test || edge[8].includes(chosen.test));

  /** Whether links are left out at all. */
  unisono.isFiltered = () => Boolean(chosen.kind || chosen.test);

  /** The groups that are asked for. */
  unisono.askedGroups = () => unisono.data.groups.filter((g) => !chosen.group || g.id === chosen.group);

  /** The members of a group that have a link among those asked for. */
  unisono.askedMembers = (group) => {
    if (!unisono.isFiltered()) return new Set(group.members.keys());
    return new Set(group.edges.filter(unisono.isAsked).flatMap((e) => [e[0], e[1]]));
  };

  const values = (place) => [...new Set(unisono.data.groups.flatMap((g) => g.edges.flatMap((e) => e[place])))].sort();

  const select = (id, name, whole, options, change) => {
    const made = make("select", { id }, make("option", {}, whole));
    made.options[0].value = "";
    for (const [value, text] of options) {
      const option = make("option", {}, text);
      option.value = value;
      made.append(option);
    }
    made.addEventListener("change", () => change(made.value));
    return make("span", { class: "choice-of" }, make("label", { for: id }, `${name}: `), made);
  };

  /** The row of choices above the drawing. `change` is called after each. */
  unisono.filters = (change) => {
    const set = (what) => (value) => {
      chosen[what] = value;
      change(what);
    };
    const plain = (texts) => texts.map((t) => [t, t.replaceAll("_", " ")]);
    return make(
      "div",
      { class: "filters" },
      select("of-group", "Group", "all", unisono.data.groups.map((g) => [g.id, `${unisono.groupTitle(g)}: ${unisono.count(g.size, "account")}`]), set("group")),
      select("of-kind", "Kind of trace", "all", plain(values(7)), set("kind")),
      select("of-test", "Called by", "any test", plain(values(8)), set("test")),
    );
  };
}
