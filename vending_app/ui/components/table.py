"""Tables: a model of frozen rows, a view without noise; Ctrl+C copies what is selected as TSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.fonts import Face, font
from vending_app.ui.icons import draw_icon
from vending_app.ui.paint import Ink, with_its_end
from vending_app.ui.theme import Look

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 36
HEADER_HEIGHT = 32
SIDE, MARK = 12, 24
"""Left and right of the words of a cell, and what its mark takes."""
_EDGES = frozenset({Qt.Key.Key_Home, Qt.Key.Key_End})


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its caption, how a row says it, its width (0 takes the rest) and its side."""

    caption: str
    say: Callable[[Row], str]
    width: int = 0
    right: bool = False
    strong: bool = False
    muted: bool = False
    mark: Callable[[Row], tuple[str, str]] | None = None
    """The icon and tone of what is not as usual in this row; two empty texts for nothing unusual."""


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Frozen rows behind columns."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Other rows. A list is copied, because it may change; what else makes its rows as they are looked at stays."""
        self.beginResetModel()
        self.rows = tuple(rows) if isinstance(rows, list) else rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.say(self.rows[index.row()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        if role == Qt.ItemDataRole.FontRole:
            return font(Face.STRONG if column.strong else Face.BODY, column.say(self.rows[index.row()]))
        if role == Qt.ItemDataRole.ToolTipRole and not column.width:
            return column.say(self.rows[index.row()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.FontRole:
            return font(Face.CAPTION_STRONG)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].caption
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        return None

    def tsv(self, rows: Sequence[int]) -> str:
        """These rows as tab-separated text with a header, for a spreadsheet."""
        lines = ["\t".join(column.caption for column in self.columns)]
        lines += ["\t".join(column.say(self.rows[at]) for column in self.columns) for at in rows]
        return "\n".join(lines) + "\n"


class _RowPainter(QStyledItemDelegate):
    """1-px rules, soft accent selection with a 3-px edge, no focus frame around a cell."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = self.look.tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, QColor(t.accent_soft))
            if index.column() == 0:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(t.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(t.row_hover))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(t.line))
        self._paint_words(painter, rect, index)

    def _paint_words(self, painter: QPainter, rect: QRect, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RowsModel)
        column = model.columns[index.column()]
        t = self.look.tokens
        icon, tone = column.mark(model.rows[index.row()]) if column.mark else ("", "")
        colour = getattr(t, tone) if tone else t.muted if column.muted else t.text
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.setPen(QColor(colour))
        room = rect.adjusted(SIDE, 0, -SIDE, 0)
        width = room.width() - (MARK if icon else 0)
        whole = str(index.data())
        text = with_its_end(painter.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, width), whole)
        if icon:
            used = painter.fontMetrics().horizontalAdvance(text)
            left = room.right() - used - 22 if column.right else room.left()
            draw_icon(painter, QRectF(left, rect.center().y() - 8, 16, 16), icon, colour)
            room = room.adjusted(MARK, 0, 0, 0)
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), text)


class Table(QTableView):
    """Signals: opened(object) — the row on which Enter or a double click was made."""

    opened = Signal(object)

    def __init__(
        self, look: Look, model: RowsModel[Any], *, name: str, headed: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.rows_model = model
        self.empty = ("magnifying-glass", "Nothing here", "")
        self.shows_focus = False
        """Whether the row of the cursor gets the focus ring: on pages where something else has the focus first."""
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(_RowPainter(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_headers(model)
        self.horizontalHeader().setVisible(headed)
        self.doubleClicked.connect(self._on_double_clicked)

    def _set_headers(self, model: RowsModel[Any]) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setFixedHeight(HEADER_HEIGHT)
        header.setFont(font(Face.CAPTION_STRONG))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for at, column in enumerate(model.columns):
            if column.width:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(at, column.width)
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)

    @property
    def chosen(self) -> Any:
        """The selected row, or None."""
        at = self.currentIndex().row()
        return self.rows_model.rows[at] if 0 <= at < len(self.rows_model.rows) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            at = self.currentIndex().row()
            rows = [at] if at >= 0 else range(len(self.rows_model.rows))
            QGuiApplication.clipboard().setText(self.rows_model.tsv(list(rows)))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.chosen is not None:
            self.opened.emit(self.chosen)
        elif event.key() in _EDGES and event.modifiers() == Qt.KeyboardModifier.NoModifier and self.rows_model.rows:
            # Rows are chosen whole: there is no first or last cell of one to go to.
            self.selectRow(0 if event.key() == Qt.Key.Key_Home else len(self.rows_model.rows) - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows_model.rows:
            if self.shows_focus and self.hasFocus():
                self._paint_ring()
        elif self.empty[1]:
            icon, title, step = self.empty
            with Ink(self.viewport(), self.look) as ink:
                draw_empty(ink, QRectF(self.viewport().rect()), icon=icon, title=title, step=step)

    def _paint_ring(self) -> None:
        row = self.visualRect(self.currentIndex())
        with Ink(self.viewport(), self.look) as ink:
            ring = QRectF(0, row.top(), self.viewport().width(), row.height())
            ink.box(ring, line=ink.t.accent, width=2, radius=6)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows_model.rows[index.row()])


def place_table(table: Table, area: QRectF) -> None:
    """Put a table at the top of the area, as high as whole rows fill it: no row is cut at its lower edge."""
    head = HEADER_HEIGHT if table.horizontalHeader().isVisibleTo(table) else 0
    rows = max(int(area.height() - head) // ROW_HEIGHT, 1)
    table.setGeometry(QRectF(area.left(), area.top(), area.width(), head + rows * ROW_HEIGHT).toRect())
