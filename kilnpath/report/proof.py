"""How the result was computed and verified, from its manifest."""

from markupsafe import Markup

from kilnpath.report.numbers import count
from kilnpath.report.views import Section
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result


def proof(result: Result, labels: Labels) -> Section:
    """What was solved, with which versions, and what confirmed it."""
    text, manifest = labels.text, result.manifest
    size = manifest["programme"]
    words = [
        text(
            "The least CCUS is the optimum of a linear programme: where the solver ends, no "
            "pathway needs less inside the same bounds. Every emission, bound and target of the "
            "pathway shown was then recounted by plain arithmetic from the tables of the case, and "
            "agreed."
        ),
        text(
            "The certificate beside the tables lets anyone prove in exact fractions, with nothing "
            "but Python, that no pathway inside these bounds needs less: kilnpath verify."
        ),
    ]
    code = Markup("<code>{}</code>")
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    about: dict[str, str | Markup] = {
        text("Case"): f"{labels.case()} ({manifest['case']})",
        text("SHA-256 of the case"): code.format(manifest["case_sha256"]),
        text("Scenario"): manifest["scenario"] or text("none"),
        text("Changes"): ", ".join(manifest["changes"]) or text("none"),
        text("Objective"): labels.of("objective", manifest["objective"]),
        text("Then"): labels.of("then", manifest["then"]),
        text("Size of the programme"): Markup("{} × {}").format(
            count(size["rows"]), count(size["columns"])
        ),
        text("Versions"): versions,
    }
    return Section("proof", text("How it was computed and verified"), words, facts=about)
