"""What a person can do something about: one message, and never a traceback.

KilnpathError
├── CaseError            model.messages.faults: a case that cannot be used, with every fault
├── QuantityError        model.changes.quantity: a quantity, or a change, that nobody can mean
├── RecountError         model.pathway.recount: a pathway that plain arithmetic does not confirm
├── SolverError          optimizer.solver.guard: HiGHS gives no answer that can be trusted
│   └── UnboundedError   optimizer.solver.highs: the objective has no limit
├── ImpossibleError      optimizer.infeasible.diagnose: no pathway keeps every bound and target
├── NotLinearError       optimizer.programme.compile: a row of somebody's own that is not linear
├── NoPathwayError       optimizer.planning.changed_programme: a changed programme has no pathway
├── ResultError          kilnpath.files.result_folder: a result that cannot be read or written
├── ExtraError           kilnpath.extras: a package that is not installed
├── FileError            kilnpath.files.read: a file that cannot be read
├── CsvError             kilnpath.files.csv_rows: a file that is no CSV, or more than a table can be
├── WorkbookError        kilnpath.files.xlsx_guard: a workbook that cannot be read
├── ManifestError        kilnpath.result.manifest: a manifest that says no result
├── StoreError           kilnpath.sweep.store: outcomes of a sweep that cannot be kept
├── WorkerError          kilnpath.sweep.workers: processes that end before their work
└── LanguageError        kilnpath.language.languages: a language that kilnpath does not speak
"""

from model.messages.message import Message, Text


class KilnpathError(Exception):
    """The base of all; a command that meets one ends with its message and exit code 1.

    ``str`` gives the message in English, ``in_words`` in another language. Commands that can
    answer without a pathway catch ``ImpossibleError``, and end with 2.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

    def in_words(self, text: Text) -> str:
        """The message where ``text`` gives another language's words for an English template."""
        return self.message.in_words(text)
