"""What headings of the wall say beside the name of their group."""

from __future__ import annotations

from marrowscope.domain.review import Origin
from marrowscope.gui.gallery.arranging import Group
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.orders import IMPACT
from marrowscope.gui.review.words import WAITING, share_of_decisive

PICKED = "in no percentage"
PICKED_TIP = (
    "What stands first by its looks or by doubt is picked out: calls made in this"
    " order are in no percentage, unless every cell of the case is called. Calls along"
    " the smear are, and those of a formal count."
)


def heading_text(group: Group, desk: GalleryDesk) -> str:
    """Such as "1,204, 300 called" or "28, all called · stage not given"."""
    called = "all" if group.called == group.count else f"{group.called:,}"
    counted = f"{group.count:,}"
    if group.called:
        counted = f"{counted}, {called} called"
    return "  ·  ".join(filter(None, (counted, impact_text(group, desk), group.note)))


def impact_text(group: Group, desk: GalleryDesk) -> str:
    """How many of a group may change the result; "" in any other order."""
    if desk.awaits_impact:
        return WAITING
    wish = desk.wall.wish
    if wish is None or wish.order is not IMPACT or wish.impact is None:
        return ""
    said = share_of_decisive(group.decisive, wish.impact)
    return f"{said}, being renewed" if desk.renews_impact else said


def heading_tip(group: Group, desk: GalleryDesk) -> str:
    """All that a heading says, and why its calls are in no percentage."""
    said = f"{group.name}: {heading_text(group, desk)}."
    return f"{said}\n{PICKED_TIP}" if aside_text(desk) else said


def aside_text(desk: GalleryDesk) -> str:
    """That the order picks cells out; "" where it does not, or a count is drawn."""
    picked = desk.origin is not Origin.MET and desk.session.formal.count is None
    return PICKED if picked else ""
