"""The chat page and its plain HTML twins: templates, words in three languages, and the scripts in `static/`."""

from chat_api.page.rendering import STATIC_FOLDER, Pages, static_address

__all__ = ["STATIC_FOLDER", "Pages", "static_address"]
