"""Works and the rights in them: titles listed, described in ten languages, found, and what their owners may sell."""
