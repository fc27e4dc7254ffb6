"""A neutral request to the body that one endpoint takes. Pure; what is sold where is data (`plan.forms`)."""
