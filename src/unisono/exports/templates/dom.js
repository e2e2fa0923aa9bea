"use strict";
// Elements are made here and nowhere else. Text of others enters as text nodes only: there is no innerHTML in the page.
const unisono = {};
{
  const ATTRIBUTES = new Set(["class", "id", "lang", "dir", "title", "role", "tabindex", "type", "for", "open", "scope"]);

  /** An element with attributes (those of ATTRIBUTES, and aria-*) and children: elements, or text. */
  unisono.make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (!ATTRIBUTES.has(name) && !name.startsWith("aria-")) throw new Error(`attribute ${name}`);
      if (value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
    return made;
  };

  /** A button that does `act`; what is in it is its name. */
  unisono.button = (act, kind, ...children) => {
    const made = unisono.make("button", { type: "button", class: kind }, ...children);
    made.addEventListener("click", act);
    return made;
  };

  /** Somebody's text in its own direction. `parts`: text, or a list with hidden characters at its odd places. */
  unisono.said = (parts, lang = "") => {
    const inside = typeof parts === "string" ? [parts] : parts.map((part, i) => (i % 2 ? unseen(part) : part));
    return unisono.make("bdi", { dir: "auto", lang: lang || null }, ...inside);
  };

  const unseen = (name) => unisono.make("span", { class: "unseen" }, name);

  /** How many hidden characters a text has. */
  unisono.hidden = (parts) => (typeof parts === "string" ? 0 : (parts.length - 1) / 2);

  /** `1 link`, `1,234 links`. */
  unisono.count = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

  /** The value of a colour of the style sheet, as it is in this light. */
  unisono.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  /** A colour between two others in #rrggbb or #rgb; share 0 is the first. */
  unisono.mixed = (from, to, share) => {
    const [a, b] = [channels(from), channels(to)];
    return "#" + a.map((v, i) => Math.round(v + (b[i] - v) * share).toString(16).padStart(2, "0")).join("");
  };

  const channels = (colour) => {
    const hex = colour.length === 4 ? [...colour.slice(1)].map((c) => c + c) : colour.slice(1).match(/../g);
    return hex.map((c) => parseInt(c, 16));
  };

  /** What the page holds as JSON under an id; null where it is not there. */
  unisono.read = (id) => {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  };
}
