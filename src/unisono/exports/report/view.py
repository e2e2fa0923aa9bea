"""One group as its section shows it: drawings, tables, and the posts behind its links."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from unisono.exports.drawings.network import Node, draw_network
from unisono.exports.drawings.svg import Svg
from unisono.exports.drawings.timeline import Axis, draw_timeline
from unisono.exports.report.groups import STILL, Group, Member
from unisono.exports.report.leaders import Leaders
from unisono.exports.report.likenesses import Likeness
from unisono.exports.report.moments import LANES, Moments
from unisono.exports.report.objects import TopObject
from unisono.exports.report.pairs import Coaction, Lines, Pair
from unisono.exports.report.posts import Post
from unisono.words.numbers import count

COLOURS = 8
MEMBERS = 100
"""Members in a group's table."""


@dataclass(frozen=True)
class Names:
    """What is known of the accounts and posts that sections mention."""

    labels: dict[str, str]
    posts: dict[str, Post]


@dataclass(frozen=True)
class Section:
    """All that the template of a group needs."""

    group: Group
    members: list[Member]
    platforms: list[str]
    objects: list[TopObject]
    pairs: list[Pair]
    strongest: list[tuple[Pair, Coaction]]
    first: Leaders
    like: Likeness
    names: Names
    network: Svg
    n_nodes: int
    n_lines: int
    legend_of: str
    legend: list[tuple[int, str]]
    timeline: Svg
    step_us: int
    n_lanes: int

    def post(self, event_id: str) -> Post | None:
        """The post, where the study holds it."""
        return self.names.posts.get(event_id)


def section(
    group: Group, moments: Moments, lines: Lines, objects: list[TopObject], first: Leaders, like: Likeness, names: Names
) -> Section:
    """Put a group's section together."""
    colours, legend, legend_of = colours_of(group.members)
    network, n_lines = _network(group, lines, colours)
    return Section(
        group=group, members=group.members[:MEMBERS], platforms=sorted({m.platform for m in group.members}),
        objects=objects, pairs=lines.pairs, strongest=lines.strongest, first=first, like=like, names=names,
        network=network, n_nodes=len(group.members[:STILL]), n_lines=n_lines, legend_of=legend_of, legend=legend,
        timeline=_timeline(group, moments), step_us=moments.width_us, n_lanes=min(LANES, len(group.members)),
    )  # fmt: skip


def colours_of(members: list[Member]) -> tuple[list[int], list[tuple[int, str]], str]:
    """The colour of each member, what colours mean, and of what: the platform, where there are several, or the kind."""
    by = "platform" if len({m.platform for m in members}) > 1 else "kind"
    values: list[str] = [getattr(m, by) for m in members]
    legend = _legend(values)
    colours = {name: i for i, name in legend}
    return [colours[v] for v in values], legend, by


def _legend(values: list[str]) -> list[tuple[int, str]]:
    """Colours by how common a value is; those beyond the palette share its last colour."""
    order = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    return [(min(i, COLOURS - 1), value) for i, (value, _) in enumerate(order)]


def _network(group: Group, lines: Lines, colours: list[int]) -> tuple[Svg, int]:
    members = group.members[:STILL]
    place = {m.account_id: i for i, m in enumerate(members)}
    nodes = [Node(m.label, m.share, c, bool(m.known)) for m, c in zip(members, colours, strict=False)]
    ends = [(place[a], place[b], n) for a, b, n in lines.lines if a in place and b in place]
    title = f"Network of group {group.rank}: {count(len(nodes), 'account')}, {count(len(ends), 'link')}"
    return draw_network(nodes, ends, title), len(ends)


def _timeline(group: Group, moments: Moments) -> Svg:
    axis = Axis(moments.t0_us, moments.width_us, moments.width, moments.n_steps)
    lanes = [(m.label, moments.lanes.get(i, {})) for i, m in enumerate(group.members[:LANES])]
    return draw_timeline(axis, moments.total, lanes, f"Timeline of group {group.rank}, UTC")
