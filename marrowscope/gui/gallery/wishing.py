"""How the wall is wished: grouped, in which order, which cells, with answers or not."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from marrowscope.domain.decision_impact import ReviewOrder
from marrowscope.domain.review import Origin
from marrowscope.gui.gallery.arranging import NOTHING, Grouping, Show, Wish
from marrowscope.gui.gallery.orders import IMPACT, ORDERS, PLACE, Order
from marrowscope.gui.review.impact import DecisionImpact
from marrowscope.gui.session import CaseSession


class GalleryWishing(QObject):
    """The half of `GalleryDesk` that readers wish by. `wall` is the one there is.

    `wished`: another wall is wanted.
    """

    wished = Signal()

    def __init__(self, session: CaseSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.grouping, self.show = Grouping.CLASS, Show.ALL
        self.liked: Order = ORDERS[0]
        self.impact: DecisionImpact | None = None
        self.wall = NOTHING

    @property
    def blind(self) -> bool:
        """Nothing may tell what the model says of cells nobody has called."""
        return self.session.reading.blind

    @property
    def order(self) -> Order:
        """The one that was chosen, unless it may not be shown now."""
        if self.liked in self.orders:
            return self.liked
        return PLACE

    @property
    def orders(self) -> tuple[Order, ...]:
        """Those that may be chosen now."""
        reads, blind = self.session.reading.active, self.blind
        return tuple(
            one
            for one in ORDERS
            if (reads or not one.of_list)
            and not (blind and one.tells)
            and (one is not IMPACT or self.impact is not None)
        )

    @property
    def origin(self) -> Origin:
        """Why a cell is looked at that is selected on the wall as it stands."""
        wish = self.wall.wish
        return Origin.MET if wish is None else wish.order.origin

    @property
    def awaits_impact(self) -> bool:
        """True until the order by decision impact that was chosen is there."""
        impact = self._impact_in_use
        return impact is not None and impact.order is None

    @property
    def renews_impact(self) -> bool:
        """True while a newer order by decision impact is on its way."""
        impact = self._impact_in_use
        return impact is not None and impact.waiting

    @property
    def _impact_in_use(self) -> DecisionImpact | None:
        return self.impact if self.order is IMPACT else None

    def wish(
        self,
        *,
        grouping: Grouping | None = None,
        order: Order | None = None,
        show: Show | None = None,
    ) -> None:
        """Arrange the wall otherwise from now on."""
        self.grouping = grouping or self.grouping
        self.liked, self.show = order or self.liked, show or self.show
        self.wished.emit()

    def wish_at_hand(self) -> Wish:
        """What is wished, as far as it can be had now."""
        reading = self.session.reading
        if self.show is Show.READ and not reading.active:
            self.show = Show.ALL
        order, impact = self._order_at_hand()
        return Wish(self.grouping, order, self.show, self.blind, reading.cells, impact)

    def _order_at_hand(self) -> tuple[Order, ReviewOrder | None]:
        """The order wished; until decision impact is known, the one there was."""
        order, before = self.order, self.wall.wish
        if self.impact is not None:
            self.impact.want(self, order is IMPACT)
        if order is not IMPACT or self.impact is None:
            return order, None
        if self.impact.order is not None:
            return order, self.impact.order
        if before is None or before.order.of_list:
            return PLACE, None
        return before.order, before.impact
