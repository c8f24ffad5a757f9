"""Addresses of signing in and out."""

from django.urls import path

from milkrun.web.signin import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("look-around", views.look_around, name="look_around"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("site", views.choose_site, name="choose_site"),
    path("language", views.choose_language, name="choose_language"),
]
