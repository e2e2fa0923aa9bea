"""YAML as settings need it: lists, names and values. What else the language can do is refused, since files are received
from others: no anchors and aliases, no merge keys, no tags, no dates, nothing deep and nothing large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from unisono.study.errors import UserError

MOST_BYTES, DEEPEST, LONGEST_NUMBER = 1 << 20, 20, 40
_TOO_DEEP = f"it nests more than {DEEPEST} deep"
_KINDS = ("null", "bool", "int", "float", "str", "seq", "map")


class _Loader(yaml.SafeLoader):
    """Values are null, true and false, numbers and texts; a date is a text."""

    _depth = 0

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        """An opening bracket; the library looks ahead past any number of them."""
        if self.flow_level == DEEPEST:
            raise yaml.MarkedYAMLError(problem=_TOO_DEEP, problem_mark=self.get_mark())
        super().fetch_flow_collection_start(token)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused(event, "anchors and aliases (& and *) are not read; write the value out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refused(event, "tags (!) are not read; write the value plainly")
        if self._depth == DEEPEST:
            raise _refused(event, _TOO_DEEP)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
        if node is not None and number and len(node.value) > LONGEST_NUMBER:
            raise _refused(node, "a number of so many digits is none that a setting can have")
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key, "a name is a list or holds names itself")
            if key.value in seen:
                raise _refused(key, f"{key.value[:60]!r} stands there twice")
            seen.add(key.value)
        return {k.value: self.construct_object(v, deep) for k, v in node.value}


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag.rpartition(":")[2] in _KINDS]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refused(at: Any, why: str) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=why, problem_mark=at.start_mark)


def load(path: Path) -> Any:
    """What a file says. Raises UserError, with the line, for all that is not plain."""
    remedy = "mend it, or start without it"
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UserError(f"{path} is not there", "give the path of a study.yaml") from None
    except OSError as e:
        raise UserError(f"{path} cannot be read ({e.strerror})", "give the path of a study.yaml") from None
    if len(data) > MOST_BYTES:
        raise UserError(f"{path} is larger than 1 MB, which no list of settings is", "give the path of a study.yaml")
    try:
        return yaml.load(data.decode(), _Loader)
    except UnicodeDecodeError as e:
        raise UserError(
            f"{path} is no YAML: byte {e.start + 1} is no UTF-8", f"save it as UTF-8, or {remedy}"
        ) from None
    except yaml.MarkedYAMLError as e:
        line = f"line {e.problem_mark.line + 1}: " if e.problem_mark else ""
        raise UserError(f"{path} is no YAML that can be read: {line}{_short(e.problem or '')}", remedy) from None
    except (yaml.YAMLError, ValueError, OverflowError) as e:
        raise UserError(f"{path} is no YAML that can be read: {_short(str(e))}", remedy) from None


def _short(said: str) -> str:
    return " ".join(said.split())[:300]
