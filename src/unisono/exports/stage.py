"""The stage: every export of a study at once."""

from __future__ import annotations

from unisono.exports.gexf import write_gexf
from unisono.exports.graphml import write_graphml
from unisono.exports.network import Network
from unisono.exports.report.page import write_report
from unisono.exports.sheets import write_sheets
from unisono.study import Progress, Settings, StageOutput, Study


def write_exports(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Write report.html, network.gexf, network.graphml and csv/*.csv of a study whose groups are made.

    Needs events, accounts, traces, edges, evidence, groups, members, moments, reactions and profiles.
    Raises UserError where one is missing or settings.known cannot be used.
    """
    write_report(study, settings, out, progress)
    network = Network(study)
    with out.file("network.gexf") as path:
        write_gexf(network, path, progress)
    with out.file("network.graphml") as path:
        write_graphml(network, path, progress)
    react = study.manifest.stages.get("react")
    fdr = react.facts.get("fdr", settings.fdr) if react else settings.fdr
    write_sheets(study, out, safe=settings.spreadsheet, fdr=fdr)
