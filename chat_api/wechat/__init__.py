"""WeChat: who asks in a mini-program, whether a question may be asked, and the official account."""
