"""MIFARE DESFire EV1, EV2 and EV3 from the office's side: keys, secure messaging, commands."""
