"""Every error this project raises on purpose, in one tree.

WengongError
  CorpusError
    UnreadableFile        a file that cannot be read as a document
    NotAHandbook          a readable document without numbered questions
    ManifestInvalid       a handbook folder whose manifest or data files are wrong
    CorpusChanged         a source file that is not the one its manifest names
    QuestionsMissing      fewer questions found than the manifest expects
    HandbookExists        an id that is already taken
    SheetInvalid          (sheet_errors.py) a sheet of questions and answers with wrong rows
  LookupFailed
    UnknownHandbook       no handbook of that id is being served
    UnknownSection        the handbook has no such question
  EncoderError
    EncoderMissing        the named model cannot be found or opened
    ModelsExtraMissing    the model needs sentence-transformers, which is not installed
  IndexProblem
    IndexMissing          nothing has been indexed yet
    IndexDamaged          a file of the index is missing or changed
    IndexTooNew           written by a later version of this program
    IndexTooOld           written by an earlier version of this program
    IndexEncoderMismatch  built with another encoder than the one loaded
    IndexProbeFailed      a freshly built index that does not find its own headings
  EvaluationError
    EvalsExtraMissing     measuring and fitting need packages that are not installed
    DatasetInvalid        a data set that is missing, or a row of it that is wrong
    GateInvalid           a gate that cannot be read, or of a figure that was not measured
    RunUnreadable         a folder without a stored run
    RunsDiffer            two runs without a common row
  InvalidQuestion         a question that cannot be asked (blank, too long, control characters)
  FormInvalid             (form_errors.py) a form that no page of this service made
  SettingsInvalid         an environment variable of the program that makes no sense
  ServingError
    StateUnavailable      the database cannot be opened, read or written
    AddressUnavailable    the address to listen on is taken or not this machine's
    McpExtraMissing       (tool_errors.py) the Model Context Protocol needs a package that is not installed

Who may ask what, and WeChat: `access_errors.py` goes on with the same tree.

Each class has a stable `code`; the message is Chinese, fit to be shown to the person who asked,
and says what to do next. Programming mistakes stay ValueError and TypeError.
"""


class WengongError(Exception):
    """Base of all expected errors.

    Attributes:
        code: Stable identifier for machines, in snake case.
        message: What happened and what to do next, in Chinese.
    """

    code = "wengong_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CorpusError(WengongError):
    """Something is wrong with a handbook's files."""

    code = "corpus_error"


class UnreadableFile(CorpusError):
    """The file cannot be read as a document: missing, too large, wrong encoding, broken, protected."""

    code = "unreadable_file"


class NotAHandbook(CorpusError):
    """The document was read, but holds no numbered questions."""

    code = "not_a_handbook"


class ManifestInvalid(CorpusError):
    """The manifest of a handbook folder, or a data file beside it, is missing or wrong."""

    code = "manifest_invalid"


class CorpusChanged(CorpusError):
    """The checksum of a source file is not the one in its manifest."""

    code = "corpus_changed"


class QuestionsMissing(CorpusError):
    """Fewer questions were found than the manifest expects."""

    code = "questions_missing"


class HandbookExists(CorpusError):
    """A handbook of that id exists already."""

    code = "handbook_exists"


class LookupFailed(WengongError):
    """Something was asked for by name and is not there."""

    code = "not_found"


class UnknownHandbook(LookupFailed):
    """No handbook of that id is being served."""

    code = "unknown_handbook"


class UnknownSection(LookupFailed):
    """The handbook has no such question or section."""

    code = "unknown_question"


class EncoderError(WengongError):
    """The encoder cannot be used."""

    code = "encoder_error"


class EncoderMissing(EncoderError):
    """The named model cannot be found or opened."""

    code = "encoder_missing"


class ModelsExtraMissing(EncoderError):
    """The named model needs the optional packages of the extra `models`."""

    code = "models_extra_missing"


class IndexProblem(WengongError):
    """The index cannot be served."""

    code = "index_problem"


class IndexMissing(IndexProblem):
    """There is no published index version."""

    code = "index_missing"


class IndexDamaged(IndexProblem):
    """A file of the index is missing, changed, or cannot be parsed."""

    code = "index_damaged"


class IndexTooNew(IndexProblem):
    """The index format is newer than this program."""

    code = "index_too_new"


class IndexTooOld(IndexProblem):
    """The index format is older than this program reads."""

    code = "index_too_old"


class IndexEncoderMismatch(IndexProblem):
    """The index was built with another encoder than the one loaded."""

    code = "index_encoder_mismatch"


class IndexProbeFailed(IndexProblem):
    """A freshly built index does not answer its own headings; it was not published."""

    code = "index_probe_failed"


class EvaluationError(WengongError):
    """Something cannot be measured."""

    code = "evaluation_error"


class EvalsExtraMissing(EvaluationError):
    """Measuring and fitting need the optional packages of the extra `evals`."""

    code = "evals_extra_missing"


class DatasetInvalid(EvaluationError):
    """A data set is missing, or a row of it is wrong."""

    code = "dataset_invalid"


class GateInvalid(EvaluationError):
    """A gate cannot be read, or names a figure that was not measured."""

    code = "gate_invalid"


class RunUnreadable(EvaluationError):
    """A folder does not hold a stored run."""

    code = "run_unreadable"


class RunsDiffer(EvaluationError):
    """Two runs have no row in common."""

    code = "runs_differ"


class InvalidQuestion(WengongError):
    """The question cannot be asked: `question_blank`, `question_too_long` or `question_has_control_characters`."""

    code = "invalid_question"

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class SettingsInvalid(WengongError):
    """An environment variable of the program has a value that cannot be used."""

    code = "settings_invalid"


class ServingError(WengongError):
    """The service cannot do its work on this machine."""

    code = "serving_error"


class StateUnavailable(ServingError):
    """The database that keeps feedback and sessions cannot be opened or written."""

    code = "state_unavailable"


class AddressUnavailable(ServingError):
    """The address to listen on is taken, or not this machine's."""

    code = "address_unavailable"
