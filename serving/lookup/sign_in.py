"""Signing in with the token of the service: a form, and a cookie that no script and no other site can use."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from serving.lookup.asking import Lang
from serving.lookup.guard import COOKIE, is_token
from serving.lookup.rendering import Pages, address
from serving.lookup.settings import LookupSettings


def router(settings: LookupSettings, pages: Pages) -> APIRouter:
    """Gives the routes for signing in and out; nothing is kept of who did."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    def form(request: Request, lang: Lang = None) -> Response:
        return pages.page(request, "sign_in.html.j2", None, lang=lang, is_wrong=False)

    @routes.post("/sign-in")
    def sign_in(request: Request, token: Annotated[str, Form(max_length=1000)], lang: Lang = None) -> Response:
        if settings.token is None or not is_token(settings.token, token):
            return pages.page(request, "sign_in.html.j2", None, lang=lang, status=401, is_wrong=True)
        answer = RedirectResponse(address("/", [("lang", lang)] if lang else []), 303)
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
        )
        return answer

    return routes
