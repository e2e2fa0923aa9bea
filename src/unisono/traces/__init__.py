"""Events to traces: which account touched which object, and when."""

from unisono.traces.kind import TraceKind
from unisono.traces.registry import chosen_kinds, meaning, trace_kinds
from unisono.traces.stage import traces_of, write_traces

__all__ = ["TraceKind", "chosen_kinds", "meaning", "trace_kinds", "traces_of", "write_traces"]
