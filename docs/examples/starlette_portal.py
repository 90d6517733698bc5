"""uvicorn starlette_portal:app"""

from fihris.web import create_app
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route


async def home(request):
    address = request.url_for("archive", path="/")
    return HTMLResponse(f'<h1>City portal</h1><a href="{address}">The archive</a>')


app = Starlette(
    routes=[Route("/", home), Mount("/archive", create_app("fihris-index"), name="archive")]
)
