"""What can be wrong with a form that a browser sends; a branch of the tree in `corpus/errors.py`."""

from corpus.errors import WengongError


class FormInvalid(WengongError):
    """The fields of a form are not those of any page of this service."""

    code = "form_invalid"
