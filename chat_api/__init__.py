"""The door: questions come in over HTTP, cited answers go out, and a chat page to ask them on."""

from chat_api.app import create_app

__all__ = ["create_app"]
