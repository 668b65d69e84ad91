"""A MIFARE DESFire card in software: EV1, EV2 or EV3, with AES keys."""
