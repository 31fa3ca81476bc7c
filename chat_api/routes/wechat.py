"""Login and logout of a mini-program, and forgetting a person."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from chat_api.dependencies import AskerDep, ServicesDep
from chat_api.schema import LoginRequest, LoginResponse
from chat_api.wechat.login import SESSION_LIFETIME_S
from corpus.access_errors import WeChatOff

router = APIRouter(prefix="/v1", tags=["wechat"])


@router.post("/wechat/login", operation_id="wechat_login", summary="小程序登录")
async def login(request: LoginRequest, services: ServicesDep) -> LoginResponse:
    """Exchange the code of `wx.login` for a token; nothing of what WeChat knows of the person is given out."""
    if services.wechat is None or services.wechat.login is None:
        raise WeChatOff("本服务没有开通微信小程序登录。")
    openid = await services.wechat.login.openid_of(request.code)
    token = await run_in_threadpool(services.database.sessions.open, openid, SESSION_LIFETIME_S)
    return LoginResponse(token=token, expires_in=SESSION_LIFETIME_S)


@router.post("/wechat/logout", operation_id="wechat_logout", summary="退出登录", status_code=204)
def logout(asker: AskerDep, services: ServicesDep) -> None:
    """Take the token of the request back."""
    if asker.token:
        services.database.sessions.close_token(asker.token)


@router.delete("/me", operation_id="erase_me", summary="删除我的数据", status_code=204)
def erase_me(asker: AskerDep, services: ServicesDep) -> None:
    """Delete everything that is kept under the person who asks: every session, on every phone."""
    if asker.openid:
        services.database.sessions.erase(asker.openid)
