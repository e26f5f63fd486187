"""What distribution's tests borrow from others."""

from tests.api.test_subscriptions import server

__all__ = ["server"]
