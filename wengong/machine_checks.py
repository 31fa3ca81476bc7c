"""What `wengong doctor` looks at beside handbooks and index: settings, machine, Redis, and the address."""

import asyncio
import http.client
import json
import resource
import shutil
import time
from typing import Final

from chat_api.limits.buckets import Rate
from chat_api.limits.redis_buckets import RedisBuckets
from chat_api.limits.settings import LimitSettings
from chat_api.server import OTHER_FILES, can_listen
from chat_api.settings import ServerSettings
from chat_api.wechat.services import check_settings
from chat_api.wechat.settings import WeChatSettings
from console.settings import ConsoleSettings
from corpus.errors import SettingsInvalid
from corpus.limit_errors import MachineUnfit
from retriever.settings import RetrieverSettings, read_settings

# Room for the next index beside the served one, and for what people say until somebody looks.
LEAST_FREE_BYTES: Final = 500_000_000
INDEXES_OF_ROOM: Final = 2
# This release is from 2026: a clock before that is wrong, and lets no certificate and no login be valid.
EARLIEST_S: Final = 1_767_225_600
ANSWER_TIMEOUT_S: Final = 2.0


def check_all_settings() -> str:
    """Read every setting, and look for those that do not go together."""
    server = read_settings(ServerSettings)
    for kind in (RetrieverSettings, LimitSettings, ConsoleSettings):
        read_settings(kind)
    check_settings(server.auth, read_settings(WeChatSettings))
    if server.auth == "api_key" and not server.api_keys:
        raise SettingsInvalid("WENGONG_AUTH=api_key 需要至少一个密钥，写在 WENGONG_API_KEYS 里（JSON 数组）。")
    return {"none": "不限谁提问", "api_key": "凭密钥提问", "wechat": "小程序登录后提问"}.get(server.auth, "微信云托管")


def check_machine(settings: RetrieverSettings) -> str:
    """Look at room on the disk, the clock, and how many files may be open."""
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    index_bytes = sum(path.stat().st_size for path in settings.index_folder.glob("v*/**/*") if path.is_file())
    if free < max(LEAST_FREE_BYTES, INDEXES_OF_ROOM * index_bytes):
        raise MachineUnfit(f"磁盘只剩 {free // 1_000_000} MB，建新索引、记反馈可能失败：请清理磁盘。")
    if time.time() < EARLIEST_S:
        raise MachineUnfit("系统时间比程序还早，登录和统计都会出错：请校准时间（timedatectl）。")
    wanted, allowed = read_settings(LimitSettings).max_connections + OTHER_FILES, _file_limit()
    if allowed < wanted:
        raise MachineUnfit(
            f"系统只许打开 {allowed} 个文件，WENGONG_MAX_CONNECTIONS 需要 {wanted} 个：调大 LimitNOFILE，或调小它。"
        )
    return f"磁盘剩 {free // 1_000_000_000} GB，时间和文件数正常"


def check_rate_limits() -> str:
    """Try the Redis that counts requests, where there is one."""
    settings = read_settings(LimitSettings)
    url = settings.redis_url.get_secret_value()
    if settings.rate_limit == "off":
        return "没有开启"
    if not url:
        return "在本机各进程间共用"

    async def take() -> None:
        buckets = RedisBuckets(url)
        try:
            await buckets.take("doctor", Rate(6000))
        finally:
            await buckets.close()

    try:
        asyncio.run(take())
    except OSError as error:
        raise MachineUnfit("连不上 WENGONG_REDIS_URL 的 Redis，频率暂时按各机器自己算：请检查地址和口令。") from error
    return "记在 Redis 里"


def check_address() -> str:
    """See whether the service runs already, or its address is free."""
    settings = read_settings(ServerSettings)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    place = f"{settings.host}:{settings.port}"
    connection = http.client.HTTPConnection(host, settings.port, timeout=ANSWER_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        can_listen(settings)
        return f"{place} 空闲，可以启动"
    finally:
        connection.close()
    if "index_version" not in answer and "code" not in answer:
        can_listen(settings)
    return f"{place} 正在服务，索引 {answer.get('index_version', '还没有')}"


def _file_limit() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1_000_000 if hard == resource.RLIM_INFINITY else hard
