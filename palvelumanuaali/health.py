"""Is the system well? Asked by the demo, by containers and by those who watch over it."""

from health_check.checks import Cache, Database
from health_check.views import HealthCheckView

health = HealthCheckView.as_view(checks=[Database, Cache])
