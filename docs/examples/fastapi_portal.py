"""uvicorn fastapi_portal:app"""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fihris.web import create_app

app = FastAPI(title="City portal")


@app.get("/", response_class=HTMLResponse)
async def home() -> str:
    return '<h1>City portal</h1><a href="archive/">The archive</a>'


app.mount("/archive", create_app("fihris-index"))
