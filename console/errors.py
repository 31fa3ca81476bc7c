"""The errors of the console; a branch of the tree of `corpus/errors.py`.

WengongError
  ConsoleProblem
    StaffInvalid       a name that is taken, unknown or cannot be used
    LoginNeeded        nobody is logged in
    LoginFailed        name and token do not belong together
    LoginLocked        too many failed logins
    FormRefused        a form that this console did not give to this person
    RoleRefused        a step that another role must take
    WordingInvalid     a wording that cannot be taken, or is there already
    DecisionRefused    a proposal that this person may not decide, or that was decided
    JobRunning         a second piece of work while one is going on
    VersionGone        an index version that is no longer kept
    UploadInvalid      a file or text that cannot be taken
"""

from corpus.errors import WengongError


class ConsoleProblem(WengongError):
    """Something that staff asked for cannot be done."""

    code = "console_problem"


class StaffInvalid(ConsoleProblem):
    """The name of a member of staff is taken, unknown, or cannot be used."""

    code = "staff_invalid"


class LoginNeeded(ConsoleProblem):
    """The page is for staff, and nobody is logged in."""

    code = "login_needed"


class LoginFailed(ConsoleProblem):
    """Name and token do not belong together, or the token was disabled."""

    code = "login_failed"


class LoginLocked(ConsoleProblem):
    """The name or the address failed too often of late."""

    code = "login_locked"


class FormRefused(ConsoleProblem):
    """The form does not bring back what the console gave to this person."""

    code = "form_refused"


class RoleRefused(ConsoleProblem):
    """The step is for another role."""

    code = "role_refused"


class WordingInvalid(ConsoleProblem):
    """The wording is empty, too long, or there already."""

    code = "wording_invalid"


class DecisionRefused(ConsoleProblem):
    """The proposal is one's own, was decided already, or is not there."""

    code = "decision_refused"


class JobRunning(ConsoleProblem):
    """Another piece of work must end first."""

    code = "job_running"


class VersionGone(ConsoleProblem):
    """The index version is not kept any more."""

    code = "version_gone"


class UploadInvalid(ConsoleProblem):
    """The file or text cannot be taken."""

    code = "upload_invalid"
