"""All routes of the interfaces, for the one application of the lookup."""

from fastapi import APIRouter

from serving.interfaces.match import match_router
from serving.interfaces.reconcile import reconcile_router
from serving.lookup.current import CurrentPublication
from serving.lookup.settings import LookupSettings


def router(current: CurrentPublication, settings: LookupSettings) -> APIRouter:
    """Gives the routes of reconciliation and of matching by example."""
    routes = APIRouter()
    routes.include_router(reconcile_router(current, settings))
    routes.include_router(match_router(current))
    return routes
