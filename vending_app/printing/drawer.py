"""The cash drawer at the printer: a pulse on the line that most drawers hang on (Epson ESC/POS, `ESC p`)."""

from __future__ import annotations

import socket
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError

PULSE = bytes.fromhex("1B700019FA")
"""ESC p 0 25 250: pin 2, 50 ms on, 500 ms off."""
NETWORK = "tcp:"
CONNECT_S = 3
"""A printer on the desk's own network answers at once or is off."""


class DeviceDrawer:
    """`ports.Drawer` behind a device file (`/dev/usb/lp0`) or a printer's port (`tcp:192.0.2.7:9100`)."""

    def __init__(self, device: str) -> None:
        self._device = device

    @property
    def is_there(self) -> bool:
        return bool(self._device)

    def require(self) -> None:
        """Raises OperatorError drawer-missing."""
        if not self.is_there:
            raise OperatorError(Code.DRAWER_MISSING)

    def kick(self) -> None:
        """Open it. Raises OperatorError drawer-missing, EnvironmentFault printer-failed."""
        self.require()
        try:
            if self._device.startswith(NETWORK):
                self._send()
            else:
                # Unbuffered, and not made if it is missing: a file in place of a printer opens no drawer.
                with Path(self._device).open("r+b", buffering=0) as device:
                    device.write(PULSE)
        except (OSError, ValueError) as cause:
            raise EnvironmentFault(Code.PRINTER_FAILED, printer=self._device, reason=str(cause)) from cause

    def _send(self) -> None:
        host, _, port = self._device.removeprefix(NETWORK).rpartition(":")
        with socket.create_connection((host, int(port)), timeout=CONNECT_S) as line:
            line.sendall(PULSE)
