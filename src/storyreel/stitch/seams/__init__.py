"""A finished reel looked at again where its pieces meet: what a viewer would stumble over."""

from storyreel.stitch.seams.measure import report_seams
from storyreel.stitch.seams.report import Limits, Seam, SeamReport

__all__ = ["Limits", "Seam", "SeamReport", "report_seams"]
