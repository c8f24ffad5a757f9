"""The addresses of the staff pages, area by area."""

from django.urls import include, path

urlpatterns = [
    path("", include("milkrun.web.signin.urls")),
    path("", include("milkrun.web.today.urls")),
    path("", include("milkrun.web.health.urls")),
    path("calls", include("milkrun.web.calls.urls")),
    path("jobs", include("milkrun.web.jobs.urls")),
    path("packing", include("milkrun.web.packing.urls")),
    path("cross-dock", include("milkrun.web.crossdock.urls")),
    path("trace", include("milkrun.web.trace.urls")),
    path("picking", include("milkrun.web.picking.urls")),
    path("deliveries", include("milkrun.web.deliveries.urls")),
    path("stock/units", include("milkrun.web.units.urls")),
    path("labels", include("milkrun.web.printing.urls")),
    path("stock", include("milkrun.web.stock.urls")),
    path("receiving", include("milkrun.web.receiving.urls")),
    path("counting", include("milkrun.web.counting.urls")),
    path("keeping", include("milkrun.web.keeping.urls")),
    path("messages", include("milkrun.web.messages.urls")),
    path("billing", include("milkrun.web.billing.urls")),
    path("masterdata", include("milkrun.web.masterdata.urls")),
    path("floor", include("milkrun.web.floor.urls")),
    path("", include("milkrun.web.notifications.urls")),
    path("", include("milkrun.web.moving.urls")),
    path("alerts", include("milkrun.web.alerts.urls")),
    path("setup", include("milkrun.web.setup.urls")),
    path("analysis", include("milkrun.web.analysis.urls")),
    path("stockouts", include("milkrun.web.stockouts.urls")),
    path("connections", include("milkrun.web.connections.urls")),
    path("help", include("milkrun.web.help.urls")),
]
