"""The errors of who may ask what, and of WeChat; the other half of the tree of `errors.py`.

WengongError
  NotLoggedIn             no token or key, or one that is not valid (any more)
    WeChatCodeInvalid     the login code of a mini-program is used up or expired
  AccessRefused           the request is understood and not allowed
    WeChatUserBlocked     WeChat holds the user for a risk
    WeChatCallbackRefused a callback that WeChat did not sign, or signed long ago
  WeChatOff               a WeChat address that this service was not set up for
  QuestionRejected        a text that must not be searched for
  TooManyRequests         more requests than are allowed
    WeChatTooManyRequests more calls than WeChat allows a user
  WeChatExtraMissing      WeChat needs packages that are not installed
  ServingError
    WeChatUnavailable     WeChat's servers cannot be reached, or refuse the service itself
    ContentCheckUnavailable a question that must be checked first, and cannot be
"""

from corpus.errors import ServingError, WengongError


class NotLoggedIn(WengongError):
    """The request brings no token or key, or one that is unknown, ended or taken back."""

    code = "token_invalid"


class WeChatCodeInvalid(NotLoggedIn):
    """The login code of a mini-program is unknown, used up or expired."""

    code = "wechat_code_invalid"


class AccessRefused(WengongError):
    """The request is understood, and not allowed."""

    code = "access_refused"


class WeChatUserBlocked(AccessRefused):
    """WeChat says that the user is a risk."""

    code = "wechat_user_blocked"


class WeChatCallbackRefused(AccessRefused):
    """A callback to the official account that WeChat did not sign, or signed long ago."""

    code = "wechat_callback_refused"


class WeChatOff(WengongError):
    """The address belongs to a part of WeChat that this service was not set up for."""

    code = "wechat_off"


class QuestionRejected(WengongError):
    """The text holds what must not be searched for."""

    code = "question_rejected"


class TooManyRequests(WengongError):
    """More requests came than are allowed."""

    code = "rate_limited"


class WeChatTooManyRequests(TooManyRequests):
    """WeChat says that the user called too often."""

    code = "wechat_rate_limited"


class WeChatExtraMissing(WengongError):
    """WeChat needs the optional packages of the extra `wechat`."""

    code = "wechat_extra_missing"


class WeChatUnavailable(ServingError):
    """WeChat's servers cannot be reached, answer nonsense, or refuse the service itself."""

    code = "wechat_unavailable"


class ContentCheckUnavailable(ServingError):
    """A question must be checked before it is answered, and cannot be."""

    code = "content_check_unavailable"
