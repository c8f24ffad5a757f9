"""All addresses: staff pages at the root; every other door under a prefix of its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("milkrun.api.urls")),
    path("", include("milkrun.web.urls")),
]

handler400 = "milkrun.web.pages.bad_request"
handler403 = "milkrun.web.pages.forbidden"
handler404 = "milkrun.web.pages.not_found"
handler500 = "milkrun.web.pages.failed"
