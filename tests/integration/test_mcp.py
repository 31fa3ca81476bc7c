"""`wengong mcp`, asked by the protocol's own client over the standard streams of a real process, and over HTTP."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from corpus.tool_errors import McpExtraMissing
from tests.integration.conftest import apart
from wengong.mcp_command import run_mcp

HANDBOOK = "industrial-workers-50"
TOOLS = {"search_handbook", "get_question", "list_questions", "list_handbooks"}


def over_streams(data_folder: Path, talk: Callable[[Client], Awaitable[Any]]) -> Any:
    """What is said with a fresh `wengong mcp`."""
    environment = {"PATH": os.defpath, "WENGONG_DATA": str(data_folder)}
    process = StdioServerParameters(command=sys.executable, args=["-m", "wengong", "mcp"], env=environment)

    async def run() -> Any:
        async with Client(stdio_client(process)) as client:
            return await talk(client)

    return apart(asyncio.run, run())


def test_the_tools_only_read_and_describe_what_they_give(data_folder: Path) -> None:
    async def talk(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in over_streams(data_folder, talk)}
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.description
        assert tool.output_schema is not None
    assert "excerpt" in json.dumps(tools["search_handbook"].output_schema)


def test_what_is_found_is_the_handbook_word_for_word(data_folder: Path) -> None:
    async def talk(client: Client) -> Any:
        found = await client.call_tool("search_handbook", {"question": "农民工怎么提升学历"})
        whole = await client.call_tool("get_question", {"handbook_id": HANDBOOK, "section_id": "q38"})
        contents = await client.call_tool("list_questions", {"handbook_id": HANDBOOK})
        handbooks = await client.call_tool("list_handbooks", {})
        nothing = await client.call_tool("search_handbook", {"question": "今天天气怎么样"})
        return [one.structured_content for one in (found, whole, contents, handbooks, nothing)]

    found, whole, contents, handbooks, nothing = over_streams(data_folder, talk)
    first = found["citations"][0]
    assert (found["status"], first["question_number"], first["label"]) == ("answered", 38, "第38问")
    assert whole["text"][first["start"] - whole["start"] : first["end"] - whole["start"]] == first["excerpt"]
    assert len([line for line in contents["questions"] if line["question_number"]]) == 50
    assert [handbook["id"] for handbook in handbooks["handbooks"]] == [HANDBOOK]
    assert (nothing["status"], nothing["citations"]) == ("abstained", [])
    assert "12351" in nothing["contact"]


def test_what_cannot_be_found_is_an_error_that_says_why(data_folder: Path) -> None:
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("search_handbook", {"question": "工会", "handbook_id": "no-such"}, "没有编号为“no-such”的手册"),
        ("get_question", {"handbook_id": HANDBOOK, "section_id": "q51"}, "没有这一问"),
        ("search_handbook", {"question": "\u200b"}, "问题是空的"),
        ("search_handbook", {"question": "问" * 501}, "500"),
    ]

    async def talk(client: Client) -> Any:
        return [await client.call_tool(tool, arguments) for tool, arguments, _ in refused]

    for result, (_, _, reason) in zip(over_streams(data_folder, talk), refused, strict=True):
        assert result.is_error
        assert reason in result.content[0].text
        assert "Traceback" not in result.content[0].text


def test_the_same_is_served_on_a_port_of_this_machine(data_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"PATH": os.defpath, "WENGONG_DATA": str(data_folder)}
    command = [sys.executable, "-m", "wengong", "mcp", "--port", str(port)]

    async def ask() -> Any:
        async with Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp")) as client:
            return (await client.call_tool("search_handbook", {"question": "第38问"})).structured_content

    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(400):
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            assert apart(asyncio.run, ask())["citations"][0]["question_number"] == 38
            with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
                elsewhere.connect((other_address(), port))
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_without_the_package_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "wengong.mcp_server", raising=False)
    with pytest.raises(McpExtraMissing, match="pip install"):
        run_mcp(None)


def other_address() -> str:
    """Another address of this machine than the one that is served."""
    return "127.0.0.2"
