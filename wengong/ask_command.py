"""`wengong ask`."""

import json
import secrets
import time

from chat_api.settings import ServerSettings
from chat_api.wire import ask_response
from retriever.answer import Answer
from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, talk
from wengong.first_index import ensure_index


def run_ask(question: str, handbook: str | None, limit: int, *, as_json: bool) -> None:
    """Print the answer to one question; as JSON it is the body that `POST /v1/ask` gives."""
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    retriever = Retriever.open_current(settings.index_folder, open_encoder(settings.encoder))
    started = time.perf_counter()
    answer = retriever.answer(question, handbook_id=handbook, limit=limit)
    took_ms = (time.perf_counter() - started) * 1000
    contact = read_settings(ServerSettings).contact
    if as_json:
        response = ask_response(answer, "a_" + secrets.token_hex(8), contact, took_ms)
        data().print(json.dumps(response.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        _print_for_people(answer, contact)


def _print_for_people(answer: Answer, contact: str) -> None:
    if answer.status == "abstained":
        talk().print("手册里没有找到能回答这个问题的内容。" + contact, markup=False)
    elif answer.status == "clarify":
        talk().print("不能确定您问的是哪一问，下面的原文可能相关。")
    for citation in answer.citations:
        data().print(f"{citation.label}  {citation.question}")
        where = [f"《{citation.handbook_title}》{citation.edition}", citation.part]
        where += [f"第{citation.page}页" if citation.page else None, "这一版已失效" if citation.is_outdated else None]
        data().print(" · ".join(place for place in where if place))
        data().print(f"\n{citation.excerpt}\n")
        for erratum in citation.errata:
            data().print(f"（原书印作“{erratum.printed}”，疑为“{erratum.corrected}”）\n")
    if answer.suggestions:
        talk().print("您是不是想问：" if answer.status == "clarify" else "相近的问题：")
        for suggestion in answer.suggestions:
            talk().print(f"  {suggestion.label} {suggestion.question}", markup=False)
