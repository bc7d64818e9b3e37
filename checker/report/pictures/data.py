"""A picture as JSON."""

from __future__ import annotations

from checker.report.pictures.picture import Panel, Picture, PicturedRegion
from checker.report.pictures.svg import said_of
from checker.report.shapes.pictures import LandmarkShape, PanelShape, PicturedShape, PictureShape


def json_picture(picture: Picture) -> PictureShape:
    """Put a picture into its shape."""
    return PictureShape(picture.title, [_panel(each) for each in picture.panels], list(picture.remarks))


def _panel(panel: Panel) -> PanelShape:
    landmarks = [LandmarkShape(f"{address:#x}", words) for address, words in panel.landmarks]
    return PanelShape(panel.title, panel.axis, [_region(each) for each in panel.regions], landmarks, list(panel.absent))


def _region(region: PicturedRegion) -> PicturedShape:
    return PicturedShape(
        region.key,
        f"{region.start:#x}",
        f"{region.end:#x}",
        region.kind.title,
        region.type_name,
        None if region.standing is None else region.standing.title,
        None if region.moved_from is None else f"{region.moved_from:#x}",
        said_of(region),
    )
