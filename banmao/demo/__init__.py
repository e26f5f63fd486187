"""The demo catalogue: real works, make-believe sellers, covers drawn and tunes played by code. See README.md."""
