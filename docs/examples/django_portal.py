"""uvicorn django_portal:application

In a project of your own the settings and addresses are where they are; only the last lines go into
its asgi.py. Django itself does not mount applications, so Starlette stands in front of it.
"""

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import path
from fihris.web import create_app
from starlette.applications import Starlette
from starlette.routing import Mount

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="your own")  # noqa: S106


def home(request):
    return HttpResponse('<h1>City portal</h1><a href="archive/">The archive</a>')


urlpatterns = [path("", home)]

portal = get_asgi_application()
application = Starlette(routes=[Mount("/archive", create_app("fihris-index")), Mount("/", portal)])
