"""Uploads in pieces: begun, appended to, taken by whoever wanted them. `banmao.tus` is their door over HTTP."""
