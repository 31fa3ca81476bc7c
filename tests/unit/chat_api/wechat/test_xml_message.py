import pytest

from chat_api.wechat.xml_message import MAX_XML_BYTES, parse_message, write_message
from corpus.access_errors import WeChatCallbackRefused

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xml><Content>&b;</Content></xml>"""
FILE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>'


def test_fields_are_read_with_and_without_cdata() -> None:
    content = "<xml><MsgType><![CDATA[text]]></MsgType><Content>加 &lt;入&gt; 工会</Content><MsgId>23</MsgId></xml>"
    assert parse_message(content.encode()) == {"MsgType": "text", "Content": "加 <入> 工会", "MsgId": "23"}


def test_an_empty_field_is_an_empty_text() -> None:
    assert parse_message(b"<xml><Recognition/><EventKey></EventKey></xml>") == {"Recognition": "", "EventKey": ""}


def test_nested_fields_stay_inside_the_outer_one() -> None:
    content = b"<xml><ScanCodeInfo><ScanType>q</ScanType></ScanCodeInfo><Event>x</Event></xml>"
    assert parse_message(content) == {"ScanCodeInfo": "q", "Event": "x"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<xml>",
        b"<xml><Content>a</xml>",
        b"<xml/><xml/>",
        b"{}",
        b"\xff\xfe",
        b"<xml><Content>\x00</Content></xml>",
        b"<xml><Content>\xe5\xb7</Content></xml>",
        b"<xml><Content>&unknown;</Content></xml>",
        b"<!DOCTYPE xml><xml/>",
        b"<!DOCTYPE xml SYSTEM 'http://127.0.0.1:1/x.dtd'><xml/>",
        BOMB,
        FILE,
        BOMB.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"),
        b"<xml>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</xml>",
        b"<xml><Content>" + b"a" * MAX_XML_BYTES + b"</Content></xml>",
        b'<?xml version="1.0" encoding="no-such"?><xml/>',
    ],
    ids=[
        "empty",
        "open",
        "crossed",
        "two",
        "json",
        "noise",
        "nul",
        "cut-character",
        "entity",
        "doctype",
        "external-doctype",
        "bomb",
        "file",
        "bomb-utf-16",
        "deep",
        "large",
        "encoding",
    ],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(WeChatCallbackRefused):
        parse_message(content)


@pytest.mark.parametrize(
    "text", ["", "加入工会", "a]]>b", "]]>", "]]]]>>", "<![CDATA[x]]>", "<a>&amp;</a>", "👷\u200d♀️\n\t"]
)
def test_what_is_written_is_read_back(text: str) -> None:
    assert parse_message(write_message({"Content": text}).encode()) == {"Content": text}


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert parse_message(write_message({"Content": "a\x00\x0b\x1fb"}).encode()) == {"Content": "ab"}
